internal import Limits

/// Message pipes between two process instances.
struct PipeSort: ResourceSort {
  typealias Key = PipeKey

  var pipe: Resource.Pipe

  static let noun = "pipe"
  static let summary = "Message pipes between two process instances."
  static let allowsNames = true
  static let shortShape: ValueShape? = .word(["duplex", "simplex"])
  static let shortForm: String? = "'duplex' or 'simplex'"
  static let outline = Graph.Outline(dot: "larrow", mermaid: (">", "]"))

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind {
    var pipe = Resource.Pipe()
    if let node = decoder.short(entry) {
      pipe.isDuplex =
        decoder.findings.word(
          node, among: ["duplex", "simplex"], decoder.subject(entry),
          otherwise: decoder.typeHelp(node, entry) { "write '\($0)' for the type of its messages" }) != "simplex"
    } else if let fields = decoder.fields(entry, PipeKey.self) {
      pipe.isDuplex = fields.boolean(.duplex)
      pipe.byteCount = fields.size(.bytes) ?? pipe.byteCount
      pipe.itemType = decoder.itemType(fields, .type)
    }
    pipe.storedTypeFromA = pipe.itemType
    pipe.storedTypeFromB = pipe.itemType
    return .pipe(pipe)
  }

  func tree(in resolved: ResolvedTopology) -> YAMLTree {
    .fields(
      PipeKey.self,
      [
        (.duplex, .boolean(pipe.isDuplex)), (.bytes, .number(pipe.byteCount)), (.type, .text(pipe.itemType.name)),
      ])
  }

  var detail: String { pipe.isDuplex ? "duplex pipe" : "simplex pipe" }

  var scriptObject: LuaObject {
    LuaObject("a pipe end", methods: ["send", "receive", "poll", "close"], needArguments: ["send"])
  }
}

enum PipeKey: String, KeyTable {
  case duplex, bytes, type

  var entry: KeyEntry {
    switch self {
    case .duplex: KeyEntry(.boolean, default: "true", "Messages go both ways.")
    case .bytes:
      KeyEntry(
        .size(Limit.byteCount), default: "64KiB", "Most bytes under way in one direction, and so the largest message.")
    case .type: KeyEntry(ValueShape.itemTypes, default: "any", "Type of the messages.")
    }
  }
}

extension PipeKey {
  static let foreign = ForeignWords([
    .key(bytes, "size capacity buffer maxbytes"), .key(duplex, "bidirectional direction mode"),
    .key(type, "messagetype dtype itemtype"),
  ])
}
