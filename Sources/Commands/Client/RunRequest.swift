/// What a user said about which run is meant.
struct RunRequest {
  var project: String?
  var files: [String]

  /// Whether it says which by itself.
  var names: Bool { project != nil || !files.isEmpty }
}

/// A run that is alive, or of which it is known how it ended.
struct KnownRun: Equatable {
  var name: String
  /// Absolute paths, first to last.
  var files: [String]
}

/// Finds the run that a command means: by its name, by its file, by the file in this folder (or above), or, where that
/// leaves it open, the only one alive. A file in this folder decides: a command never reaches for another project.
struct RunSelection {
  var live: [KnownRun]
  /// The last one first.
  var ended: () -> [KnownRun]
  /// Absolute path of the `mporch.yaml` here or above.
  var folderFile: String?
  /// The name of the project that files declare; absolute paths.
  var nameOfProject: ([String]) -> String

  /// The name of the run, alive or not; `nil`: nothing says which, and none is alive.
  func select(_ request: RunRequest) throws(CommandFailure) -> String? {
    if let project = request.project { return project }
    if !request.files.isEmpty { return try project(of: request.files) }
    if let folderFile { return try project(of: [folderFile]) }
    guard live.count > 1 else { return live.first?.name }
    throw ambiguous(live, "several runs are alive")
  }

  private func project(of files: [String]) throws(CommandFailure) -> String {
    let matching = live.filter { $0.files == files }
    if matching.count > 1 { throw ambiguous(matching, "several runs of '\(files[0])' are alive") }
    if let run = matching.first ?? ended().first(where: { $0.files == files }) { return run.name }
    return nameOfProject(files)
  }

  private func ambiguous(_ runs: [KnownRun], _ reason: String) -> CommandFailure {
    let list = runs.map { "\n  -p \($0.name)  (\($0.files.joined(separator: ", ")))" }.joined()
    return CommandFailure(.usage, reason + "; say which one:" + list)
  }
}
