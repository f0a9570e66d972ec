/// What a command asks for: which files, under which settings.
package struct LoadRequest: Sendable {
  /// As the user gave them, merged left to right; the first one's folder and stem count.
  package var files: [String]
  /// What the first one's folder is called; `nil`: as its path says.
  package var folderName: String?
  /// Absolute: what relative paths in `files` and `environmentFiles` start from.
  package var currentDirectory: String
  /// The first file is no file but a stream, which lies in no folder: it counts as one of the current directory, and is
  /// named for that.
  package var isStream = false
  /// Of the process that asks: for `${VAR}` and for variables that `environment` passes on.
  package var environment: [String: String]
  /// `--env-file`; a later one wins.
  package var environmentFiles: [String]
  /// `--profile`; `*` enables all.
  package var profiles: [String]
  /// `--scale P=N`: instances of a process instead of its `replicas`.
  package var scale: [String: Int]
  /// `-p`: instead of the file's own name.
  package var projectName: String?
  /// Processors of the machine: those from 0 to below it exist.
  package var processorCount: Int

  package init(
    files: [String], currentDirectory: String, environment: [String: String] = [:], environmentFiles: [String] = [],
    profiles: [String] = [], scale: [String: Int] = [:], projectName: String? = nil, processorCount: Int
  ) {
    self.files = files
    self.currentDirectory = currentDirectory
    self.environment = environment
    self.environmentFiles = environmentFiles
    self.profiles = profiles
    self.scale = scale
    self.projectName = projectName
    self.processorCount = processorCount
  }
}

/// What came of it.
package struct LoadResult: Sendable {
  /// `nil` if there is an error among `diagnostics`.
  package var topology: Topology?
  /// All findings, in order of file, line and column.
  package var diagnostics: [Diagnostic]
  /// The texts that they speak of.
  package var sources: Sources
  /// Topology files and `--env-file`s that do not exist (exit code 66); each has its diagnostic too.
  package var missingFiles: [String]
}
