import Testing
import Topology

@testable import Supervisor

struct DependencyLevelsTests {
  /// Seen to fail: one above the lowest.
  @Test func aProcessIsOneAboveTheHighestThatItDependsOn() {
    let processes = [
      Declared.process("top", after: [("middle", .started), ("bottom", .started)]), Declared.process("bottom"),
      Declared.process("middle", after: [("bottom", .completed)]), Declared.process("alone"),
    ]
    #expect(DependencyLevels(processes).levels == [[1, 3], [2], [0]])
  }

  /// Seen to fail: an empty level.
  @Test func noProcessesHaveNoLevels() {
    #expect(DependencyLevels([]).levels.isEmpty)
  }
}

struct DependencyVerdictTests {
  private let life = InstanceState.Life(pid: 7, startedAt: 0)

  private func verdict(
    _ condition: ProcessDeclaration.Dependency.Condition, _ states: InstanceState...
  ) -> DependencyVerdict {
    verdict(condition, states.map { Dependee(state: $0) })
  }

  private func verdict(
    _ condition: ProcessDeclaration.Dependency.Condition, _ instances: [Dependee]
  ) -> DependencyVerdict {
    DependencyVerdict(Declared.process("p", after: [("d", condition)]).dependencies) { _ in instances }
  }

  /// Seen to fail: one that is healthy was enough.
  @Test func healthyMeansThatEveryInstanceIs() {
    let healthy = Dependee(state: .running(life), health: .healthy)
    #expect(verdict(.healthy, [healthy, Dependee(state: .running(life))]) == .waits(["d"]))
    #expect(verdict(.healthy, [healthy, healthy]) == .satisfied)
    #expect(verdict(.healthy, [healthy, Dependee(state: .restarting, health: .healthy)]) == .waits(["d"]))
  }

  /// Seen to fail: one that succeeded will do, healthy or not.
  @Test func oneThatWasHealthyAndSucceededWillDo() {
    #expect(verdict(.healthy, [Dependee(state: .ended(.succeeded), health: .healthy)]) == .satisfied)
    // What it printed is still looked through.
    #expect(verdict(.healthy, [Dependee(state: .ended(.succeeded))]) == .waits(["d"]))
  }

  /// Seen to fail: an unhealthy one waited for.
  @Test func oneThatWillNotBecomeHealthyIsNotWaitedFor() {
    let reasons: [(Dependee, String)] = [
      (Dependee(state: .running(life), health: .hopeless(reason: "why")), "which is unhealthy: why"),
      (
        Dependee(state: .ended(.succeeded), health: .hopeless(reason: nil)), "which ended before it was healthy"
      ),
      (Dependee(state: .ended(.failed(reason: "why")), health: .healthy), "which failed: why"),
    ]
    for (instance, reason) in reasons {
      let verdict = verdict(.healthy, [instance])
      #expect(verdict == .impossible(reason: "depends on the health of 'd', \(reason)"))
    }
    #expect(verdict(.started, [reasons[0].0]) == .satisfied)
  }

  /// Seen to fail: one that has started was enough; a pending one counted.
  @Test func startedMeansEveryInstanceHasStarted() {
    #expect(verdict(.started, .running(life), .pending) == .waits(["d"]))
    #expect(verdict(.started, .running(life), .ended(.failed(reason: "x"))) == .satisfied)
  }

  /// Seen to fail: one that restarts taken for completed.
  @Test func completedTakesAFailure() {
    #expect(verdict(.completed, .running(life)) == .waits(["d"]))
    #expect(verdict(.completed, .ended(.failed(reason: "x"))) == .satisfied)
    #expect(verdict(.completed, .restarting) == .waits(["d"]))
  }

  /// Seen to fail: one that failed waited for.
  @Test func completedSuccessfullyDoesNot() {
    #expect(verdict(.completedSuccessfully, .ended(.succeeded)) == .satisfied)
    let failed = verdict(.completedSuccessfully, .ended(.failed(reason: "exited with code 3")))
    #expect(failed == .impossible(reason: "depends on the success of 'd', which failed: exited with code 3"))
  }

  /// Seen to fail: one that never started counted as ended.
  @Test func oneThatNeverStartedStopsTheWholeChain() {
    let reason = "depends on the success of 'e', which failed: exited with code 3"
    for condition in ProcessDeclaration.Dependency.Condition.allCases {
      let chain = verdict(condition, .ended(.neverStarted(reason: reason)))
      #expect(chain == .impossible(reason: "depends on 'd', which never started: it \(reason)"))
    }
  }

  /// Seen to fail: it counted as completed.
  @Test func oneStoppedByACommandIsWaitedFor() {
    #expect(verdict(.completed, .stopped) == .waits(["d"]))
  }
}
