internal import Limits

/// The resources' sections → resources. Pools get their `use` and `with` later, when all resources are known.
struct ResourceDecoder {
  let index: ResourceIndex
  let findings: Findings
  let processorCount: Int
  /// Resources with an error of their own: their types are not what was meant, so nothing is concluded from them.
  private(set) var broken: Set<ResourceID> = []
  private(set) var pools: [PoolDraft] = []
  /// Of the values that only the whole can be checked against: a barrier's parties, a queue's dead-letter queue.
  private(set) var valuePlaces: [ResourceID: Place] = [:]

  init(index: ResourceIndex, findings: Findings, processorCount: Int) {
    self.index = index
    self.findings = findings
    self.processorCount = processorCount
  }

  mutating func decode() -> [Resource] {
    index.entries.enumerated().map { position, entry in
      let known = findings.diagnostics.count
      let kind = entry.section.sort.decode(entry, ResourceID(position), by: &self)
      if findings.diagnostics.count > known { broken.insert(ResourceID(position)) }
      return Resource(name: entry.name, kind: kind, place: entry.place)
    }
  }

  // MARK: Forms

  /// The node of a short form: any scalar but nothing.
  func short(_ entry: ResourceIndex.Entry) -> Node? {
    guard let node = entry.node, node.scalar != nil, !node.isNull else { return nil }
    return node
  }

  /// The long form; of a resource of which only the name is given, one that has all defaults. `nil` and reported:
  /// neither.
  func fields<Key: KeyTable>(_ entry: ResourceIndex.Entry, _: Key.Type) -> Fields<Key>? {
    let owner = "\(entry.section.noun) '\(entry.name)'"
    guard let node = entry.node, !node.isNull else {
      // A list element of a section that needs more is reported where it is listed.
      if entry.node == nil, !entry.section.allowsNames { return nil }
      return Fields(defaultsOf: owner, at: entry.place, findings: findings)
    }
    let short = entry.section.shortForm.map { "\($0), or a map" } ?? "a map"
    return Fields(node, owner: owner, ownerPlace: entry.place, findings: findings, elseExpected: short)
  }

  func subject(_ entry: ResourceIndex.Entry) -> String { "\(entry.section.noun) '\(entry.name)'" }

  /// What to write where `node` is a type of items.
  func typeHelp(_ node: Node, _ entry: ResourceIndex.Entry, _ words: (String) -> String) -> String? {
    guard let text = node.scalar?.text else { return nil }
    let type = ItemType(name: text)?.name ?? ForeignWords.itemTypes[text]?.word
    return type.map { words("\(entry.name): {type: \($0)}") }
  }

  func itemType<Key: KeyTable>(_ fields: Fields<Key>, _ key: Key) -> ItemType {
    guard let node = fields.node(key), case .word(let words) = key.entry.shape else { return .any }
    return findings.word(node, among: words, fields.subject(key), foreign: .itemTypes).flatMap(ItemType.init(name:))
      ?? .any
  }

  /// A resource of a certain section that another one names.
  func named<Key: KeyTable>(_ section: ResourceSection, _ fields: Fields<Key>, _ key: Key) -> ResourceID? {
    guard let node = fields.node(key) else { return nil }
    return named(section, node, fields.subject(key), fields.owner)
  }

  func named(_ section: ResourceSection, _ node: Node, _ subject: String, _ owner: String) -> ResourceID? {
    guard let name = findings.string(node, subject) else { return nil }
    let reader = ReferenceReader(index: index, resources: [], findings: findings)
    guard let id = reader.resolve(name, at: node.place, "\(owner) names", among: [section]) else { return nil }
    guard index[id].section == section else {
      findings.error(
        at: node.place,
        "\(subject) must be \(section.nounWithArticle), and '\(name)' is \(index[id].section.nounWithArticle)",
        notes: [Diagnostic.Note(place: index[id].place, message: "'\(name)' is declared here")])
      return nil
    }
    return id
  }

  mutating func remember(_ place: Place?, of id: ResourceID) { valuePlaces[id] = place }

  mutating func add(_ pool: PoolDraft) { pools.append(pool) }
}
