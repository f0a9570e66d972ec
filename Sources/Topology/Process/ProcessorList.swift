/// `cpus`: a list of processors, or text like `0-3,6`.
struct ProcessorList {
  let findings: Findings
  /// Of the machine.
  let count: Int

  /// Each once, in order; `nil` and reported: not right.
  func read(_ node: Node, _ subject: String) -> [Int]? {
    let known = findings.diagnostics.count
    let processors: [Int]
    if case .sequence(let elements) = node.content {
      processors = elements.flatMap { ranges($0, subject) }
    } else {
      processors = ranges(node, subject)
    }
    guard findings.diagnostics.count == known else { return nil }
    guard !processors.isEmpty else {
      findings.wrong(node, subject, mustBe: "at least one processor", help: "write [0, 1] or \"0-3\"")
      return nil
    }
    return Set(processors).sorted()
  }

  private func ranges(_ node: Node, _ subject: String) -> [Int] {
    guard let scalar = node.scalar, !scalar.isNull, !scalar.isInvalid else {
      findings.wrong(node, subject, mustBe: "processors", help: "write [0, 1] or \"0-3\"")
      return []
    }
    return scalar.text.split(separator: ",", omittingEmptySubsequences: false).flatMap { range($0, node, subject) }
  }

  /// `3`, `0-3`
  private func range(_ text: Substring, _ node: Node, _ subject: String) -> [Int] {
    let bounds = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map {
      $0.allSatisfy(\.isASCIIDigit) ? Int($0) : nil
    }
    guard let first = bounds[0], let last = bounds[bounds.count - 1], first <= last else {
      findings.wrong(node, subject, mustBe: "processors", help: "write [0, 1] or \"0-3\"")
      return []
    }
    guard last < count else {
      findings.error(
        at: node.place, "\(subject): there is no processor \(max(first, count))",
        help: count == 1 ? "this machine has processor 0 alone" : "this machine has processors 0 to \(count - 1)")
      return []
    }
    return Array(first...last)
  }
}
