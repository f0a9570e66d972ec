/// Locks that many hold to read, or one to write.
struct ReadWriteLockSort: ResourceSort {
  typealias Key = ReadWriteLockKey

  static let noun = "read-write lock"
  static let summary = "Locks that many hold to read, or one to write; freed when the holder dies."
  static let allowsNames = true
  static let outline = Graph.Outline(dot: "Mdiamond", mermaid: ("{", "}"))

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind {
    _ = decoder.fields(entry, ReadWriteLockKey.self)
    return .readWriteLock
  }

  func tree(in resolved: ResolvedTopology) -> YAMLTree { .fields(ReadWriteLockKey.self, []) }

  var scriptObject: LuaObject {
    LuaObject("a read-write lock", methods: ["acquire_read", "acquire_write", "release"])
  }
}

/// It has none yet.
enum ReadWriteLockKey: KeyTable {
  static let allCases: [ReadWriteLockKey] = []
  static let foreign = ForeignWords([])

  init?(rawValue: String) { return nil }

  var rawValue: String { switch self {} }
  var entry: KeyEntry { switch self {} }
}
