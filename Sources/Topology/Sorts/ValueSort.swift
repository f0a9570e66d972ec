/// Single numbers.
struct ValueSort: ResourceSort {
  typealias Key = ValueKey

  var type: ElementType
  var initial: Literal

  static let noun = "value"
  static let summary = "Single numbers in shared memory, by name."
  static let shortShape: ValueShape? = .elementTypes
  static let shortForm: String? = "the type, as in 'total: int64'"
  static let outline = Graph.Outline(dot: "ellipse", mermaid: ("([", "])"))

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind {
    if let node = decoder.short(entry) {
      let isNumber = node.scalar?.number != nil
      let type =
        decoder.findings.word(
          node, ElementType.self, "the type of \(decoder.subject(entry))", foreign: .elementTypes,
          otherwise: isNumber
            ? "its short form is its type: write '\(entry.name): {type: int64, initial: \(node.scalar?.text ?? "")}'"
            : nil)
        ?? .int64
      return .value(type, initial: type.zero)
    }
    let fields = decoder.fields(entry, ValueKey.self)
    guard let fields, let type = fields.word(.type, ElementType.self, foreign: .elementTypes) else {
      return .value(.int64, initial: .int(0))
    }
    let initial = fields.node(.initial).flatMap { decoder.findings.element($0, type, fields.subject(.initial)) }
    return .value(type, initial: initial ?? type.zero)
  }

  func tree(in resolved: ResolvedTopology) -> YAMLTree {
    .fields(ValueKey.self, [(.type, .text(type.rawValue)), (.initial, YAMLTree(initial))])
  }

  var detail: String { "value of \(type.rawValue)" }

  var scriptObject: LuaObject {
    LuaObject("a value", methods: ["get", "set", "add"], needArguments: ["set", "add"])
  }
}

enum ValueKey: String, KeyTable {
  case type, initial

  var entry: KeyEntry {
    switch self {
    case .type: KeyEntry(ValueShape.elementTypes, required: true, "Type of the number.")
    case .initial: KeyEntry(.oneOf([.integer(Int.min...Int.max), .pattern("."), .boolean]), "First value; else zero.")
    }
  }
}

extension ValueKey {
  static let foreign = ForeignWords([
    .key(initial, "value init default start initialvalue"), .key(type, "dtype typecode"),
  ])
}
