internal import Limits

/// Arrays of numbers.
struct ArraySort: ResourceSort {
  typealias Key = ArrayKey

  var type: ElementType
  var length: Int
  var initial: [Literal]

  static let noun = "array"
  static let nounWithArticle = "an array"
  static let summary = "Arrays of numbers in shared memory, by name."
  static let shortShape: ValueShape? = .pattern(#"^(bool|u?int(8|16|32|64)|float(32|64))\[[0-9]+\]$"#)
  static let shortForm: String? = "the type and length, as in 'squares: int32[4]'"
  static let outline = Graph.Outline(dot: "box3d", mermaid: ("[[", "]]"))

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind {
    if let node = decoder.short(entry) { return shortArray(node, entry, decoder) }
    guard let fields = decoder.fields(entry, ArrayKey.self),
      let type = fields.word(.type, ElementType.self, foreign: .elementTypes)
    else {
      return .array(.int64, length: 1, initial: [])
    }
    let length = fields.integer(.length)
    guard let node = fields.node(.initial) else {
      if fields[.length] == nil { fields.reportMissing(.length, help: "give 'length: N', or 'initial: […]'") }
      return .array(type, length: length ?? 1, initial: [])
    }
    let initial = elements(node, type, fields, decoder)
    if let length, let initial, length != initial.count {
      decoder.findings.error(
        at: node.place, "\(fields.owner) has \(Wording.count(initial.count, "initial element")) and length \(length)",
        help: "give one of 'length' and 'initial', or as many elements as the length says")
    }
    return .array(type, length: initial?.count ?? length ?? 1, initial: initial ?? [])
  }

  /// `int32[4]`
  private static func shortArray(
    _ node: Node, _ entry: ResourceIndex.Entry, _ decoder: ResourceDecoder
  ) -> Resource.Kind {
    let parts = (node.scalar?.text ?? "").split(separator: "[", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].hasSuffix("]"), let length = Int(parts[1].dropLast()) else {
      decoder.findings.wrong(node, decoder.subject(entry), mustBe: "a type and a length, as in 'int32[4]', or a map")
      return .array(.int64, length: 1, initial: [])
    }
    if !Limit.arrayLength.contains(length) {
      decoder.findings.wrong(
        node, "the length of \(decoder.subject(entry))",
        mustBe: "at least 1, and at most \(Limit.arrayLength.upperBound)")
    }
    guard let type = ElementType(rawValue: String(parts[0])) else {
      let words = ElementType.allCases.map(\.rawValue)
      decoder.findings.error(
        at: node.place,
        "the element type of \(decoder.subject(entry)) must be \(Wording.choice(words)), not '\(parts[0])'",
        help: ForeignWords.elementTypes[String(parts[0])]?.help
          ?? Wording.suggestion(for: String(parts[0]), among: words))
      return .array(.int64, length: 1, initial: [])
    }
    return .array(type, length: max(1, length), initial: [])
  }

  private static func elements(
    _ node: Node, _ type: ElementType, _ fields: Fields<ArrayKey>, _ decoder: ResourceDecoder
  ) -> [Literal]? {
    guard case .sequence(let nodes) = node.content else {
      decoder.findings.wrong(node, fields.subject(.initial), mustBe: "a list")
      return nil
    }
    guard !nodes.isEmpty else {
      decoder.findings.error(
        at: node.place, "\(fields.owner) has no elements", help: "list at least one, or give 'length' instead")
      return nil
    }
    let subject = "an element of \(fields.owner)"
    return nodes.map { decoder.findings.element($0, type, subject) ?? type.zero }
  }

  func tree(in resolved: ResolvedTopology) -> YAMLTree {
    .fields(
      ArrayKey.self,
      [
        (.type, .text(type.rawValue)),
        initial.isEmpty ? (.length, .number(length)) : (.initial, .list(initial.map(YAMLTree.init))),
      ])
  }

  var detail: String { "array, \(type.rawValue)[\(length)]" }

  var scriptObject: LuaObject {
    LuaObject(
      "an array", methods: ["fill", "add", "slice"], needArguments: ["fill", "add"],
      loop: { "for i = 1, #\($0) do', and '\($0)[i]" })
  }
}

enum ArrayKey: String, KeyTable {
  case type, length, initial

  var entry: KeyEntry {
    switch self {
    case .type: KeyEntry(ValueShape.elementTypes, required: true, "Type of the elements.")
    case .length: KeyEntry(.integer(Limit.arrayLength), "Number of elements; or give 'initial'.")
    case .initial: KeyEntry(.list(of: ValueKey.initial.entry.shape), "First elements; else zeroes.")
    }
  }
}

extension ArrayKey {
  static let foreign = ForeignWords([
    .key(length, "size count len n shape"), .key(initial, "values init data elements"), .key(type, "dtype typecode"),
  ])
}
