package import Topology

/// What `mporch up` asks of a new supervisor: the first frame on the attach connection.
package struct StartRequest: Codable, Sendable, Equatable {
  /// As given with `-f`, or as found; relative ones to the working folder, which the supervisor inherits.
  package var files: [String]
  /// By which these files are known: absolute, and without links.
  package var filePaths: [String]
  /// What the client has read, of these files and of those that they name, by path. Nothing of it is read again.
  package var contents: [String: FileContent]
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
    files: [String], filePaths: [String], record: FileRecord, projectName: String? = nil,
    environmentFiles: [String] = [], profiles: [String] = [],
    scale: [String: Int] = [:], attachment: Attachment, gracePeriodSeconds: Double? = nil,
    waitLimitSeconds: Double? = nil
  ) {
    self.files = files
    self.filePaths = filePaths
    contents = record.contents.mapValues(FileContent.init)
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

/// What a client found where it looked for a file.
package enum FileContent: Codable, Sendable, Equatable {
  /// In base 64.
  case bytes(String)
  case missing
  case tooLarge
  case unreadable(reason: String)

  init(_ content: FileRecord.Content) {
    self =
      switch content {
      case .success(let bytes): .bytes(WireCoding.base64(bytes))
      case .failure(.notFound): .missing
      case .failure(.tooLarge): .tooLarge
      case .failure(.unreadable(let reason)): .unreadable(reason: reason)
      }
  }

  var content: FileRecord.Content {
    switch self {
    case .bytes(let text): .success(WireCoding.bytes(base64: text))
    case .missing: .failure(.notFound)
    case .tooLarge: .failure(.tooLarge)
    case .unreadable(let reason): .failure(.unreadable(reason: reason))
    }
  }
}
