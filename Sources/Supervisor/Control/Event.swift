/// Something that happened to a run: shown by a foreground `up`, streamed by `events`, kept in mporch's own log.
package struct Event: Codable, Sendable, Equatable {
  /// Nanoseconds since 1970.
  package var time: Int64
  package var kind: Kind

  package init(time: Int64, kind: Kind) {
    self.time = time
    self.kind = kind
  }

  package enum Kind: Codable, Sendable, Equatable {
    case started(instance: String, pid: Int32)
    /// Its health check has passed, or the line came that says so; also after `unhealthy`.
    case ready(instance: String)
    /// `text`: in the form of a diagnostic, with the last that its test said.
    case unhealthy(instance: String, text: String)
    /// `willRestartAfterSeconds`: by its restart policy.
    case exited(instance: String, ending: Ending, willRestartAfterSeconds: Double?)
    /// It will never start, because of what it depends on.
    case neverStarted(instance: String, reason: String)
    case stopping(instance: String, signal: Int32)
    /// The grace period was over.
    case killed(instance: String)
    /// mporch's own words: a repair, a deadlock, a log that can't be stored. `text` may have several lines.
    case message(severity: Severity, text: String)
    case runStopping(reason: String)
    case runEnded(exitCode: Int32)

    /// Goes as planned: kept in the log and told to those who ask for `events`, not to who watches the output.
    package var isRoutine: Bool {
      switch self {
      // Of one that failed for good, or never started, a `message` tells, with its place in the file.
      case .started, .ready, .neverStarted, .stopping, .runEnded, .exited(_, _, nil): true
      case .exited, .unhealthy, .killed, .message, .runStopping: false
      }
    }
  }

  package enum Severity: String, Codable, Sendable, Equatable {
    case note, warning, error
  }
}

/// How a process left, exactly.
package enum Ending: Codable, Sendable, Hashable {
  case exited(Int32)
  case signalled(Int32)
}
