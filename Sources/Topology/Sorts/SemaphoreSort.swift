internal import Limits

/// Counts to take and give back.
struct SemaphoreSort: ResourceSort {
  typealias Key = SemaphoreKey

  var initial: Int
  var isBounded: Bool

  static let noun = "semaphore"
  static let summary = "Counts to take and give back."
  static let allowsNames = true
  static var shortShape: ValueShape? { SemaphoreKey.initial.entry.shape }
  static let shortForm: String? = "the initial count, as in 'slots: 4'"
  static let outline = Graph.Outline(dot: "triangle", mermaid: ("[/", #"\]"#))

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind {
    if let node = decoder.short(entry), case .integer(let range) = SemaphoreKey.initial.entry.shape {
      let count = decoder.findings.integer(node, in: range, "the initial count of \(decoder.subject(entry))")
      return .semaphore(initial: count ?? 1, bounded: true)
    }
    guard let fields = decoder.fields(entry, SemaphoreKey.self) else { return .semaphore(initial: 1, bounded: true) }
    return .semaphore(initial: fields.integer(.initial) ?? 1, bounded: fields.boolean(.bounded))
  }

  func tree(in resolved: ResolvedTopology) -> YAMLTree {
    .fields(SemaphoreKey.self, [(.initial, .number(initial)), (.bounded, .boolean(isBounded))])
  }

  var scriptObject: LuaObject { LuaObject("a semaphore", methods: ["acquire", "release", "count"]) }
}

enum SemaphoreKey: String, KeyTable {
  case initial, bounded

  var entry: KeyEntry {
    switch self {
    case .initial: KeyEntry(.integer(0...Limit.semaphoreCount.upperBound), default: "1", "Count at the start.")
    case .bounded:
      KeyEntry(.boolean, default: "true", "Counts belong to their takers and never rise over 'initial'.")
    }
  }
}

extension SemaphoreKey {
  static let foreign = ForeignWords([.key(initial, "value count permits size slots limit max n")])
}
