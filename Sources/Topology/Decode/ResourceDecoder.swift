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
      let kind = kind(of: entry, ResourceID(position))
      if findings.diagnostics.count > known { broken.insert(ResourceID(position)) }
      return Resource(name: entry.name, kind: kind, place: entry.place)
    }
  }

  private mutating func kind(of entry: ResourceIndex.Entry, _ id: ResourceID) -> Resource.Kind {
    switch entry.section {
    case .values: value(entry)
    case .arrays: array(entry)
    case .queues: queue(entry, id)
    case .pipes: pipe(entry)
    case .locks: .lock(recursive: fields(entry, LockKey.self)?.boolean(.recursive) ?? false)
    case .semaphores: semaphore(entry)
    case .conditions: condition(entry)
    case .events: event(entry)
    case .barriers: barrier(entry, id)
    case .managed: managed(entry)
    case .pools: pool(entry, id)
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

  // MARK: Queues and pipes

  private mutating func queue(_ entry: ResourceIndex.Entry, _ id: ResourceID) -> Resource.Kind {
    var queue = Resource.Queue()
    if let node = short(entry) {
      queue.capacity = capacity(node, entry) ?? queue.capacity
    } else if let fields = fields(entry, QueueKey.self) {
      queue.capacity = fields.integer(.capacity) ?? queue.capacity
      queue.byteCount = fields.size(.bytes) ?? queue.byteCount
      queue.itemType = itemType(fields, .type)
      queue.whenFull = fields.word(.onFull, Resource.WhenFull.self, foreign: QueueKey.foreignPolicies) ?? queue.whenFull
      queue.maxDeliveries = fields.integer(.maxDeliveries) ?? queue.maxDeliveries
      queue.isExternal = fields.boolean(.external)
      queue.deadLetterQueue = named(.queues, fields, .deadLetter)
      remember(fields[.deadLetter]?.value.place, of: id)
      if queue.deadLetterQueue == id, let node = fields[.deadLetter]?.value {
        findings.error(
          at: node.place, "queue '\(entry.name)' is its own dead-letter queue", help: "declare another queue for it")
        queue.deadLetterQueue = nil
      }
    }
    queue.storedType = queue.itemType
    return .queue(queue)
  }

  /// A type in its place is a mistake of its own.
  private func capacity(_ node: Node, _ entry: ResourceIndex.Entry) -> Int? {
    findings.integer(
      node, in: Limit.count, "the capacity of \(subject(entry))",
      help: typeHelp(node, entry) { "a queue's short form is its capacity: write '\($0)' for its type" })
  }

  /// What to write where `node` is a type of items.
  private func typeHelp(_ node: Node, _ entry: ResourceIndex.Entry, _ words: (String) -> String) -> String? {
    guard let text = node.scalar?.text else { return nil }
    let type = ItemType(name: text)?.name ?? ForeignWords.itemTypes[text]?.word
    return type.map { words("\(entry.name): {type: \($0)}") }
  }

  private func pipe(_ entry: ResourceIndex.Entry) -> Resource.Kind {
    var pipe = Resource.Pipe()
    if let node = short(entry) {
      pipe.isDuplex =
        findings.word(
          node, among: ["duplex", "simplex"], subject(entry),
          otherwise: typeHelp(node, entry) { "write '\($0)' for the type of its messages" }) != "simplex"
    } else if let fields = fields(entry, PipeKey.self) {
      pipe.isDuplex = fields.boolean(.duplex)
      pipe.byteCount = fields.size(.bytes) ?? pipe.byteCount
      pipe.itemType = itemType(fields, .type)
    }
    pipe.storedTypeFromA = pipe.itemType
    pipe.storedTypeFromB = pipe.itemType
    return .pipe(pipe)
  }

  private func itemType<Key: KeyTable>(_ fields: Fields<Key>, _ key: Key) -> ItemType {
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
