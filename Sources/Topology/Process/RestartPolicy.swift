internal import Limits

extension ProcessDeclaration.RestartPolicy {
  /// As a file writes it.
  package var text: String {
    switch self {
    case .never: "no"
    case .onFailure(limit: nil): "on-failure"
    case .onFailure(limit: let limit?): "on-failure:\(limit)"
    case .always: "always"
    }
  }
}

extension ProcessReading {
  /// `restart`.
  func restartPolicy() -> ProcessDeclaration.RestartPolicy? {
    guard let node = fields[.restart]?.value else { return nil }
    let subject = fields.subject(.restart)
    guard let text = node.scalar?.text, text.hasPrefix("on-failure:") else { return plainPolicy(node, subject) }
    guard let limit = Int(text.dropFirst("on-failure:".count)), Limit.count.contains(limit) else {
      findings.wrong(node, subject, mustBe: "on-failure:N with a number of restarts, at least 1")
      return nil
    }
    return .onFailure(limit: limit)
  }

  private func plainPolicy(_ node: Node, _ subject: String) -> ProcessDeclaration.RestartPolicy? {
    switch node.scalar?.text {
    case "no": return .never
    case "on-failure": return .onFailure(limit: nil)
    case "always": return .always
    default:
      let near = node.scalar.flatMap {
        ProcessDeclaration.RestartPolicy.foreign[$0.text]?.help
          ?? Wording.suggestion(
            for: $0.text, among: ["no", "on-failure", "always"],
            otherwise: Int($0.text).map { "write 'on-failure:\($0)' for \($0) restarts" })
      }
      findings.wrong(node, subject, mustBe: "no, on-failure, on-failure:N or always", help: near)
      return nil
    }
  }
}
