/// What the topology files say, merged, before any key is looked at.
package struct LoadedDocument: Sendable {
  /// `nil` where a file is missing or its structure can't be known. With a root there may be diagnostics nevertheless
  /// (a duplicate key, an unset variable): decode it, so that all of them are seen at once.
  package var root: Node?
  package var diagnostics: [Diagnostic] = []
  package var sources = Sources()
  /// Files that do not exist (exit code 66); each has its diagnostic too.
  package var missingFiles: [String] = []
}

/// Files → merged tree of nodes, with every finding.
package struct DocumentLoader {
  /// Merges `files` left to right. A variable's value is that of the first of `environment` which has it: the
  /// process's environment, then `--env-file`, then `.env`.
  package static func load(
    files: [String], environment: [[String: String]], access: FileAccess
  ) -> LoadedDocument {
    var loader = DocumentLoader(environment: environment, access: access)
    let roots = files.map { loader.root(of: $0) }
    if !roots.contains(where: { $0 == nil }) {
      loader.document.root = loader.merge(roots.compactMap { $0 })
    }
    return loader.document
  }

  private let environment: [[String: String]]
  private let access: FileAccess
  private var document = LoadedDocument()

  private init(environment: [[String: String]], access: FileAccess) {
    self.environment = environment
    self.access = access
  }

  private mutating func root(of file: String) -> Node? {
    let limit = DocumentLimits.fileByteCount
    switch access.read(file, limit) {
    case .success(let bytes):
      // An access that ignores the limit must not get past it.
      guard bytes.count <= limit else { return fail(file, reading: .tooLarge) }
      return compose(SourceText(file: file, bytes: bytes))
    case .failure(let failure): return fail(file, reading: failure)
    }
  }

  private mutating func compose(_ text: SourceText) -> Node? {
    document.sources.add(text)
    let composition = Composer.compose(text, environment: environment)
    document.diagnostics += composition.diagnostics
    return composition.root
  }

  private mutating func fail(_ file: String, reading failure: FileAccess.Failure) -> Node? {
    if failure == .notFound { document.missingFiles.append(file) }
    document.diagnostics.append(failure.diagnostic(of: file))
    return nil
  }

  private mutating func merge(_ roots: [Node]) -> Node? {
    guard var merged = roots.first else { return nil }
    for root in roots.dropFirst() {
      merged = DocumentMerge.merge(merged, with: root, reporting: &document.diagnostics)
    }
    return merged
  }
}

extension FileAccess.Failure {
  fileprivate func diagnostic(of file: String) -> Diagnostic {
    switch self {
    case .notFound:
      Diagnostic(.error, file: file, "no such file", help: "'mporch init' writes a small topology to begin with")
    case .tooLarge:
      Diagnostic(
        .error, file: file, "the file is larger than \(DocumentLimits.fileByteCount >> 20) MiB",
        help: "a topology is small: put data into files of its own, for 'read-lines' to read")
    case .unreadable(let reason):
      Diagnostic(.error, file: file, "can't read the file: \(reason)")
    }
  }
}

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

/// A topology file is UTF-8; a byte order mark is allowed and has no meaning.
enum EncodingCheck {
  /// `nil`: it is UTF-8.
  static func problem(of source: SourceText) -> Diagnostic? {
    let bytes = source.bytes
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return Diagnostic(
        .error, file: source.file, "the file is UTF-16, and a topology is UTF-8",
        help: "save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8")
    }
    do throws(Unicode.UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return nil
    } catch {
      let offset = error.byteOffsets.lowerBound
      let (line, column) = source.position(ofByte: offset)
      let place = Place(file: source.file, line: line, column: column, endColumn: column + 1)
      return Diagnostic(
        .error, at: place, "byte 0x\(hexadecimal(bytes[offset])) is not valid UTF-8",
        help: "save the file as UTF-8, or convert it: iconv -f ISO-8859-1 -t UTF-8")
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
}
