/// Flags to wait for.
struct EventSort: ResourceSort {
  typealias Key = EventKey

  var initial: Bool

  static let noun = "event"
  static let nounWithArticle = "an event"
  static let summary = "Flags to wait for."
  static let allowsNames = true
  static let shortShape: ValueShape? = .boolean
  static let shortForm: String? = "'true' or 'false'"
  static let outline = Graph.Outline(dot: "circle", mermaid: ("((", "))"))

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind {
    if let node = decoder.short(entry) {
      let initial = decoder.findings.boolean(node, "the initial state of \(decoder.subject(entry))")
      return .event(initial: initial ?? false)
    }
    return .event(initial: decoder.fields(entry, EventKey.self)?.boolean(.initial) ?? false)
  }

  func tree(in resolved: ResolvedTopology) -> YAMLTree { .fields(EventKey.self, [(.initial, .boolean(initial))]) }

  var scriptObject: LuaObject { LuaObject("an event", methods: ["set", "clear", "is_set", "wait"]) }
}

enum EventKey: String, KeyTable {
  case initial

  var entry: KeyEntry { KeyEntry(.boolean, default: "false", "Set at the start.") }
}

extension EventKey {
  static let foreign = ForeignWords([.key(initial, "set value isset state")])
}
