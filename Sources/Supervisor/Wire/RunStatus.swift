/// A run as a whole: what `ls` shows, and what the state folder keeps in `run.json`.
package struct RunStatus: Codable, Sendable, Equatable {
  package var project: String
  /// Of its supervisor.
  package var pid: Int32
  /// Of the supervisor, from /proc/PID/stat: with `pid` it names one process for ever.
  package var startTicks: UInt64
  /// Absolute paths.
  package var files: [String]
  package var directory: String
  package var logDirectory: String
  /// Nanoseconds since 1970.
  package var startedAt: Int64
  package var isDetached: Bool
  /// Of each of its processes: `RunMark`.
  package var mark: String

  package init(
    project: String, pid: Int32, startTicks: UInt64, files: [String], directory: String, logDirectory: String,
    startedAt: Int64, isDetached: Bool, mark: String
  ) {
    self.project = project
    self.pid = pid
    self.startTicks = startTicks
    self.files = files
    self.directory = directory
    self.logDirectory = logDirectory
    self.startedAt = startedAt
    self.isDetached = isDetached
    self.mark = mark
  }
}
