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
