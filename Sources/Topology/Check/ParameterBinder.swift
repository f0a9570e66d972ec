import Text

/// `with` against the parameters of a kind: types, ranges, defaults.
struct ParameterBinder {
  let scope: Scope
  let noun: String
  let owner: String
  let ownerPlace: Place

  /// Those that have a value, in the order of the signature.
  func bind(_ entry: Node.Entry?, to parameters: [KindSignature.Parameter]) -> [Argument] {
    if let entry, !isMap(entry) { return [] }
    let given = entries(entry)
    let presumed = reportUnknown(given, parameters)
    return parameters.compactMap { parameter in
      guard let entry = given.first(where: { $0.key == parameter.name }) else {
        return presumed.contains(parameter.name) ? nil : absent(parameter, at: entry?.keyPlace ?? ownerPlace)
      }
      let subject = "parameter '\(parameter.name)' of \(noun)"
      let reader = ParameterReader(findings: scope.findings, directory: scope.directory, subject: subject)
      guard let value = reader.read(entry.value, parameter.type) else { return nil }
      return Argument(
        name: parameter.name, value: value, place: entry.value.place, elementPlaces: entry.value.elements.map(\.place))
    }
  }

  /// `with` of a script: as written, but for `memory`, which is a size.
  func free(_ entry: Node.Entry?) -> [Argument] {
    entries(entry).compactMap { entry in
      let value = entry.key == "memory" ? memory(entry) : luaLiteral(entry)
      return value.map { Argument(name: entry.key, value: $0, place: entry.value.place) }
    }
  }

  /// Lua itself takes about 40 KiB.
  private static let leastScriptMemory = 64 << 10

  private func memory(_ entry: Node.Entry) -> Literal? {
    let subject = "'memory' of \(owner)"
    return scope.findings.size(entry.value, in: Self.leastScriptMemory...Int.max, subject).map { .int(Int64($0)) }
  }

  private func luaLiteral(_ entry: Node.Entry) -> Literal? {
    scope.findings.signedLiteral(entry.value, "'\(entry.key)' of \(owner)", in: "Lua")
  }

  /// `false` and reported: something else than a map or nothing.
  private func isMap(_ entry: Node.Entry) -> Bool {
    if case .mapping = entry.value.content { return true }
    if entry.value.isNull { return true }
    scope.findings.wrong(
      entry.value, "'with' of \(owner)", mustBe: "a map of parameters", help: "write '{NAME: value}'")
    return false
  }

  private func entries(_ entry: Node.Entry?) -> [Node.Entry] {
    guard let entry, isMap(entry), case .mapping(let entries) = entry.value.content else { return [] }
    return entries
  }

  /// Those that unknown ones were most likely meant as.
  private func reportUnknown(_ entries: [Node.Entry], _ parameters: [KindSignature.Parameter]) -> Set<String> {
    let names = parameters.map(\.name)
    var presumed: Set<String> = []
    for entry in entries where !names.contains(entry.key) {
      if let lack = MissingSign(in: entry.key, isKey: names.contains), let place = lack.place(in: entry) {
        scope.findings.error(at: place, lack.message, help: lack.help)
        presumed.insert(lack.key)
        continue
      }
      presumed.formUnion(nearest(to: entry.key, among: names).map { [$0] } ?? (isKey(entry) ? [] : names))
      let otherwise =
        names.isEmpty ? "it has none" : "its parameters are \(Wording.enumeration(names))"
      let misplaced =
        isKey(entry) ? "'\(entry.key)' is a key of the process: it stands beside 'with', not in it" : nil
      scope.findings.error(
        at: entry.keyPlace, "\(noun) has no parameter '\(entry.key)'",
        help: misplaced ?? Wording.suggestion(for: entry.key, among: names, otherwise: otherwise))
    }
    return presumed
  }

  private func isKey(_ entry: Node.Entry) -> Bool { ProcessKey(rawValue: entry.key) != nil }

  private func absent(_ parameter: KindSignature.Parameter, at place: Place) -> Argument? {
    if let value = parameter.defaultValue {
      let checked = ParameterReader.canonical(value, parameter.type, directory: scope.directory)
      return Argument(name: parameter.name, value: checked, place: place)
    }
    if parameter.isRequired {
      scope.findings.error(
        at: place, "\(owner) lacks the parameter '\(parameter.name)' of \(noun): \(parameter.summary)",
        help: "write 'with: {\(parameter.name): …}'")
    }
    return nil
  }
}

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
    case (.signal, .string(let text)): SignalName.number(of: text).map { .int(Int64($0)) } ?? value
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
