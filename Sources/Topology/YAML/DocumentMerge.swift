/// Several files as one: maps by key, other values replaced; each node keeps the place in its own file.
enum DocumentMerge {
  /// Sections that may be a list of names instead of a map: either form merges with either.
  private static let resourceSections = Set(ResourceSection.allCases.map(\.rawValue))

  /// `later` wins.
  static func merge(_ earlier: Node, with later: Node, reporting diagnostics: inout [Diagnostic]) -> Node {
    merge(earlier, with: later) { key, earlier, later in
      guard resourceSections.contains(key) else { return (earlier, later) }
      let known = names(of: earlier, reporting: &diagnostics)
      let named = names(of: later, reporting: &diagnostics)
      return (known, isList(later) ? without(named, known) : named)
    }
  }

  private static func isList(_ node: Node) -> Bool {
    if case .sequence = node.content { true } else { false }
  }

  /// A list says of its names only that they are there: it leaves what an earlier file says of them.
  private static func without(_ named: Node, _ known: Node) -> Node {
    guard case .mapping(let entries) = named.content, case .mapping(let knownEntries) = known.content else {
      return named
    }
    let keys = Set(knownEntries.map { ByteString($0.key) })
    return Node(place: named.place, content: .mapping(entries.filter { !keys.contains(ByteString($0.key)) }))
  }

  /// Recursion is bounded by `DocumentLimits.depth`.
  private static func merge(
    _ earlier: Node, with later: Node, preparing prepare: (String, Node, Node) -> (Node, Node)
  ) -> Node {
    guard case .mapping(var entries) = earlier.content, case .mapping(let laterEntries) = later.content else {
      return later
    }
    var indices = Dictionary(
      entries.indices.map { (ByteString(entries[$0].key), $0) }, uniquingKeysWith: { first, _ in first })
    for entry in laterEntries {
      guard let index = indices[ByteString(entry.key)] else {
        indices[ByteString(entry.key)] = entries.count
        entries.append(entry)
        continue
      }
      let (old, new) = prepare(entry.key, entries[index].value, entry.value)
      let value = merge(old, with: new) { ($1, $2) }
      // Diagnostics of a key whose value is a merged map speak of where it was first; of another, where it is set.
      if case .mapping = old.content, case .mapping = new.content {
        entries[index].value = value
      } else {
        entries[index] = Node.Entry(key: entry.key, keyPlace: entry.keyPlace, value: value)
      }
    }
    return Node(place: earlier.place, content: .mapping(entries))
  }

  /// A list of names as the map that it stands for: each with nothing as its value. Anything else as it is.
  private static func names(of section: Node, reporting diagnostics: inout [Diagnostic]) -> Node {
    guard case .sequence(let elements) = section.content else { return section }
    var entries: [Node.Entry] = []
    var places: [ByteString: Place] = [:]
    for element in elements {
      guard case .scalar(let scalar) = element.content else { return section }
      if let first = places.updateValue(element.place, forKey: ByteString(scalar.text)) {
        if diagnostics.count < DocumentLimits.errorCount {
          diagnostics.append(.duplicateKey(scalar.text, at: element.place, first: first))
        }
        continue
      }
      let nothing = Node(place: element.place, content: .scalar(Node.Scalar(text: "", isQuoted: false)))
      entries.append(Node.Entry(key: scalar.text, keyPlace: element.place, value: nothing))
    }
    return Node(place: section.place, content: .mapping(entries))
  }
}

extension Diagnostic {
  static func duplicateKey(_ key: String, at place: Place, first: Place) -> Diagnostic {
    Diagnostic(
      .error, at: place, "duplicate key '\(key)'", help: "remove one of them, or give it another name",
      notes: [Note(place: first, message: "first given here")])
  }
}
