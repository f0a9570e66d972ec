internal import Limits

/// Bounded queues: many writers, readers that share the items.
struct QueueSort: ResourceSort {
  typealias Key = QueueKey

  var queue: Resource.Queue

  static let noun = "queue"
  static let summary = "Bounded queues: many writers, readers that share the items."
  static let allowsNames = true
  static var shortShape: ValueShape? { QueueKey.capacity.entry.shape }
  static let shortForm: String? = "the capacity, as in 'lines: 1024'"
  static let outline = Graph.Outline(dot: "cds", mermaid: ("[/", "/]"))

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind {
    var queue = Resource.Queue()
    if let node = decoder.short(entry) {
      queue.capacity = capacity(node, entry, decoder) ?? queue.capacity
    } else if let fields = decoder.fields(entry, QueueKey.self) {
      queue.capacity = fields.integer(.capacity) ?? queue.capacity
      queue.byteCount = fields.size(.bytes) ?? queue.byteCount
      queue.itemType = decoder.itemType(fields, .type)
      queue.whenFull = fields.word(.onFull, Resource.WhenFull.self, foreign: QueueKey.foreignPolicies) ?? queue.whenFull
      queue.maxDeliveries = fields.integer(.maxDeliveries) ?? queue.maxDeliveries
      queue.isExternal = fields.boolean(.external)
      queue.deadLetterQueue = decoder.named(.queues, fields, .deadLetter)
      decoder.remember(fields[.deadLetter]?.value.place, of: id)
      if queue.deadLetterQueue == id, let node = fields[.deadLetter]?.value {
        decoder.findings.error(
          at: node.place, "queue '\(entry.name)' is its own dead-letter queue", help: "declare another queue for it")
        queue.deadLetterQueue = nil
      }
    }
    queue.storedType = queue.itemType
    return .queue(queue)
  }

  /// A type in its place is a mistake of its own.
  private static func capacity(
    _ node: Node, _ entry: ResourceIndex.Entry, _ decoder: ResourceDecoder
  ) -> Int? {
    decoder.findings.integer(
      node, in: Limit.count, "the capacity of \(decoder.subject(entry))",
      help: decoder.typeHelp(node, entry) { "a queue's short form is its capacity: write '\($0)' for its type" })
  }

  func tree(in resolved: ResolvedTopology) -> YAMLTree {
    var map = YAMLMap<QueueKey>()
    map[.capacity] = .number(queue.capacity)
    map[.bytes] = .number(queue.byteCount)
    map[.type] = .text(queue.itemType.name)
    map[.onFull] = .text(queue.whenFull.rawValue)
    map[.maxDeliveries] = .number(queue.maxDeliveries)
    map[.deadLetter] = queue.deadLetterQueue.map { .text(resolved.name(of: $0)) }
    map[.external] = .boolean(queue.isExternal)
    return map.tree
  }

  var detail: String { queue.storedType == .any ? "queue" : "queue of \(queue.storedType.name)" }

  var scriptObject: LuaObject { .queue }
}

enum QueueKey: String, KeyTable {
  case capacity, bytes, type
  case onFull = "on_full"
  case maxDeliveries = "max_deliveries"
  case deadLetter = "dead_letter"
  case external

  var entry: KeyEntry {
    switch self {
    case .capacity: KeyEntry(.integer(Limit.count), default: "1024", "Most items that it holds.")
    case .bytes:
      KeyEntry(.size(Limit.byteCount), default: "1MiB", "Most bytes that it holds, and so the largest item.")
    case .type: KeyEntry(ValueShape.itemTypes, default: "any", "Type of the items.")
    case .onFull:
      KeyEntry(.word(Resource.WhenFull.allCases.map(\.rawValue)), default: "block", "What a put to a full queue does.")
    case .maxDeliveries:
      KeyEntry(.integer(Limit.count), default: "5", "Deliveries of an item in all before it is given up.")
    case .deadLetter: KeyEntry(.name, "Queue that takes the items that were given up.")
    case .external:
      KeyEntry(.boolean, default: "false", "Commands take part too, so that it never ends by itself.")
    }
  }
}

extension QueueKey {
  static let foreign = ForeignWords([
    .key(capacity, "size maxsize length limit maxitems depth max buffer maxlength"),
    .key(bytes, "maxbytes memory bytesize"), .key(type, "itemtype dtype items of elementtype"),
    .key(onFull, "overflow whenfull onoverflow policy full"),
    .key(maxDeliveries, "retries maxretries attempts maxattempts deliveries"),
    .key(deadLetter, "dlq deadletterqueue deadletters"), .key(external, "public open"),
    .nothing("durable persistent", "remove it: a queue lives as long as its run"),
  ])

  static let foreignPolicies = ForeignWords([
    .word("block", "wait"), .word("drop_new", "drop discard reject dropnewest dropnewer dropping"),
    .word("drop_old", "dropoldest overwrite dropolder sliding ring"), .word("fail", "error raise throw"),
  ])
}
