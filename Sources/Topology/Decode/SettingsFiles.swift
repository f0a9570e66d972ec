/// Reads files of variables, and keeps their texts for the diagnostics that speak of them.
final class SettingsFiles {
  private let access: FileAccess
  private let findings: Findings
  private(set) var sources: [SourceText] = []
  private(set) var missing: [String] = []

  init(access: FileAccess, findings: Findings) {
    self.access = access
    self.findings = findings
  }

  /// Those of the command line, a later one first, then `.env` in `directory`, which need not be there.
  func environment(_ paths: [String], directory: String, over environment: [String: String]) -> [[String: String]] {
    var known = [environment]
    for path in paths.reversed() {
      switch read(path) {
      case .success(let source): known.append(parse(source, known).values)
      case .failure(let failure):
        if failure == .notFound { missing.append(path) }
        findings.add(Diagnostic(.error, file: path, failure.message, help: "'--env-file' names it"))
      }
    }
    let beside = directory == "." ? ".env" : directory + "/.env"
    switch read(beside) {
    case .success(let source): known.append(parse(source, known).values)
    case .failure(.notFound): break
    case .failure(let failure): findings.add(Diagnostic(.error, file: beside, failure.message))
    }
    return known
  }

  /// One that the file names at `place`.
  func variables(
    _ path: String, at place: Place, isRequired: Bool, _ subject: String, help: String? = nil,
    environment: [[String: String]]
  ) -> [EnvironmentFile.Variable] {
    switch read(path) {
    case .success(let source): return parse(source, environment).variables
    case .failure(.notFound) where !isRequired: return []
    case .failure(let failure):
      findings.error(
        at: place, "\(subject): '\(path)': \(failure.message)", help: help ?? "paths are relative to the file")
      return []
    }
  }

  private func read(_ path: String) -> Result<SourceText, FileAccess.Failure> {
    access.read(path, DocumentLimits.fileByteCount).map { SourceText(file: path, bytes: $0) }
  }

  private func parse(_ source: SourceText, _ environment: [[String: String]]) -> EnvironmentFile {
    // Two processes may name one file: its findings are the same, and shown once.
    sources.append(source)
    let file = EnvironmentFile.parse(source, environment: environment)
    for diagnostic in file.diagnostics { findings.add(diagnostic) }
    return file
  }
}

extension FileAccess.Failure {
  fileprivate var message: String {
    switch self {
    case .notFound: "no such file"
    case .tooLarge: "the file is larger than \(DocumentLimits.fileByteCount >> 20) MiB"
    case .unreadable(let reason): "can't be read: \(reason)"
    }
  }
}
