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
  private var nearNames = NearNames([])
  /// For who names one of them where a resource is due.
  let processes: [String: Node]
  /// Of sections that could not be read: a name in them may be that of a resource.
  private(set) var unread: Set<String> = []

  /// `unknown`: keys at the top that are none.
  init(_ sections: [Node.Entry], processes: [Node.Entry], unknown: [Node.Entry], findings: Findings) {
    self.processes = Dictionary(processes.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    for entry in unknown { addUnread(entry.value) }
    for entry in sections {
      guard let section = ResourceSection(rawValue: entry.key) else { continue }
      add(section, entry.value, findings)
    }
    nearNames = NearNames(names)
    LuaNames.check(entries, findings)
  }

  subscript(name: String) -> ResourceID? { ids[name] }

  subscript(id: ResourceID) -> Entry { entries[id.index] }

  var names: [String] { entries.map(\.name) }

  /// The one in these sections that a mistyped name most likely meant.
  func nearest(to name: String, in sections: Set<ResourceSection>) -> Entry? {
    nearNames.nearest(to: name) { sections.contains(entries[$0].section) }.map { entries[$0] }
  }

  private mutating func add(_ section: ResourceSection, _ node: Node, _ findings: Findings) {
    switch node.content {
    case .mapping(let resources):
      for resource in resources { add(resource.key, at: resource.keyPlace, section, resource.value, findings) }
    case .sequence(let elements):
      for element in elements { addNamed(element, section, findings) }
    case .scalar:
      guard !node.isNull else { return }
      let forms = section.allowsNames ? "a map of \(section.rawValue), or a list of names" : "a map"
      let name = node.scalar?.text ?? ""
      findings.wrong(
        node, "'\(section.rawValue)'", mustBe: forms,
        help: section.allowsNames ? "write '\(section.rawValue): [\(name)]'" : nil)
      addUnread(node)
    }
  }

  private mutating func addUnread(_ node: Node) {
    switch node.content {
    case .scalar(let scalar): unread.insert(scalar.text)
    case .sequence(let elements): for element in elements { addUnread(element) }
    case .mapping(let entries): unread.formUnion(entries.map(\.key))
    }
  }

  private mutating func addNamed(_ element: Node, _ section: ResourceSection, _ findings: Findings) {
    guard let scalar = element.scalar, !scalar.isNull else {
      addUnread(element)
      return findings.wrong(
        element, "an element of '\(section.rawValue)'", mustBe: "the name of \(section.nounWithArticle)",
        help: Self.help(element))
    }
    if !section.allowsNames {
      let form = section.shortForm.map { "write a map, with \($0)" } ?? "write a map of names"
      findings.error(at: element.place, "\(section.noun) '\(scalar.text)' can't do with a name alone", help: form)
    }
    // Without a node the decoder would report again what it lacks.
    add(scalar.text, at: element.place, section, nil, findings)
  }

  /// `- lines: 10`
  private static func help(_ element: Node) -> String? {
    guard case .mapping(let entries) = element.content, let first = entries.first else { return nil }
    return "write '\(first.key): \(first.value.scalar?.text ?? "…")' without '-'"
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
