enum DependencyKey: String, KeyTable {
  case condition

  var entry: KeyEntry {
    KeyEntry(
      .word(ProcessDeclaration.Dependency.Condition.allCases.map(\.rawValue)), default: "started",
      "How far the other process must have come.")
  }
}

/// `depends_on`: a list of processes, or a map with a condition for each.
struct DependencyDecoder {
  let findings: Findings

  func dependencies(_ fields: Fields<ProcessKey>) -> [ProcessDeclaration.Dependency] {
    guard let node = fields[.dependsOn]?.value, !node.isNull else { return [] }
    let subject = fields.subject(.dependsOn)
    switch node.content {
    case .scalar:
      findings.wrong(
        node, subject, mustBe: "a list of processes, or a map", help: node.scalar.map { "write [\($0.text)]" })
      return []
    case .sequence(let elements): return unique(elements.compactMap { started($0, subject) }, fields.owner)
    case .mapping(let entries): return entries.map { conditioned($0, fields.owner) }
    }
  }

  private func started(_ node: Node, _ subject: String) -> ProcessDeclaration.Dependency? {
    findings.string(node, "an element of \(subject)").map { .init(process: $0, condition: .started, place: node.place) }
  }

  private func conditioned(_ entry: Node.Entry, _ owner: String) -> ProcessDeclaration.Dependency {
    var dependency = ProcessDeclaration.Dependency(process: entry.key, condition: .started, place: entry.keyPlace)
    guard !entry.value.isNull else { return dependency }
    if let text = entry.value.scalar?.text,
      let word = Self.conditions.contains(text) ? text : DependencyKey.foreignConditions[text]?.word
    {
      findings.wrong(
        entry.value, "the dependency of \(owner) on '\(entry.key)'", mustBe: "a map",
        help: "write '\(entry.key): {condition: \(word)}'")
      return dependency
    }
    let fields = Fields<DependencyKey>(
      entry.value, owner: "the dependency of \(owner) on '\(entry.key)'", ownerPlace: entry.keyPlace,
      findings: findings, elseExpected: "a map, as in '{condition: completed}'")
    dependency.condition =
      fields?.word(
        .condition, ProcessDeclaration.Dependency.Condition.self, foreign: DependencyKey.foreignConditions)
      ?? dependency.condition
    return dependency
  }

  private static let conditions = ProcessDeclaration.Dependency.Condition.allCases.map(\.rawValue)

  private func unique(
    _ dependencies: [ProcessDeclaration.Dependency], _ owner: String
  ) -> [ProcessDeclaration.Dependency] {
    var first: [String: Place] = [:]
    return dependencies.filter { dependency in
      guard let place = first.updateValue(dependency.place, forKey: dependency.process) else { return true }
      findings.error(
        at: dependency.place, "\(owner) lists '\(dependency.process)' twice under 'depends_on'", help: "remove one",
        notes: [Diagnostic.Note(place: place, message: "first listed here")])
      return false
    }
  }
}

extension [ProcessDeclaration.Dependency] {
  /// In canonical long form; `nil`: there are none.
  var tree: YAMLTree? {
    isEmpty
      ? nil
      : .map(map { ($0.process, .fields(DependencyKey.self, [(.condition, .text($0.condition.rawValue))])) })
  }
}
