/// One file's events composed to a tree: anchors, merge keys and variables resolved, within `DocumentLimits`.
///
/// It keeps its own stack, so no depth of nesting is a depth of recursion.
struct Composer {
  struct Composition {
    /// `nil`: the structure can't be known, or there is none.
    var root: Node?
    var diagnostics: [Diagnostic] = []
  }

  static func compose(_ source: SourceText, environment: [[String: String]]) -> Composition {
    if let diagnostic = EncodingCheck.problem(of: source) { return Composition(diagnostics: [diagnostic]) }
    var composer = Composer(source, environment: environment)
    do throws(Diagnostic) {
      try composer.run()
    } catch {
      composer.diagnostics.append(error)
      composer.root = nil
    }
    let (root, diagnostics) = (composer.root, composer.diagnostics)
    guard diagnostics.count >= DocumentLimits.errorCount else {
      return Composition(root: root, diagnostics: diagnostics)
    }
    return Composition(diagnostics: diagnostics.prefix(DocumentLimits.errorCount) + [.tooManyErrors(source.file)])
  }

  var places: PlaceFinder
  var diagnostics: [Diagnostic] = []
  private var scalars: ScalarReader
  private var root: Node?
  /// Open collections, outermost first.
  private var stack: [Frame] = []
  private var anchors: [String: Anchored] = [:]
  private var aliasedNodeCount = 0

  /// What an alias stands for.
  private struct Anchored {
    var node: Node
    var nodeCount: Int
    var height: Int
    /// Of a scalar: as written, since whether its variables are replaced depends on where it is used.
    var written: ScalarReader.Written?
  }

  private init(_ source: SourceText, environment: [[String: String]]) {
    places = PlaceFinder(source)
    scalars = ScalarReader(environment: environment)
  }

  private mutating func run() throws(Diagnostic) {
    var stream = EventStream(places.source.bytes)
    var isAfterDocument = false
    while diagnostics.count < DocumentLimits.errorCount {
      let event = try next(of: &stream)
      switch event.kind {
      case .streamStart: break
      case .streamEnd:
        if !isAfterDocument { throw .emptyFile(places.source.file) }
        return
      case .documentStart:
        if isAfterDocument {
          diagnostics.append(.secondDocument(at: places.place(from: event.start, to: event.end)))
          return
        }
      case .documentEnd: isAfterDocument = true
      default: try take(event)
      }
    }
  }

  private mutating func next(of stream: inout EventStream) throws(Diagnostic) -> EventStream.Event {
    do throws(EventStream.Problem) {
      return try stream.next()
    } catch {
      throw SyntaxWording(problem: error, places: places).diagnostic
    }
  }

  private mutating func take(_ event: EventStream.Event) throws(Diagnostic) {
    switch event.kind {
    case .alias(let anchor): try takeAlias(anchor, at: places.place(from: event.start, to: event.end))
    case .scalar(let text, let style, let properties):
      try takeScalar(text, style, properties, from: event.start, to: event.end)
    case .sequenceStart(let isFlow, let properties):
      try open(isMapping: false, isFlow: isFlow, properties, event)
    case .mappingStart(let isFlow, let properties):
      try open(isMapping: true, isFlow: isFlow, properties, event)
    default: try close(end: event.end)
    }
  }

  // MARK: Nodes

  private mutating func takeScalar(
    _ text: String, _ style: EventStream.ScalarStyle, _ properties: EventStream.Properties, from start: Int, to end: Int
  ) throws(Diagnostic) {
    if stack.isEmpty, text.isEmpty, style == .plain, properties.isEmpty { throw .emptyFile(places.source.file) }
    let written = scalars.written(text, style, properties, from: start, to: end, places: &places)
    let anchored = Anchored(node: node(of: written), nodeCount: 1, height: 0, written: written)
    if let anchor = properties.anchor { anchors[anchor] = anchored }
    try attach(anchored)
  }

  /// A key's text is taken as it is; of values, all but a script's have their variables replaced.
  private mutating func node(of written: ScalarReader.Written) -> Node {
    let role: ScalarReader.Role =
      switch (stack.last?.mapping, stack.last?.mapping?.pendingKey) {
      case (nil, _): .value
      case (_, nil): .key
      case (_, let key?): key.text == "script" ? .script : .value
      }
    return scalars.node(of: written, as: role, places: &places, reporting: &diagnostics)
  }

  private mutating func takeAlias(_ anchor: String, at place: Place) throws(Diagnostic) {
    if stack.contains(where: { $0.anchor == anchor }) { throw .recursiveAlias(anchor, at: place) }
    guard var anchored = anchors[anchor] else { throw .unknownAlias(anchor, at: place, known: anchors.keys.sorted()) }
    aliasedNodeCount += anchored.nodeCount
    if aliasedNodeCount > DocumentLimits.aliasedNodeCount { throw .aliasBomb(at: place) }
    if stack.count + anchored.height > DocumentLimits.depth { throw .tooDeep(at: place) }
    if let written = anchored.written { anchored.node = node(of: written) }
    // As a key it names something here; as a value it says what is said at its anchor.
    if stack.last?.mapping?.awaitsKey == true { anchored.node.place = place }
    try attach(anchored)
  }

  private mutating func open(
    isMapping: Bool, isFlow: Bool, _ properties: EventStream.Properties, _ event: EventStream.Event
  ) throws(Diagnostic) {
    let start = properties.isEmpty ? event.start : places.contentStart(from: event.start, to: event.end)
    let place = places.place(from: start, to: max(start + 1, event.end))
    if stack.last?.mapping?.awaitsKey == true { throw .collectionAsKey(at: place) }
    if stack.count >= DocumentLimits.depth { throw .tooDeep(at: place) }
    if let tag = properties.tag, !["!", isMapping ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq"].contains(tag) {
      diagnostics.append(.unknownTag(tag, at: places.place(from: event.start, to: start)))
    }
    // An anchor that is given anew hides the old one, inside the node too.
    if let anchor = properties.anchor { anchors[anchor] = nil }
    stack.append(
      Frame(
        anchor: properties.anchor, start: start, place: place, isFlow: isFlow,
        mapping: isMapping ? MappingBuilder() : nil
      ))
  }

  private mutating func close(end: Int) throws(Diagnostic) {
    let frame = stack.removeLast()
    let place = frame.isFlow ? places.place(from: frame.start, to: end) : frame.blockPlace
    let content: Node.Content =
      if let mapping = frame.mapping {
        .mapping(mapping.finish(reporting: &diagnostics))
      } else {
        .sequence(frame.elements)
      }
    let anchored = Anchored(
      node: Node(place: place, content: content), nodeCount: frame.nodeCount, height: frame.height, written: nil)
    if let anchor = frame.anchor { anchors[anchor] = anchored }
    try attach(anchored)
  }

  private mutating func attach(_ anchored: Anchored) throws(Diagnostic) {
    guard let top = stack.indices.last else {
      root = anchored.node
      return
    }
    stack[top].nodeCount += anchored.nodeCount
    stack[top].height = max(stack[top].height, anchored.height + 1)
    if stack[top].mapping == nil {
      stack[top].elements.append(anchored.node)
    } else if stack[top].mapping!.awaitsKey {
      guard let written = anchored.written else { throw .collectionAsKey(at: anchored.node.place) }
      if written.isEmpty { throw .emptyKey(at: anchored.node.place) }
      stack[top].mapping!.take(key: written, at: anchored.node.place)
    } else {
      stack[top].mapping!.take(value: anchored.node, reporting: &diagnostics)
    }
  }
}

extension Composer {
  /// A collection whose end is not seen yet.
  private struct Frame {
    var anchor: String?
    /// In code points.
    var start: Int
    var place: Place
    var isFlow: Bool
    /// `nil`: a sequence.
    var mapping: MappingBuilder?
    var elements: [Node] = []
    /// With all below it, aliases expanded.
    var nodeCount = 1
    /// Levels of collections, itself included.
    var height = 1

    /// A block has no end to point at: its first key or item stands for it.
    var blockPlace: Place {
      var place = place
      let first = mapping.map { $0.firstKeyPlace } ?? elements.first?.place
      if let first, first.line == place.line, first.file == place.file {
        place.endColumn = max(first.endColumn, place.endColumn)
      }
      return place
    }
  }
}

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
