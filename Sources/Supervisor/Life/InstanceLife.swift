internal import Topology

/// The life of an instance, over all its processes. Pure: what happens goes in, what is to be done comes out.
struct InstanceLife: Equatable {
  private(set) var state = InstanceState.pending
  /// Processes that have been started for it.
  private(set) var lives = 0
  private(set) var decider: RestartDecider

  init(policy: ProcessDeclaration.RestartPolicy, firstPause: Duration) {
    decider = RestartDecider(policy: policy, firstPause: firstPause)
  }

  /// How often it was started again.
  var restartCount: Int { max(0, lives - 1) }

  /// The file says something else from now on.
  mutating func adopt(policy: ProcessDeclaration.RestartPolicy, firstPause: Duration) {
    if policy != decider.policy || firstPause != decider.firstPause {
      decider = RestartDecider(policy: policy, firstPause: firstPause)
    }
  }
}

extension InstanceLife {
  /// The one place that decides what becomes of an instance, and when. A run that stops starts nothing, and what does
  /// not live in it has its end.
  mutating func take(_ event: LifeEvent, while course: RunCourse) -> [LifeDeed] {
    let deeds = follow(event)
    if course == .stopping, state.life == nil, state.end == nil { return conclude(.stopped) }
    return deeds
  }

  private mutating func follow(_ event: LifeEvent) -> [LifeDeed] {
    switch state {
    case .pending: followPending(event)
    case .running(let life): followRunning(life, event)
    case .stopping(let life, let stop): followStopping(life, stop, event)
    case .restarting: followRestarting(event)
    case .stopped: followStopped(event)
    case .ended: followEnded(event)
    }
  }

  private mutating func followPending(_ event: LifeEvent) -> [LifeDeed] {
    switch event {
    case .dependenciesMet, .start: return [.begin]
    case .dependenciesImpossible(let reason): return conclude(.neverStarted(reason: reason))
    case .began(let life):
      lives += 1
      state = .running(life)
      return []
    case .couldNotBegin(let reason): return obeyPolicy(.init(outcome: .failed(reason: reason), lived: .zero))
    case .stop, .halt:
      state = .stopped
      return []
    case .unneeded: return conclude(.stopped)
    default: return []
    }
  }

  private mutating func followRunning(_ life: InstanceState.Life, _ event: LifeEvent) -> [LifeDeed] {
    func tell(_ then: InstanceState.Sequel, fault: String? = nil, grace: Duration?) -> [LifeDeed] {
      state = .stopping(life, .init(then: then, fault: fault))
      return [.tellToStop(grace: grace)]
    }
    switch event {
    case .died(let death): return obeyPolicy(death)
    case .faulted(let reason): return tell(.policy, fault: reason, grace: nil)
    case .stop(let grace): return tell(.rest, grace: grace)
    case .restart(let grace):
      decider.renew()
      return tell(.startAgain, grace: grace)
    case .halt(let grace): return tell(.change, grace: grace)
    case .levelStops(let grace): return tell(.end, grace: grace)
    case .unneeded: return tell(.end, grace: nil)
    case .killed:
      state = .stopping(life, .init(then: .end))
      return [.kill(isLate: false)]
    default: return []
    }
  }

  /// Whoever asks last decides what becomes of it.
  private mutating func followStopping(
    _ life: InstanceState.Life, _ stop: InstanceState.Stop, _ event: LifeEvent
  ) -> [LifeDeed] {
    func turn(to then: InstanceState.Sequel, grace: Duration? = nil) -> [LifeDeed] {
      state = .stopping(life, .init(then: then, fault: stop.fault))
      return grace.map { [.hurry($0)] } ?? []
    }
    switch event {
    case .died(var death):
      if let fault = stop.fault { death.outcome = .failed(reason: fault) }
      return follow(stop.then, death)
    case .stop(let grace): return turn(to: .rest, grace: grace)
    // Who stopped it by a command alone says that it is to come back.
    case .needed where stop.then != .end: return []
    case .start, .needed:
      decider.renew()
      return turn(to: .startAgain)
    case .restart(let grace):
      decider.renew()
      return turn(to: .startAgain, grace: grace)
    case .halt(let grace): return turn(to: .change, grace: grace)
    // A change that is under way decides about it first.
    case .unneeded: return stop.then == .change ? [] : turn(to: .end)
    case .levelStops(let grace): return grace.map { [.hurry($0)] } ?? []
    case .hurry(let grace): return [.hurry(grace)]
    case .gracePeriodIsOver: return [.kill(isLate: true)]
    case .killed: return turn(to: .end) + [.kill(isLate: false)]
    default: return []
    }
  }

  private mutating func follow(_ sequel: InstanceState.Sequel, _ death: LifeEvent.Death) -> [LifeDeed] {
    switch sequel {
    case .end: return conclude(.stopped)
    case .policy: return obeyPolicy(death)
    case .rest, .change:
      state = .stopped
      return []
    case .startAgain:
      state = .pending
      return [.begin]
    }
  }

  private mutating func followRestarting(_ event: LifeEvent) -> [LifeDeed] {
    switch event {
    case .pauseIsOver:
      state = .pending
      return [.begin]
    case .start, .restart:
      decider.renew()
      state = .pending
      return [.begin]
    case .stop, .halt:
      state = .stopped
      return []
    case .unneeded: return conclude(.stopped)
    default: return []
    }
  }

  private mutating func followStopped(_ event: LifeEvent) -> [LifeDeed] {
    switch event {
    case .start:
      beginAnew()
      return [.begin]
    case .restart, .relinked:
      beginAnew()
      return []
    case .unneeded: return conclude(.stopped)
    default: return []
    }
  }

  private mutating func followEnded(_ event: LifeEvent) -> [LifeDeed] {
    switch event {
    case .start:
      beginAnew()
      return [.open, .begin]
    case .restart, .relinked, .needed:
      beginAnew()
      return [.open]
    default: return []
    }
  }

  /// As asked for from outside: earlier failures count no more.
  private mutating func beginAnew() {
    decider.renew()
    state = .pending
  }

  private mutating func conclude(_ end: InstanceState.End) -> [LifeDeed] {
    state = .ended(end)
    return [.conclude(end)]
  }

  private mutating func obeyPolicy(_ death: LifeEvent.Death) -> [LifeDeed] {
    if !death.isHopeless, let pause = decider.pause(after: death) {
      state = .restarting
      return [.pause(pause)]
    }
    switch death.outcome {
    case .succeeded: return conclude(.succeeded)
    case .failed(let reason): return conclude(.failed(reason: reason + death.loss))
    }
  }
}

extension LifeEvent.Death {
  /// A failure that another life could not make good.
  fileprivate var isHopeless: Bool {
    guard case .failed = outcome else { return false }
    return isFinal || absorbed != nil && !keepsState
  }

  fileprivate var loss: String {
    guard let absorbed else { return "" }
    return "; \(absorbed == 1 ? "the item" : "the \(absorbed) items") that it had absorbed are lost"
  }
}
