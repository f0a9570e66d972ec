internal import Limits

/// Points at which a number of instances wait for one another.
struct BarrierSort: ResourceSort {
  typealias Key = BarrierKey

  var parties: Int

  static let noun = "barrier"
  static let summary = "Points at which a number of instances wait for one another."
  static var shortShape: ValueShape? { BarrierKey.parties.entry.shape }
  static let shortForm: String? = "the number of parties, as in 'round: 4'"
  static let outline = Graph.Outline(dot: "trapezium", mermaid: (#"[\"#, "/]"))

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind {
    if let node = decoder.short(entry) {
      decoder.remember(node.place, of: id)
      let parties = decoder.findings.integer(
        node, in: Limit.count, "the number of parties of \(decoder.subject(entry))")
      return .barrier(parties: parties ?? 1)
    }
    let fields = decoder.fields(entry, BarrierKey.self)
    decoder.remember(fields?[.parties]?.value.place, of: id)
    return .barrier(parties: fields?.integer(.parties) ?? 1)
  }

  func tree(in resolved: ResolvedTopology) -> YAMLTree { .fields(BarrierKey.self, [(.parties, .number(parties))]) }

  var detail: String { "barrier of \(parties)" }

  var scriptObject: LuaObject {
    LuaObject("a barrier", methods: ["wait", "abort", "reset", "parties", "waiting"])
  }
}

enum BarrierKey: String, KeyTable {
  case parties

  var entry: KeyEntry { KeyEntry(.integer(Limit.count), required: true, "Instances that wait for one another.") }
}

extension BarrierKey {
  static let foreign = ForeignWords([.key(parties, "n count size members")])
}
