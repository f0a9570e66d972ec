internal import Limits

// Values and arrays.

extension ResourceDecoder {
  func value(_ entry: ResourceIndex.Entry) -> Resource.Kind {
    if let node = short(entry) {
      let isNumber = node.scalar?.number != nil
      let type =
        findings.word(
          node, ElementType.self, "the type of \(subject(entry))", foreign: .elementTypes,
          otherwise: isNumber
            ? "its short form is its type: write '\(entry.name): {type: int64, initial: \(node.scalar?.text ?? "")}'"
            : nil)
        ?? .int64
      return .value(type, initial: type.zero)
    }
    let fields = fields(entry, ValueKey.self)
    guard let fields, let type = fields.word(.type, ElementType.self, foreign: .elementTypes) else {
      return .value(.int64, initial: .int(0))
    }
    let initial = fields.node(.initial).flatMap { findings.element($0, type, fields.subject(.initial)) }
    return .value(type, initial: initial ?? type.zero)
  }

  func array(_ entry: ResourceIndex.Entry) -> Resource.Kind {
    if let node = short(entry) { return shortArray(node, entry) }
    guard let fields = fields(entry, ArrayKey.self),
      let type = fields.word(.type, ElementType.self, foreign: .elementTypes)
    else {
      return .array(.int64, length: 1, initial: [])
    }
    let length = fields.integer(.length)
    guard let node = fields.node(.initial) else {
      if fields[.length] == nil { fields.reportMissing(.length, help: "give 'length: N', or 'initial: […]'") }
      return .array(type, length: length ?? 1, initial: [])
    }
    let initial = elements(node, type, fields)
    if let length, let initial, length != initial.count {
      findings.error(
        at: node.place, "\(fields.owner) has \(Wording.count(initial.count, "initial element")) and length \(length)",
        help: "give one of 'length' and 'initial', or as many elements as the length says")
    }
    return .array(type, length: initial?.count ?? length ?? 1, initial: initial ?? [])
  }

  /// `int32[4]`
  private func shortArray(_ node: Node, _ entry: ResourceIndex.Entry) -> Resource.Kind {
    let parts = (node.scalar?.text ?? "").split(separator: "[", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].hasSuffix("]"), let length = Int(parts[1].dropLast()) else {
      findings.wrong(node, subject(entry), mustBe: "a type and a length, as in 'int32[4]', or a map")
      return .array(.int64, length: 1, initial: [])
    }
    if !Limit.arrayLength.contains(length) {
      findings.wrong(
        node, "the length of \(subject(entry))", mustBe: "at least 1, and at most \(Limit.arrayLength.upperBound)")
    }
    guard let type = ElementType(rawValue: String(parts[0])) else {
      let words = ElementType.allCases.map(\.rawValue)
      findings.error(
        at: node.place, "the element type of \(subject(entry)) must be \(Wording.choice(words)), not '\(parts[0])'",
        help: ForeignWords.elementTypes[String(parts[0])]?.help
          ?? Wording.suggestion(for: String(parts[0]), among: words))
      return .array(.int64, length: 1, initial: [])
    }
    return .array(type, length: max(1, length), initial: [])
  }

  private func elements(_ node: Node, _ type: ElementType, _ fields: Fields<ArrayKey>) -> [Literal]? {
    guard case .sequence(let nodes) = node.content else {
      findings.wrong(node, fields.subject(.initial), mustBe: "a list")
      return nil
    }
    guard !nodes.isEmpty else {
      findings.error(
        at: node.place, "\(fields.owner) has no elements", help: "list at least one, or give 'length' instead")
      return nil
    }
    let subject = "an element of \(fields.owner)"
    return nodes.map { findings.element($0, type, subject) ?? type.zero }
  }
}
