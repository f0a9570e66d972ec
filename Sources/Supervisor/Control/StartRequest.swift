/// What `mporch up` asks of a new supervisor: the first frame on the attach connection.
package struct StartRequest: Codable, Sendable, Equatable {
  /// As given with `-f`, or as found; relative ones to the working folder, which the supervisor inherits.
  package var files: [String]
  /// `-p`.
  package var projectName: String?
  package var environmentFiles: [String]
  package var profiles: [String]
  /// `--scale P=N`.
  package var scale: [String: Int]
  package var attachment: Attachment
  /// `--timeout`: the grace period of every process in this run.
  package var gracePeriodSeconds: Double?
  /// Of a client that does not hand them on by starting the supervisor: its variables, and its working folder.
  package var environment: [String: String]?
  package var currentDirectory: String?
  /// `--wait-timeout`: how long a client that waits for readiness waits.
  package var waitLimitSeconds: Double?

  package init(
    files: [String], projectName: String? = nil, environmentFiles: [String] = [], profiles: [String] = [],
    scale: [String: Int] = [:], attachment: Attachment, gracePeriodSeconds: Double? = nil,
    waitLimitSeconds: Double? = nil
  ) {
    self.files = files
    self.projectName = projectName
    self.environmentFiles = environmentFiles
    self.profiles = profiles
    self.scale = scale
    self.attachment = attachment
    self.gracePeriodSeconds = gracePeriodSeconds
    self.waitLimitSeconds = waitLimitSeconds
  }

  /// What the connection is for after the start.
  package enum Attachment: Codable, Sendable, Equatable {
    /// The run lives as long as the connection. The output of the named processes and instances is forwarded; `nil`: of
    /// all.
    case foreground(outputOf: [String]?)
    /// The connection closes once all processes have started, or, with `wait`, are ready.
    case detached(wait: Bool)
  }
}
