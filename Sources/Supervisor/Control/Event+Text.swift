internal import Text

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
