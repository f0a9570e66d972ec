/// Mutual exclusion.
struct LockSort: ResourceSort {
  typealias Key = LockKey

  var isRecursive: Bool

  static let noun = "lock"
  static let summary = "Mutual exclusion; freed when the holder dies."
  static let allowsNames = true
  static let outline = Graph.Outline(dot: "diamond", mermaid: ("{", "}"))

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind {
    .lock(recursive: decoder.fields(entry, LockKey.self)?.boolean(.recursive) ?? false)
  }

  func tree(in resolved: ResolvedTopology) -> YAMLTree { .fields(LockKey.self, [(.recursive, .boolean(isRecursive))]) }

  var scriptObject: LuaObject { LuaObject("a lock", methods: ["acquire", "release", "with"], needArguments: ["with"]) }
}

enum LockKey: String, KeyTable {
  case recursive

  var entry: KeyEntry {
    KeyEntry(.boolean, default: "false", "Its holder may take it again, and releases it as often.")
  }
}

extension LockKey {
  static let foreign = ForeignWords([.key(recursive, "reentrant rlock type kind")])
}
