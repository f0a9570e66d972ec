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
