/// Lists, dicts and namespaces kept by a server process.
struct ManagedSort: ResourceSort {
  typealias Key = ManagedKey

  var type: Resource.ManagedType
  var initial: Literal?

  static let noun = "managed object"
  static let summary = "Lists, dicts and namespaces kept by a server process."
  static var shortShape: ValueShape? { ManagedKey.type.entry.shape }
  static let shortForm: String? = "the type, as in 'records: list'"
  static let outline = Graph.Outline(dot: "cylinder", mermaid: ("[(", ")]"))

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind {
    if let node = decoder.short(entry) {
      let type = decoder.findings.word(
        node, Resource.ManagedType.self, "the type of \(decoder.subject(entry))", foreign: ManagedKey.foreignTypes)
      return .managed(type ?? .list, initial: nil)
    }
    guard let fields = decoder.fields(entry, ManagedKey.self),
      let type = fields.word(.type, Resource.ManagedType.self, foreign: ManagedKey.foreignTypes)
    else {
      return .managed(.list, initial: nil)
    }
    guard let node = fields.node(.initial) else { return .managed(type, initial: nil) }
    switch node.content {
    case .sequence where type == .list, .mapping where type != .list:
      return .managed(type, initial: decoder.findings.signedLiteral(node, fields.subject(.initial), in: "Lua"))
    default:
      decoder.findings.wrong(node, fields.subject(.initial), mustBe: type == .list ? "a list" : "a map")
      return .managed(type, initial: nil)
    }
  }

  func tree(in resolved: ResolvedTopology) -> YAMLTree {
    .fields(ManagedKey.self, [(.type, .text(type.rawValue))] + (initial.map { [(.initial, YAMLTree($0))] } ?? []))
  }

  var detail: String { "managed \(type.rawValue)" }

  var scriptObject: LuaObject {
    switch type {
    case .list:
      LuaObject(
        "a managed list", methods: ["get", "set", "append", "insert", "pop", "extend", "sort", "all"],
        needArguments: ["get", "set", "append", "insert", "extend"], loop: { "for i, x in ipairs(\($0):all()) do" })
    case .dict:
      LuaObject(
        "a managed dict", methods: ["get", "set", "add", "pop", "keys", "all"],
        needArguments: ["get", "set", "add", "pop"], loop: { "for key, x in pairs(\($0):all()) do" })
    case .namespace: LuaObject("a managed namespace", methods: nil)
    }
  }
}

enum ManagedKey: String, KeyTable {
  case type, initial

  var entry: KeyEntry {
    switch self {
    case .type: KeyEntry(.word(Resource.ManagedType.allCases.map(\.rawValue)), required: true, "What it is.")
    case .initial: KeyEntry(.oneOf([.list(of: .any), .map(of: .any)]), "Content at the start; else empty.")
    }
  }
}

extension ManagedKey {
  static let foreign = ForeignWords([.key(type, "kind class"), .key(initial, "value init content data default")])

  static let foreignTypes = ForeignWords([
    .word("dict", "map dictionary object hash table"), .word("list", "array"), .word("namespace", "struct record"),
    .nothing("set", "a dict with 'true' for each element does it"),
  ])
}
