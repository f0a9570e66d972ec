internal import Limits

/// The keys at the top of a file; `x-…` are free for the user.
enum TopLevelKey: KeyTable {
  case name
  case failFast
  case logging
  case environment
  case environmentFile
  case section(ResourceSection)
  case processes

  static let allCases: [TopLevelKey] =
    [.name] + ResourceSection.allCases.map { .section($0) } + [
      .processes, .failFast, .logging, .environment, .environmentFile,
    ]

  init?(rawValue: String) {
    guard let key = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = key
  }

  var rawValue: String {
    switch self {
    case .name: "name"
    case .failFast: "fail_fast"
    case .logging: "logging"
    case .environment: ProcessKey.environment.rawValue
    case .environmentFile: ProcessKey.environmentFile.rawValue
    case .section(let section): section.rawValue
    case .processes: "processes"
    }
  }

  var entry: KeyEntry {
    switch self {
    case .name: KeyEntry(.name, "Name of the run; by default the file's stem, or the folder's name for mporch.yaml.")
    case .failFast:
      KeyEntry(.boolean, default: "false", "The first process to fail for good ends the run.")
    case .logging: KeyEntry(.keys(LoggingKey.self), "How long logs may grow.")
    case .environment:
      KeyEntry(ProcessKey.environment.entry.shape, "Variables of every process; a process's own win, key by key.")
    case .environmentFile:
      KeyEntry(
        ProcessKey.environmentFile.entry.shape, "Files of variables of every process; 'environment' wins over them.")
    case .section(let section): KeyEntry(section.sort.shape, section.sort.summary)
    case .processes:
      KeyEntry(.map(of: .keys(ProcessKey.self)), required: true, "What runs, by name.")
    }
  }
}

enum LoggingKey: String, KeyTable {
  case maxSize = "max_size"
  case maxFiles = "max_files"

  var entry: KeyEntry {
    switch self {
    case .maxSize: KeyEntry(.size(1...Limit.byteCount.upperBound), default: "10MiB", "Size at which a log is rotated.")
    case .maxFiles: KeyEntry(.integer(1...10_000), default: "10", "Files that are kept of each log.")
    }
  }
}

/// The keys at the top of the file that are no sections of resources.
struct HeaderDecoder {
  let request: LoadRequest
  let fields: Fields<TopLevelKey>
  let findings: Findings

  private var firstFile: String { request.files.first ?? "" }

  /// `-p`, else the file's, else its stem, or the folder's for `mporch.yaml`.
  func name(folder: String) -> String {
    let own = fields[.name].flatMap { entry in
      findings.string(entry.value, "'name'").flatMap { findings.name($0, at: entry.value.place, "a topology") }
    }
    if let name = request.projectName {
      if !NameText.isName(name) {
        findings.add(
          Diagnostic(.error, file: firstFile, "'\(name)' can't name a topology", help: NameText.rule))
      }
      return name
    }
    if let own { return own }
    let stem = PathText.stem(of: firstFile)
    return fitted(request.isStream || PathText.lastComponent(of: firstFile) == "mporch.yaml" ? folder : stem)
  }

  func logging() -> Topology.Logging {
    var logging = Topology.Logging()
    guard let entry = fields[.logging], !entry.value.isNull else { return logging }
    let fields = Fields<LoggingKey>(entry.value, owner: "'logging'", ownerPlace: entry.keyPlace, findings: findings)
    logging.maxFileByteCount = fields?.size(.maxSize) ?? logging.maxFileByteCount
    logging.maxFileCount = fields?.integer(.maxFiles) ?? logging.maxFileCount
    return logging
  }

  func processes() -> [Node.Entry] {
    let help = "declare at least one process under 'processes:'; 'mporch init' writes a small topology to begin with"
    guard let entry = fields[.processes] else {
      if fields.presumed.contains(.processes) { return [] }
      findings.add(Diagnostic(.error, file: firstFile, "the topology has no processes", help: help))
      return []
    }
    switch entry.value.content {
    case .mapping(let entries) where !entries.isEmpty: return entries
    case .mapping: findings.error(at: entry.keyPlace, "the topology has no processes", help: help)
    case .scalar where entry.value.isNull:
      findings.error(at: entry.keyPlace, "the topology has no processes", help: help)
    case .sequence, .scalar:
      findings.wrong(
        entry.value, "'processes'", mustBe: "a map of processes by name", help: "write 'NAME:' and its keys below it")
    }
    return []
  }

  /// A file may be called as it likes: what a name can't have becomes `-`.
  private func fitted(_ text: String) -> String {
    var name = String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" })
    if name.first.map({ $0.isLetter }) != true { name = "run-" + name }
    return String(name.prefix(Limit.nameLength))
  }
}
