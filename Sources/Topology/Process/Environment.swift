enum EnvironmentFileKey: String, KeyTable {
  case path, required

  var entry: KeyEntry {
    switch self {
    case .path: KeyEntry(.text, required: true, "The file.")
    case .required: KeyEntry(.boolean, default: "true", "It is an error if there is no such file.")
    }
  }
}

/// Variables in the order in which they are first named.
struct Variables {
  private(set) var all: [ProcessDeclaration.EnvironmentVariable] = []

  init(_ all: [ProcessDeclaration.EnvironmentVariable] = []) { self.all = all }

  /// `nil`: it has none, whatever was said of it before.
  mutating func set(_ name: String, _ value: String?) {
    guard let value else { return all.removeAll { $0.name == name } }
    if let index = all.firstIndex(where: { $0.name == name }) {
      all[index].value = value
    } else {
      all.append(.init(name: name, value: value))
    }
  }
}

/// `env_file` and `environment`, at the top of the file for every process or at one of them.
struct EnvironmentDecoder<Key: KeyTable> {
  let files: SettingsFiles
  let settings: ProcessDecoder.Settings
  let fields: Fields<Key>

  private var findings: Findings { fields.findings }

  /// Over what `variables` has: those of the files, then those that stand here. `fileKey`: `nil` reads no file.
  func read(files fileKey: Key?, _ key: Key, into variables: inout Variables) {
    if let fileKey { readFiles(fileKey, into: &variables) }
    if let entry = fields[key] { read(entry.value, fields.subject(key), into: &variables) }
  }

  // MARK: Variables

  private func read(_ node: Node, _ subject: String, into variables: inout Variables) {
    switch node.content {
    case .mapping(let entries):
      for entry in entries where isVariable(entry.key, at: entry.keyPlace, subject) {
        guard let scalar = entry.value.scalar else {
          findings.wrong(
            entry.value, "variable '\(entry.key)'", mustBe: "text", help: "write a list or map in quotes, as its text")
          continue
        }
        guard isUncut(scalar.text, of: entry.key, at: entry.value.place) else { continue }
        findings.warnOfPlainVariables(in: entry.value, subject)
        // Without a value: as it is in the environment of `mporch up`, as in Compose.
        variables.set(entry.key, entry.value.isNull ? settings.request.environment[entry.key] : scalar.text)
      }
    case .sequence(let elements):
      for element in elements { readAssignment(element, subject, into: &variables) }
    case .scalar:
      if !node.isNull {
        findings.wrong(
          node, subject, mustBe: "a map, or a list of NAME=value", help: node.scalar.map { "write [\"\($0.text)\"]" })
      }
    }
  }

  private func readAssignment(_ node: Node, _ subject: String, into variables: inout Variables) {
    if case .mapping(let entries) = node.content, let first = entries.first {
      return findings.error(
        at: node.place, "an element of \(subject) must be NAME=value, not a map",
        help: "write '- \(first.key)=\(first.value.scalar?.text ?? "…")', or a map without '-'")
    }
    guard let text = findings.string(node, "an element of \(subject)") else { return }
    // By bytes: a mark behind the sign is of the value.
    let parts = text.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false).map {
      String(Substring($0))
    }
    guard isVariable(parts[0], at: node.place, subject), isUncut(text, of: parts[0], at: node.place) else { return }
    findings.warnOfPlainVariables(in: node, subject)
    variables.set(parts[0], parts.count > 1 ? parts[1] : settings.request.environment[parts[0]])
  }

  private func isUncut(_ value: String, of name: String, at place: Place) -> Bool {
    findings.isUncut(value, at: place, "variable '\(name)'")
  }

  private func isVariable(_ name: String, at place: Place, _ subject: String) -> Bool {
    let isVariable =
      !name.isEmpty && !name.unicodeScalars.contains { $0 == "=" || $0 == "\0" || $0.properties.isWhitespace }
    if !isVariable {
      findings.error(at: place, "\(subject): '\(name)' can't name a variable", help: "write NAME: value, or NAME=value")
    }
    return isVariable
  }

  // MARK: Files

  private func readFiles(_ key: Key, into variables: inout Variables) {
    for (node, path, isRequired) in paths(key) {
      let found = files.variables(
        PathText.absolute(path, in: settings.directory), at: node.place, isRequired: isRequired, fields.subject(key),
        help: findings.helpOfPath(node), environment: settings.environment)
      for variable in found where isUncut(variable.value, of: variable.name, at: variable.place) {
        variables.set(variable.name, variable.value)
      }
    }
  }

  private func paths(_ key: Key) -> [(node: Node, path: String, isRequired: Bool)] {
    guard let node = fields[key]?.value else { return [] }
    let subject = fields.subject(key)
    guard case .sequence(let elements) = node.content else { return path(node, subject).map { [$0] } ?? [] }
    return elements.compactMap { path($0, subject) }
  }

  private func path(_ node: Node, _ subject: String) -> (node: Node, path: String, isRequired: Bool)? {
    guard case .mapping = node.content else {
      return findings.systemString(node, subject).map { (node, $0, true) }
    }
    let fields = Fields<EnvironmentFileKey>(node, owner: subject, ownerPlace: node.place, findings: findings)
    guard let fields, let path = fields.string(.path), let pathNode = fields[.path]?.value else { return nil }
    return (pathNode, path, fields.boolean(.required))
  }
}

extension ProcessReading {
  /// `env_file` and `environment`. Files of a process that is not enabled need not be there.
  func environment() -> [ProcessDeclaration.EnvironmentVariable] {
    var variables = Variables(decoder.settings.variables)
    EnvironmentDecoder(files: decoder.files, settings: decoder.settings, fields: fields)
      .read(files: draft.isEnabled ? .environmentFile : nil, .environment, into: &variables)
    return variables.all
  }
}

extension [ProcessDeclaration.EnvironmentVariable] {
  /// In canonical long form, over what every process has by the top of the file: a shared variable that is not here is
  /// named without a value, as it is in the environment of `mporch up`. `nil`: there are none.
  func tree(over shared: Self) -> YAMLTree? {
    let names = Set(map(\.name))
    let entries =
      map { ($0.name, YAMLTree.text($0.value)) }
      + shared.filter { !names.contains($0.name) }.map { ($0.name, YAMLTree.scalar("null")) }
    return entries.isEmpty ? nil : .map(entries)
  }
}
