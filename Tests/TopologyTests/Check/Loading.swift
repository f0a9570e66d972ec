import Topology

/// A machine in which only these files and folders are.
struct Loading {
  var files: [String: String] = [:]
  var folders: Set<String> = ["/home/ann/t", "/data"]
  var request = LoadRequest(files: ["t.yaml"], currentDirectory: "/home/ann/t", processorCount: 4)

  init(_ text: String) { files["t.yaml"] = text }

  func result() -> LoadResult {
    let files = files
    let folders = folders
    return TopologyLoader.load(
      request, signatures: TestCatalogue.signatures,
      access: FileAccess { path, _ in files[path].map { .success(Array($0.utf8)) } ?? .failure(.notFound) },
      isFolder: { folders.contains($0) })
  }

  /// As a user sees it.
  static func report(_ text: String) -> String { Loading(text).report }

  var report: String {
    let result = result()
    return DiagnosticRenderer(sources: result.sources).render(result.diagnostics)
  }

  /// `line:column: severity: message` of each diagnostic.
  static func lines(_ text: String) -> [String] { Loading(text).lines }

  var lines: [String] {
    result().diagnostics.map { diagnostic in
      (diagnostic.place.map { "\($0.line):\($0.column): " } ?? "")
        + "\(diagnostic.severity.rawValue): \(diagnostic.message)"
    }
  }
}

extension Topology {
  func process(_ name: String) -> ProcessDeclaration? { processes.first { $0.name == name } }
  func resource(_ name: String) -> Resource? { resources.first { $0.name == name } }

  func queue(_ name: String) -> Resource.Queue? {
    if case .queue(let queue)? = resource(name)?.kind { queue } else { nil }
  }

  func pipe(_ name: String) -> Resource.Pipe? {
    if case .pipe(let pipe)? = resource(name)?.kind { pipe } else { nil }
  }
}
