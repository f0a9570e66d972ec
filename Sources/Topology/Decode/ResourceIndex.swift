/// The names of all resources, known before any is decoded, so that they may refer to one another in any order.
struct ResourceIndex {
  struct Entry {
    var name: String
    var place: Place
    var section: ResourceSection
    /// `nil`: only named.
    var node: Node?
  }

  /// In order of the file; a `ResourceID` indexes it.
  private(set) var entries: [Entry] = []
  private var ids: [String: ResourceID] = [:]

  init(_ sections: [Node.Entry], findings: Findings) {
    for entry in sections {
      guard let section = ResourceSection(rawValue: entry.key) else { continue }
      add(section, entry.value, findings)
    }
    LuaNames.check(entries, findings)
  }

  subscript(name: String) -> ResourceID? { ids[name] }

  subscript(id: ResourceID) -> Entry { entries[id.index] }

  var names: [String] { entries.map(\.name) }

  private mutating func add(_ section: ResourceSection, _ node: Node, _ findings: Findings) {
    switch node.content {
    case .mapping(let resources):
      for resource in resources { add(resource.key, at: resource.keyPlace, section, resource.value, findings) }
    case .sequence(let elements):
      for element in elements { addNamed(element, section, findings) }
    case .scalar:
      guard !node.isNull else { return }
      let forms = section.allowsNames ? "a map of \(section.rawValue), or a list of names" : "a map"
      findings.wrong(node, "'\(section.rawValue)'", mustBe: forms)
    }
  }

  private mutating func addNamed(_ element: Node, _ section: ResourceSection, _ findings: Findings) {
    guard let scalar = element.scalar, !scalar.isNull else {
      return findings.wrong(
        element, "an element of '\(section.rawValue)'", mustBe: "the name of \(section.nounWithArticle)")
    }
    if !section.allowsNames {
      let form = section.shortForm.map { "write a map, with \($0)" } ?? "write a map of names"
      findings.error(at: element.place, "\(section.noun) '\(scalar.text)' can't do with a name alone", help: form)
    }
    // Without a node the decoder would report again what it lacks.
    add(scalar.text, at: element.place, section, nil, findings)
  }

  private mutating func add(
    _ name: String, at place: Place, _ section: ResourceSection, _ node: Node?, _ findings: Findings
  ) {
    guard let name = findings.name(name, at: place, section.nounWithArticle) else { return }
    if let first = ids[name] {
      let other = self[first]
      findings.error(
        at: place, "\(section.noun) '\(name)' has the name of \(other.section.nounWithArticle)",
        help: "all resources share one namespace: rename one of them",
        notes: [Diagnostic.Note(place: other.place, message: "'\(name)' is first declared here")])
      return
    }
    ids[name] = ResourceID(entries.count)
    entries.append(Entry(name: name, place: place, section: section, node: node))
  }
}
