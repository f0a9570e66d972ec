import Logs
import Supervisor

/// What happened to a run, for a program: one flat object. What an event has not is left out.
struct EventRecord: Encodable {
  var time: String
  /// `started`, `ready`, `unhealthy`, `exited`, `never-started`, `stopping`, `killed`, `message`, `run-stopping`, `run-ended`.
  var event: String
  /// Of the instance.
  var name: String?
  var pid: Int32?
  /// Exit code, or else the signal.
  var exit: Int32?
  var signal: Int32?
  var restartSeconds: Double?
  var severity: String?
  var text: String?

  init(_ event: Event) {
    time = LogTime.format(event.time)
    self.event = Self.name(of: event.kind)
    switch event.kind {
    case .started(let instance, let pid): (name, self.pid) = (instance, pid)
    case .ready(let instance), .killed(let instance): name = instance
    case .exited(let instance, let ending, let pause):
      (name, restartSeconds) = (instance, pause)
      switch ending {
      case .exited(let code): exit = code
      case .signalled(let signal): self.signal = signal
      }
    case .unhealthy(let instance, let text): (name, self.text) = (instance, text)
    case .neverStarted(let instance, let reason): (name, text) = (instance, reason)
    case .stopping(let instance, let signal): (name, self.signal) = (instance, signal)
    case .message(let severity, let text): (self.severity, self.text) = (severity.rawValue, text)
    case .runStopping(let reason): text = reason
    case .runEnded(let exitCode): exit = exitCode
    }
  }

  private static func name(of kind: Event.Kind) -> String {
    switch kind {
    case .started: "started"
    case .ready: "ready"
    case .unhealthy: "unhealthy"
    case .exited: "exited"
    case .neverStarted: "never-started"
    case .stopping: "stopping"
    case .killed: "killed"
    case .message: "message"
    case .runStopping: "run-stopping"
    case .runEnded: "run-ended"
    }
  }
}

extension Event {
  /// Whether someone who watches the output of a run wants to be told: not of what goes as planned, and not of a failure,
  /// which has a message too.
  var isNews: Bool {
    switch kind {
    case .started, .ready, .neverStarted, .stopping, .runEnded, .exited(_, _, nil): false
    case .exited, .unhealthy, .killed, .message, .runStopping: true
    }
  }
}
