/// A mapping whose end is not seen yet: finds duplicate keys as they come, and merges `<<` at its end.
struct MappingBuilder {
  struct Key {
    var text: String
    var place: Place
    /// `<<`, not quoted.
    var isMerge: Bool
  }

  /// Its value comes next.
  private(set) var pendingKey: Key?
  private(set) var firstKeyPlace: Place?
  private var entries: [Node.Entry] = []
  private var places: [ByteString: Place] = [:]
  private var merged: (position: Int, place: Place, source: Node)?

  var awaitsKey: Bool { pendingKey == nil }

  mutating func take(key: ScalarReader.Written, at place: Place) {
    pendingKey = Key(text: key.text, place: place, isMerge: key.style == .plain && key.text == "<<")
    if firstKeyPlace == nil { firstKeyPlace = place }
  }

  mutating func take(value: Node, reporting diagnostics: inout [Diagnostic]) {
    guard let key = pendingKey else { return }
    pendingKey = nil
    if key.isMerge {
      if let merged {
        diagnostics.append(.duplicateKey(key.text, at: key.place, first: merged.place))
      } else {
        merged = (entries.count, key.place, value)
      }
      return
    }
    let name = ByteString(key.text)
    if let first = places[name] {
      diagnostics.append(.duplicateKey(key.text, at: key.place, first: first))
      return
    }
    places[name] = key.place
    entries.append(Node.Entry(key: key.text, keyPlace: key.place, value: value))
  }

  /// Merged entries stand where `<<` stood; its own keys win over merged ones, earlier maps over later ones.
  func finish(reporting diagnostics: inout [Diagnostic]) -> [Node.Entry] {
    guard let merged else { return entries }
    var seen = Set(places.keys)
    let added = sources(of: merged.source, reporting: &diagnostics).flatMap { $0 }.filter {
      seen.insert(ByteString($0.key)).inserted
    }
    return entries[..<merged.position] + added + entries[merged.position...]
  }

  private func sources(of node: Node, reporting diagnostics: inout [Diagnostic]) -> [[Node.Entry]] {
    switch node.content {
    case .mapping(let entries): return [entries]
    case .sequence(let elements):
      return elements.compactMap { element in
        if case .mapping(let entries) = element.content { return entries }
        diagnostics.append(.badMergeSource(at: element.place))
        return nil
      }
    case .scalar:
      diagnostics.append(.badMergeSource(at: node.place))
      return []
    }
  }
}
