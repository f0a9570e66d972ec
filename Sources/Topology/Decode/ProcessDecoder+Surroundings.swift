// Environment variables and the folder.

extension ProcessDecoder {
  /// Files and folders of a process that is not enabled need not be there.
  func decodeSurroundings(_ fields: Fields<ProcessKey>, isEnabled: Bool, into process: inout ProcessDeclaration) {
    var variables = Variables()
    for (path, place, isRequired) in environmentFiles(fields) where isEnabled {
      let found = files.variables(
        PathText.absolute(path, in: settings.directory), at: place, isRequired: isRequired,
        fields.subject(.environmentFile), environment: settings.environment)
      for variable in found where isUncut(variable.value, of: variable.name, at: variable.place) {
        variables.set(variable.name, variable.value)
      }
    }
    if let entry = fields[.environment] { readEnvironment(entry.value, fields.subject(.environment), into: &variables) }
    process.environment = variables.all
    process.workingDirectory = workingDirectory(fields, isEnabled: isEnabled)
  }

  private func workingDirectory(_ fields: Fields<ProcessKey>, isEnabled: Bool) -> String? {
    guard let node = fields[.workingDirectory]?.value,
      let path = findings.systemString(node, fields.subject(.workingDirectory))
    else { return nil }
    let absolute = PathText.absolute(path, in: settings.directory)
    if isEnabled, !settings.isFolder(absolute) {
      findings.error(
        at: node.place, "\(fields.subject(.workingDirectory)): there is no folder '\(absolute)'",
        help: "create it; a relative path starts at the file's folder")
    }
    return absolute
  }

  // MARK: Variables

  /// In the order in which they are first named.
  private struct Variables {
    private(set) var all: [ProcessDeclaration.EnvironmentVariable] = []

    mutating func set(_ name: String, _ value: String?) {
      guard let value else { return all.removeAll { $0.name == name } }
      if let index = all.firstIndex(where: { $0.name == name }) {
        all[index].value = value
      } else {
        all.append(.init(name: name, value: value))
      }
    }
  }

  private func readEnvironment(_ node: Node, _ subject: String, into variables: inout Variables) {
    switch node.content {
    case .mapping(let entries):
      for entry in entries where isVariable(entry.key, at: entry.keyPlace, subject) {
        guard let scalar = entry.value.scalar else {
          findings.wrong(entry.value, "variable '\(entry.key)'", mustBe: "text")
          continue
        }
        guard isUncut(scalar.text, of: entry.key, at: entry.value.place) else { continue }
        // Without a value: as it is in the environment of `mporch up`, as in Compose.
        variables.set(entry.key, entry.value.isNull ? settings.request.environment[entry.key] : scalar.text)
      }
    case .sequence(let elements):
      for element in elements { readAssignment(element, subject, into: &variables) }
    case .scalar:
      if !node.isNull { findings.wrong(node, subject, mustBe: "a map, or a list of NAME=value") }
    }
  }

  private func readAssignment(_ node: Node, _ subject: String, into variables: inout Variables) {
    guard let text = findings.string(node, "an element of \(subject)") else { return }
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard isVariable(parts[0], at: node.place, subject), isUncut(text, of: parts[0], at: node.place) else { return }
    variables.set(parts[0], parts.count > 1 ? parts[1] : settings.request.environment[parts[0]])
  }

  private func isUncut(_ value: String, of name: String, at place: Place) -> Bool {
    findings.isUncut(value, at: place, "variable '\(name)'")
  }

  private func isVariable(_ name: String, at place: Place, _ subject: String) -> Bool {
    let isVariable = !name.isEmpty && !name.contains { $0 == "=" || $0 == "\0" || $0.isWhitespace }
    if !isVariable {
      findings.error(at: place, "\(subject): '\(name)' can't name a variable", help: "write NAME: value, or NAME=value")
    }
    return isVariable
  }

  // MARK: Files

  private func environmentFiles(_ fields: Fields<ProcessKey>) -> [(path: String, place: Place, isRequired: Bool)] {
    guard let node = fields[.environmentFile]?.value else { return [] }
    let subject = fields.subject(.environmentFile)
    guard case .sequence(let elements) = node.content else { return environmentFile(node, subject).map { [$0] } ?? [] }
    return elements.compactMap { environmentFile($0, subject) }
  }

  private func environmentFile(_ node: Node, _ subject: String) -> (path: String, place: Place, isRequired: Bool)? {
    guard case .mapping = node.content else {
      return findings.systemString(node, subject).map { ($0, node.place, true) }
    }
    let fields = Fields<EnvironmentFileKey>(node, owner: subject, ownerPlace: node.place, findings: findings)
    guard let fields, let path = fields.string(.path), let place = fields[.path]?.value.place else { return nil }
    return (path, place, fields.boolean(.required))
  }
}
