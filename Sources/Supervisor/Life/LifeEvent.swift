/// What may happen to an instance. Any of it may come in any state: what has no meaning there changes nothing.
enum LifeEvent: Equatable {
  // What is seen.
  case dependenciesMet
  case dependenciesImpossible(reason: String)
  case began(InstanceState.Life)
  /// The system has no room for another process.
  case couldNotBegin(reason: String)
  case died(Death)
  case pauseIsOver
  case gracePeriodIsOver
  /// It ran longer than its `timeout`, is unhealthy, or waits for what nobody can do any more.
  case faulted(reason: String)

  // What a command asks for; `grace`: in place of its own grace period.
  case stop(grace: Duration?)
  /// Whatever it depends on.
  case start
  case restart(grace: Duration?)

  // A change of the topology.
  /// The change can take effect only when it does not live.
  case halt(grace: Duration?)
  /// The change has taken effect, and it is still there.
  case relinked

  // The run, and those that it works for.
  case runStops
  /// It is its level's turn.
  case levelStops(grace: Duration?)
  /// Who is on the way to its end has no more than that left.
  case hurry(grace: Duration)
  case killed
  /// All who called this service have ended.
  case unneeded
  /// One who calls this service begins anew; or what kept it from starting is no more.
  case needed

  /// How a life was, that is over.
  struct Death: Equatable {
    var outcome: LifeOutcome
    /// As long as it was healthy, where that is checked.
    var lived: Duration
    /// In this life; or its death was the end of one that nobody could finish.
    var hasFinishedItems = false
    /// Another life would end in the same way.
    var isFinal = false
    /// Items that it has taken in for an answer at its end.
    var absorbed: UInt64?
    /// Another life knows of what this one has absorbed.
    var keepsState = true
  }
}

/// What is to be done because of an event, in this order.
enum LifeDeed: Equatable {
  /// A process is to be started; what comes of that is the next event.
  case begin
  /// Its stop signal now, SIGKILL when the grace period is over; `nil`: its own.
  case tellToStop(grace: Duration?)
  /// SIGKILL no later than then.
  case hurry(Duration)
  /// SIGKILL; or since its grace period is over.
  case kill(isLate: Bool)
  /// `pauseIsOver` is to come after that time.
  case pause(Duration)
  /// It had ended for good, and its ends are open again.
  case open
  /// It has ended for good: its ends are given up.
  case conclude(InstanceState.End)
}

/// Whether a run goes on.
enum RunCourse: Equatable, CaseIterable {
  case running
  /// Nothing is started any more, and who has died has ended for good.
  case stopping
}
