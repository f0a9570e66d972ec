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
