/// Condition variables, each with its lock.
struct ConditionSort: ResourceSort {
  typealias Key = ConditionKey

  var lock: ResourceID

  static let noun = "condition"
  static let summary = "Condition variables, each with its lock."
  static let shortShape: ValueShape? = .name
  static let shortForm: String? = "the lock, as in 'changed: ledger'"
  static let outline = Graph.Outline(dot: "hexagon", mermaid: ("{{", "}}"))

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind {
    let lock: ResourceID?
    if let node = decoder.short(entry) {
      lock = decoder.named(.locks, node, "the lock of \(decoder.subject(entry))", decoder.subject(entry))
    } else {
      lock = decoder.fields(entry, ConditionKey.self).flatMap { decoder.named(.locks, $0, .lock) }
    }
    // Without a lock there is an error, and no topology.
    return .condition(lock: lock ?? ResourceID(0))
  }

  func tree(in resolved: ResolvedTopology) -> YAMLTree {
    .fields(ConditionKey.self, [(.lock, .text(resolved.name(of: lock)))])
  }

  var scriptObject: LuaObject {
    LuaObject("a condition", methods: ["wait", "wait_for", "notify", "notify_all"], needArguments: ["wait_for"])
  }
}

enum ConditionKey: String, KeyTable {
  case lock

  var entry: KeyEntry { KeyEntry(.name, required: true, "Lock that its waiters hold.") }
}

extension ConditionKey {
  static let foreign = ForeignWords([.key(lock, "mutex")])
}
