import Testing
import Topology

@testable import Supervisor

struct DependencyLevelsTests {
  @Test func aProcessIsOneAboveTheHighestThatItDependsOn() {
    let processes = [
      Declared.process("top", after: [("middle", .started), ("bottom", .started)]), Declared.process("bottom"),
      Declared.process("middle", after: [("bottom", .completed)]), Declared.process("alone"),
    ]
    #expect(DependencyLevels(processes).levels == [[1, 3], [2], [0]])
  }

  @Test func noProcessesHaveNoLevels() {
    #expect(DependencyLevels([]).levels.isEmpty)
  }
}

struct DependencyVerdictTests {
  private let life = InstanceState.Life(pid: 7, startedAt: 0)

  private func verdict(
    _ condition: ProcessDeclaration.Dependency.Condition, _ states: InstanceState...
  ) -> DependencyVerdict {
    DependencyVerdict(Declared.process("p", after: [("d", condition)]).dependencies) { _ in states }
  }

  @Test func startedMeansEveryInstanceHasStarted() {
    #expect(verdict(.started, .running(life), .pending) == .waits(["d"]))
    #expect(verdict(.started, .running(life), .ended(.failed(reason: "x"))) == .satisfied)
  }

  @Test func completedTakesAFailure() {
    #expect(verdict(.completed, .running(life)) == .waits(["d"]))
    #expect(verdict(.completed, .ended(.failed(reason: "x"))) == .satisfied)
    #expect(verdict(.completed, .restarting) == .waits(["d"]))
  }

  @Test func completedSuccessfullyDoesNot() {
    #expect(verdict(.completedSuccessfully, .ended(.succeeded)) == .satisfied)
    let failed = verdict(.completedSuccessfully, .ended(.failed(reason: "exited with code 3")))
    #expect(failed == .impossible(reason: "depends on the success of 'd', which failed: exited with code 3"))
  }

  @Test func oneThatNeverStartedStopsTheWholeChain() {
    let reason = "depends on the success of 'e', which failed: exited with code 3"
    for condition in ProcessDeclaration.Dependency.Condition.allCases {
      let chain = verdict(condition, .ended(.neverStarted(reason: reason)))
      #expect(chain == .impossible(reason: "depends on 'd', which never started: it \(reason)"))
    }
  }

  @Test func oneStoppedByACommandIsWaitedFor() {
    #expect(verdict(.completed, .stopped) == .waits(["d"]))
  }
}
