import Platform
import Supervisor

/// What happened to a run, in words.
enum EventText {
  static func describe(_ kind: Event.Kind) -> String {
    switch kind {
    case .started(let instance, let pid): "\(instance) started, process \(pid)"
    case .ready(let instance): "\(instance) is ready"
    case .exited(let instance, let ending, let pause):
      "\(instance) \(describe(ending))" + (pause.map { "; it starts again in \(Quantity.duration(seconds: $0))" } ?? "")
    case .neverStarted(let instance, let reason): "\(instance) will not start: \(reason)"
    case .stopping(let instance, let signal): "\(instance) is asked to stop by \(SignalName.describe(signal))"
    case .killed(let instance): "\(instance) did not stop within its grace period and was killed"
    case .message(_, let text): text
    case .runStopping(let reason): "stopping: \(reason)"
    case .runEnded(let exitCode): "the run has ended; exit code \(exitCode)"
    }
  }

  static func describe(_ ending: Ending) -> String {
    switch ending {
    case .exited(0): "ended"
    case .exited(let code): "exited with code \(code)"
    case .signalled(let signal): "was killed by \(SignalName.describe(signal))"
    }
  }

  /// Whether someone who watches the output of a run wants to be told: not of what goes as planned.
  static func isNews(_ kind: Event.Kind) -> Bool {
    switch kind {
    case .started, .ready, .stopping, .runEnded, .exited(_, .exited(0), nil): false
    case .exited, .neverStarted, .killed, .message, .runStopping: true
    }
  }
}
