internal import Text

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

extension Event {
  /// One line for people, or, for `message`, as many as it has.
  package var text: String {
    switch kind {
    case .started(let instance, let pid): "\(instance) started (pid \(pid))"
    case .ready(let instance): "\(instance) is ready"
    case .exited(let instance, let ending, nil): "\(instance) \(ending)"
    case .exited(let instance, let ending, let pause?): "\(instance) \(ending); starts again in \(Self.words(pause))"
    case .unhealthy(_, let text): text
    case .neverStarted(let instance, let reason): "\(instance) never started: \(reason)"
    case .stopping(let instance, let signal): "\(instance) is told to stop (\(SignalName.words(for: signal)))"
    case .killed(let instance): "\(instance) did not stop within its grace period and was killed"
    case .message(_, let text): text
    case .runStopping(let reason): "the run stops: \(reason)"
    case .runEnded(let code): "the run has ended, exit code \(code)"
    }
  }

  private static func words(_ seconds: Double) -> String {
    seconds < 1 ? "\(Int((seconds * 1000).rounded()))ms" : "\((seconds * 10).rounded() / 10)s"
  }
}

extension Ending: CustomStringConvertible {
  /// Follows a name: `exited with code 3`, `was ended by signal 9 (SIGKILL)`.
  package var description: String {
    switch self {
    case .exited(let code): "exited with code \(code)"
    case .signalled(let signal): "was ended by \(SignalName.words(for: signal))"
    }
  }
}
