import Text

/// One parameter's value, in the form that `KindSignature.ParameterType` promises to a worker.
struct ParameterReader {
  let findings: Findings
  let directory: String
  /// `parameter 'stop' of kind 'range'`
  let subject: String

  /// `nil` and reported: not of `type`.
  func read(_ node: Node, _ type: KindSignature.ParameterType) -> Literal? {
    switch type {
    case .bool: findings.boolean(node, subject).map { .bool($0) }
    case .int(let range): integer(node, range)
    case .float(let range): float(node, range)
    case .number: number(node)
    case .string: text(node)
    case .word(let words): findings.word(node, among: words, subject).map { .string($0) }
    case .duration: findings.duration(node, subject).map { .float($0.inSeconds) }
    case .countOrDuration: countOrDuration(node)
    case .size: findings.size(node, in: 0...Int.max, subject).map { .int(Int64($0)) }
    case .signal: findings.signal(node, subject).map { .int(Int64($0)) }
    case .inputPaths: paths(node)
    case .outputPath: findings.string(node, subject).map { .string(Self.path($0, in: directory, .output)) }
    case .list: list(node)
    case .any: findings.literal(node)
    }
  }

  /// A default, which a signature may give as one would write it.
  static func canonical(_ value: Literal, _ type: KindSignature.ParameterType, directory: String) -> Literal {
    switch (type, value) {
    case (.duration, .string(let text)): (try? Duration.parse(text)).map { .float($0.inSeconds) } ?? value
    case (.duration, .int(let seconds)), (.float, .int(let seconds)): .float(Double(seconds))
    case (.size, .string(let text)): (try? ByteCount.parse(text)).map { .int(Int64($0)) } ?? value
    case (.signal, .string(let text)): SignalNumber.parse(text).map { .int(Int64($0)) } ?? value
    case (.inputPaths, .string(let text)): .string(path(text, in: directory, .input))
    case (.outputPath, .string(let text)): .string(path(text, in: directory, .output))
    default: value
    }
  }

  /// A standard stream of `mporch up`, which workers don't have as their own.
  private enum Stream: Int { case input, output }

  private static func path(_ path: String, in directory: String, _ stream: Stream) -> String {
    let number = stream.rawValue
    let names = ["-", "/dev/fd/\(number)", "/proc/self/fd/\(number)", stream == .input ? "/dev/stdin" : "/dev/stdout"]
    return names.contains(path) ? "-" : PathText.absolute(path, in: directory)
  }

  private func integer(_ node: Node, _ range: ClosedRange<Int64>) -> Literal? {
    guard let value = node.scalar?.integer ?? node.scalar?.integralFloat else {
      findings.wrong(node, subject, mustBe: "a whole number")
      return nil
    }
    if case .int(let number) = value, range.contains(number) { return value }
    let isTooLarge = if case .int(let number) = value { number > range.upperBound } else { true }
    let bound = isTooLarge ? "at most \(range.upperBound)" : "at least \(range.lowerBound)"
    findings.wrong(node, subject, mustBe: bound)
    return nil
  }

  private func countOrDuration(_ node: Node) -> Literal? {
    if case .int(let count)? = node.scalar?.integer, count >= 0 { return .int(count) }
    guard let text = node.scalar?.text, let duration = try? Duration.parse(text) else {
      findings.wrong(node, subject, mustBe: "a whole number, or a duration", help: "write it like 1000, 250ms or 10s")
      return nil
    }
    return .float(duration.inSeconds)
  }

  private func float(_ node: Node, _ range: ClosedRange<Double>) -> Literal? {
    let value: Double
    switch node.scalar?.number {
    case .int(let number)?: value = Double(number)
    case .unsigned(let number)?: value = Double(number)
    case .float(let number)? where number.isFinite: value = number
    default:
      findings.wrong(node, subject, mustBe: "a finite number")
      return nil
    }
    if range.contains(value) { return .float(value) }
    findings.wrong(
      node, subject,
      mustBe: value > range.upperBound ? "at most \(range.upperBound)" : "at least \(range.lowerBound)")
    return nil
  }

  private func number(_ node: Node) -> Literal? {
    if let number = node.scalar?.number { return number }
    findings.wrong(node, subject, mustBe: "a number")
    return nil
  }

  /// Unlike a name or path, a text may be empty, in quotes.
  private func text(_ node: Node) -> Literal? {
    if let scalar = node.scalar, scalar.isQuoted, scalar.text.isEmpty { return .string("") }
    return findings.string(node, subject).map { .string($0) }
  }

  private func paths(_ node: Node) -> Literal? {
    if case .sequence(let elements) = node.content, elements.isEmpty {
      findings.wrong(node, subject, mustBe: "at least one path")
      return nil
    }
    guard let paths = findings.strings(node, subject)?.map({ Self.path($0, in: directory, .input) }) else { return nil }
    if case .sequence = node.content { return .list(paths.map { .string($0) }) }
    return paths.first.map { .string($0) }
  }

  private func list(_ node: Node) -> Literal? {
    guard case .sequence = node.content else {
      findings.wrong(node, subject, mustBe: "a list")
      return nil
    }
    return findings.literal(node)
  }
}
