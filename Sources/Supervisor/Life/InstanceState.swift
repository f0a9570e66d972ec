/// Where an instance is in its life.
enum InstanceState: Equatable {
  /// Not started yet: waits for what its process depends on.
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

  /// Why a living one was told to end.
  enum Stop: Equatable {
    case runEnds
    case command
    /// To be started again at once.
    case restart
    /// Of the topology: its ends stay open until that has taken effect.
    case change
    /// It ran longer than its `timeout`.
    case timeout(String)
    /// It waits for what nobody can do any more.
    case deadlock(String)
    /// Its health check says so, and its restart policy starts it again.
    case unhealthy(String)
  }

  /// For good.
  enum End: Equatable {
    case succeeded
    case failed(reason: String)
    case neverStarted(reason: String)
    /// With the run, before its work was done.
    case stopped
  }

  var life: Life? {
    switch self {
    case .running(let life), .stopping(let life, _): life
    default: nil
    }
  }

  var end: End? { if case .ended(let end) = self { end } else { nil } }
}

/// What follows a death.
enum NextStep: Equatable {
  case end(InstanceState.End)
  case pause(Duration)
  case startAgain
  case stop
}

extension InstanceState {
  /// The one place that decides what becomes of an instance whose process has died.
  func next(after outcome: LifeOutcome, livedFor life: Duration, decider: inout RestartDecider) -> NextStep {
    switch self {
    case .stopping(_, .runEnds): return .end(.stopped)
    case .stopping(_, .command), .stopping(_, .change): return .stop
    case .stopping(_, .restart): return .startAgain
    case .stopping(_, .timeout(let reason)), .stopping(_, .unhealthy(let reason)),
      .stopping(_, .deadlock(let reason)):
      return Self.step(.failed(reason: reason), life, &decider)
    default: return Self.step(outcome, life, &decider)
    }
  }

  private static func step(
    _ outcome: LifeOutcome, _ life: Duration, _ decider: inout RestartDecider
  ) -> NextStep {
    if let pause = decider.pause(after: outcome, livedFor: life) { return .pause(pause) }
    switch outcome {
    case .succeeded: return .end(.succeeded)
    case .failed(let reason): return .end(.failed(reason: reason))
    }
  }
}
