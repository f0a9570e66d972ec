import Supervisor

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
