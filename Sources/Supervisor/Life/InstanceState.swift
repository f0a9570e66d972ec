/// Where an instance is in its life.
enum InstanceState: Equatable {
  /// Not begun yet, or to begin again: waits for what its process depends on.
  case pending
  case running(Life)
  case stopping(Life, Stop)
  /// Ended, and will be started again when its pause is over.
  case restarting
  /// By a command; may be started again, so its queues stay open.
  case stopped
  case ended(End)

  struct Life: Equatable {
    var pid: Int32
    /// CLOCK_MONOTONIC, nanoseconds.
    var startedAt: UInt64
  }

  /// A living one was told to end.
  struct Stop: Equatable {
    var then: Sequel
    /// Why it has failed, however it ends: its `timeout`, its health, a deadlock.
    var fault: String?
  }

  /// What becomes of one that was told to end, once it has.
  enum Sequel: Equatable {
    /// Its end for good: the run's, or that of all who called it.
    case end
    /// Stopped by a command.
    case rest
    case startAgain
    /// Part of a change of the topology: its ends stay open until that has taken effect.
    case change
    /// What its restart policy says.
    case policy
  }

  /// For good.
  enum End: Equatable {
    case succeeded
    case failed(reason: String)
    case neverStarted(reason: String)
    /// With the run, or with those who called it, before its work was done.
    case stopped
  }

  var life: Life? {
    switch self {
    case .running(let life), .stopping(let life, _): life
    default: nil
    }
  }

  var end: End? { if case .ended(let end) = self { end } else { nil } }

  var isRunning: Bool { if case .running = self { true } else { false } }

  /// Whether a death in this state counts against the item that the worker was at: not one that it was told to die.
  func isFailure(_ outcome: LifeOutcome) -> Bool {
    guard case .failed = outcome else { return false }
    if case .stopping(_, let stop) = self { return stop.fault != nil }
    return true
  }

  /// What a timer was set for in the one is of no use in the other.
  func isOfSameSort(as other: Self) -> Bool {
    switch (self, other) {
    case (.pending, .pending), (.running, .running), (.stopping, .stopping), (.restarting, .restarting),
      (.stopped, .stopped), (.ended, .ended):
      true
    default: false
    }
  }
}

extension InstanceState.End {
  var isFailure: Bool {
    switch self {
    case .failed, .neverStarted: true
    case .succeeded, .stopped: false
    }
  }
}
