import Testing
import Topology

@testable import Supervisor

/// The table of state and event. Which processes there are, and what a run makes of it, is in `RandomRunTests`.
struct InstanceLifeTests {
  private let life = InstanceState.Life(pid: 7, startedAt: 0)
  private let failure = LifeEvent.Death(outcome: .failed(reason: "exited with code 1"), lived: .zero)
  private let success = LifeEvent.Death(outcome: .succeeded(byEndOfStream: false), lived: .zero)

  private func instance(
    _ policy: ProcessDeclaration.RestartPolicy = .never, after events: LifeEvent...
  ) -> InstanceLife {
    var instance = InstanceLife(policy: policy, firstPause: .milliseconds(100))
    for event in events { _ = instance.take(event, while: .running) }
    return instance
  }

  private func running(_ policy: ProcessDeclaration.RestartPolicy = .never, after events: LifeEvent...) -> InstanceLife
  {
    var instance = instance(policy, after: .dependenciesMet, .began(life))
    for event in events { _ = instance.take(event, while: .running) }
    return instance
  }

  // MARK: Deaths

  /// Seen to fail: one that failed taken for stopped.
  @Test func aRunningOneEndsForGoodWithoutAPolicy() {
    var failed = running()
    #expect(failed.take(.died(failure), while: .running) == [.conclude(.failed(reason: "exited with code 1"))])
    var succeeded = running()
    #expect(succeeded.take(.died(success), while: .running) == [.conclude(.succeeded)])
  }

  /// Seen to fail: the pause not looked at.
  @Test func aRunningOnePausesUnderAPolicyAndThenBegins() {
    var instance = running(.always)
    #expect(instance.take(.died(failure), while: .running) == [.pause(.milliseconds(100))])
    #expect(instance.state == .restarting)
    #expect(instance.take(.pauseIsOver, while: .running) == [.begin])
  }

  /// Seen to fail: started again, and the answer wrong.
  @Test func oneWhoseNextLifeCouldNotMakeItGoodFails() {
    var death = failure
    (death.absorbed, death.keepsState) = (3, false)
    var forgetful = running(.always)
    #expect(
      forgetful.take(.died(death), while: .running)
        == [.conclude(.failed(reason: "exited with code 1; the 3 items that it had absorbed are lost"))])
    death = failure
    death.isFinal = true
    var final = running(.always)
    #expect(final.take(.died(death), while: .running) == [.conclude(.failed(reason: "exited with code 1"))])
  }

  /// Seen to fail: how it ended looked at.
  @Test func oneThatRanTooLongHasFailedHoweverItEnded() {
    var instance = running()
    #expect(instance.take(.faulted(reason: "ran too long"), while: .running) == [.tellToStop(grace: nil)])
    #expect(instance.take(.died(success), while: .running) == [.conclude(.failed(reason: "ran too long"))])
    var restarted = running(.always, after: .faulted(reason: "ran too long"))
    #expect(restarted.take(.died(success), while: .running) == [.pause(.milliseconds(100))])
  }

  // MARK: Commands

  /// Seen to fail: treated like any end.
  @Test func oneStoppedByACommandMayBeStartedAgain() {
    var instance = running(.always, after: .stop(grace: nil))
    #expect(instance.take(.died(failure), while: .running).isEmpty && instance.state == .stopped)
    #expect(instance.take(.start, while: .running) == [.begin])
  }

  /// Seen to fail: the reason of the stop that was under way stayed, and the process came back.
  @Test(arguments: [ProcessDeclaration.RestartPolicy.never, .always])
  func whoeverAsksLastDecidesWhatBecomesOfOneThatIsStopping(policy: ProcessDeclaration.RestartPolicy) {
    var stopped = running(policy, after: .faulted(reason: "unhealthy"), .stop(grace: nil))
    #expect(stopped.take(.died(failure), while: .running).isEmpty && stopped.state == .stopped)
    for event in [LifeEvent.start, .restart(grace: nil)] {
      var restarted = running(policy, after: .faulted(reason: "unhealthy"), event)
      #expect(restarted.take(.died(failure), while: .running) == [.begin])
      var stoppedBefore = running(policy, after: .stop(grace: nil), event)
      #expect(stoppedBefore.take(.died(success), while: .running) == [.begin])
    }
  }

  /// Seen to fail: the time of who came first counted alone.
  @Test func alaterGracePeriodIsHeardByOneThatIsStopping() {
    var instance = running(after: .stop(grace: .seconds(10)))
    #expect(instance.take(.stop(grace: .seconds(1)), while: .running) == [.hurry(.seconds(1))])
    #expect(instance.take(.hurry(grace: .zero), while: .stopping) == [.hurry(.zero)])
  }

  /// Seen to fail: begun at once.
  @Test func oneThatWaitsToStartGoesOnWaitingWhenRestarted() {
    var instance = instance()
    #expect(instance.take(.restart(grace: nil), while: .running).isEmpty && instance.state == .pending)
    #expect(instance.take(.start, while: .running) == [.begin])
  }

  /// Seen to fail: the budget of its earlier failures.
  @Test func aCommandOrAChangeRenewsItsBudget() {
    for event in [LifeEvent.start, .restart(grace: nil), .relinked] {
      var instance = running(.onFailure(limit: 1), after: .died(failure), .pauseIsOver, .began(life), .died(failure))
      #expect(instance.state.end?.isFailure == true)
      #expect(instance.take(event, while: .running).first == .open)
      _ = instance.take(.began(life), while: .running)
      #expect(instance.take(.died(failure), while: .running) == [.pause(.milliseconds(100))])
    }
  }

  /// Seen to fail: planned ones counted too.
  @Test func restartsAreLivesThatHaveBegun() {
    var instance = running(.always, after: .died(failure))
    #expect(instance.restartCount == 0)
    _ = instance.take(.pauseIsOver, while: .running)
    _ = instance.take(.couldNotBegin(reason: "full"), while: .running)
    #expect(instance.restartCount == 0)
    _ = instance.take(.pauseIsOver, while: .running)
    _ = instance.take(.began(life), while: .running)
    #expect(instance.restartCount == 1)
  }

  // MARK: The end

  /// Seen to fail: one that was being stopped by a command when the run ended never had its end, and the run neither.
  @Test(arguments: [LifeEvent.stop(grace: nil), .restart(grace: nil), .halt(grace: nil), .faulted(reason: "late")])
  func oneThatWasStoppingWhenTheRunEndsHasItsEnd(event: LifeEvent) {
    var instance = running(.always, after: event)
    #expect(instance.take(.runStops, while: .stopping).isEmpty)
    #expect(instance.take(.died(failure), while: .stopping) == [.conclude(.stopped)])
  }

  /// Seen to fail: its pause waited for.
  @Test func oneThatDoesNotLiveWhenTheRunEndsHasItsEndAtOnce() {
    for waiting in [instance(), running(.always, after: .died(failure)), instance(after: .stop(grace: nil))] {
      var instance = waiting
      #expect(instance.take(.runStops, while: .stopping) == [.conclude(.stopped)])
    }
  }

  /// Seen to fail: its end was that of the run.
  @Test func whatFailedWhileTheRunEndsHasFailedIfNothingWouldMakeItGood() {
    var instance = running(after: .faulted(reason: "ran too long"))
    _ = instance.take(.levelStops(grace: nil), while: .stopping)
    #expect(instance.take(.died(success), while: .stopping) == [.conclude(.failed(reason: "ran too long"))])
  }

  /// Seen to fail: the worker of a pool that a command had stopped kept the run alive.
  @Test func aServiceWithoutCallersEndsWhereverItIs() {
    for waiting in [
      instance(), running(.always, after: .died(failure)), running(after: .stop(grace: nil), .died(success)),
    ] {
      var instance = waiting
      #expect(instance.take(.unneeded, while: .running) == [.conclude(.stopped)])
    }
    var alive = running(.always)
    #expect(alive.take(.unneeded, while: .running) == [.tellToStop(grace: nil)])
    #expect(alive.take(.died(failure), while: .running) == [.conclude(.stopped)])
    #expect(alive.take(.needed, while: .running) == [.open])
  }

  // MARK: All of it

  /// What may be, whatever happens in whatever order: found by going through the table, and listed here.
  private static let reachable: [RunCourse: Set<String>] = [
    .running: [
      "pending", "running", "restarting", "stopped", "ended succeeded", "ended failed", "ended neverStarted",
      "ended stopped", "stopping end", "stopping rest", "stopping startAgain", "stopping change",
      "stopping policy with a fault", "stopping end with a fault", "stopping rest with a fault",
      "stopping startAgain with a fault", "stopping change with a fault",
    ],
    // Who does not live has ended.
    .stopping: [
      "running", "ended succeeded", "ended failed", "ended neverStarted", "ended stopped", "stopping end",
      "stopping rest", "stopping startAgain", "stopping change", "stopping policy with a fault",
      "stopping end with a fault", "stopping rest with a fault", "stopping startAgain with a fault",
      "stopping change with a fault",
    ],
  ]

  private static let events: [LifeEvent] = [
    .dependenciesMet, .dependenciesImpossible(reason: "x"), .began(.init(pid: 7, startedAt: 0)),
    .couldNotBegin(reason: "x"), .died(.init(outcome: .failed(reason: "x"), lived: .zero)),
    .died(.init(outcome: .failed(reason: "x"), lived: .zero, isFinal: true)),
    .died(.init(outcome: .succeeded(byEndOfStream: true), lived: .zero)),
    .died(.init(outcome: .succeeded(byEndOfStream: false), lived: .zero)), .pauseIsOver, .gracePeriodIsOver,
    .faulted(reason: "x"), .stop(grace: nil), .stop(grace: .zero), .start, .restart(grace: nil), .halt(grace: nil),
    .relinked, .runStops, .levelStops(grace: nil), .levelStops(grace: .zero), .hurry(grace: .zero), .killed,
    .unneeded, .needed,
  ]

  /// Seen to fail: a run that stops and whose dead wait to be started.
  @Test(arguments: [ProcessDeclaration.RestartPolicy.never, .onFailure(limit: 1), .always])
  func everyStateThatCanBeReachedIsListedAndHasAWayToTheEnd(policy: ProcessDeclaration.RestartPolicy) {
    let first = InstanceLife(policy: policy, firstPause: .zero)
    let beforeTheEnd = Self.closure(of: [first], .running)
    let entering = beforeTheEnd.map { life in
      var life = life
      _ = life.take(.runStops, while: .stopping)
      return life
    }
    let atTheEnd = Self.closure(of: entering, .stopping)
    #expect(Set(beforeTheEnd.map(\.words)).isSubset(of: Self.reachable[.running] ?? []))
    #expect(Set(atTheEnd.map(\.words)).isSubset(of: Self.reachable[.stopping] ?? []))
    if policy != .never {
      #expect(Set(beforeTheEnd.map(\.words)) == Self.reachable[.running])
      #expect(Set(atTheEnd.map(\.words)) == Self.reachable[.stopping])
    }
    for var life in atTheEnd where life.state.end == nil {
      _ = life.take(.killed, while: .stopping)
      _ = life.take(.died(failure), while: .stopping)
      #expect(life.state.end != nil, "\(life)")
    }
  }

  /// All that events lead to from these, each state with what is left of its budget once.
  private static func closure(of starts: [InstanceLife], _ course: RunCourse) -> [InstanceLife] {
    var found: [String: InstanceLife] = [:]
    var open = starts
    while let life = open.popLast() {
      let key = "\(life.words) \(min(life.decider.restartCount, 2))"
      guard found[key] == nil else { continue }
      found[key] = life
      for event in events {
        var next = life
        _ = next.take(event, while: course)
        open.append(next)
      }
    }
    return Array(found.values)
  }
}

extension InstanceLife {
  fileprivate var words: String {
    switch state {
    case .pending: "pending"
    case .running: "running"
    case .stopping(_, let stop): "stopping \(stop.then)" + (stop.fault == nil ? "" : " with a fault")
    case .restarting: "restarting"
    case .stopped: "stopped"
    case .ended(.succeeded): "ended succeeded"
    case .ended(.failed): "ended failed"
    case .ended(.neverStarted): "ended neverStarted"
    case .ended(.stopped): "ended stopped"
    }
  }
}
