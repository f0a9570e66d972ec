import Testing

@testable import Supervisor

struct InstanceStateTests {
  private let life = InstanceState.Life(pid: 7, startedAt: 0)
  private let failure = LifeOutcome.failed(reason: "exited with code 1")

  private func next(_ state: InstanceState, _ outcome: LifeOutcome, restarts: Bool) -> NextStep {
    var decider = RestartDecider(policy: restarts ? .always : .never, firstPause: .milliseconds(100))
    return state.next(after: outcome, livedFor: .zero, decider: &decider)
  }

  /// Seen to fail: one that failed taken for stopped.
  @Test func aRunningOneEndsForGoodWithoutAPolicy() {
    #expect(next(.running(life), failure, restarts: false) == .end(.failed(reason: "exited with code 1")))
    #expect(next(.running(life), .succeeded(byEndOfStream: false), restarts: false) == .end(.succeeded))
  }

  /// Seen to fail: the pause not looked at.
  @Test func aRunningOnePausesUnderAPolicy() {
    #expect(next(.running(life), failure, restarts: true) == .pause(.milliseconds(100)))
  }

  /// Seen to fail: its policy asked first.
  @Test func oneStoppedWithTheRunHasNotFailedAndStaysDown() {
    #expect(next(.stopping(life, .runEnds), failure, restarts: true) == .end(.stopped))
  }

  /// Seen to fail: the same.
  @Test func oneStoppedByACommandMayBeStartedAgain() {
    #expect(next(.stopping(life, .command), failure, restarts: true) == .stop)
  }

  /// Seen to fail: treated like any end.
  @Test func oneRestartedByACommandStartsAtOnce() {
    #expect(next(.stopping(life, .restart), failure, restarts: false) == .startAgain)
  }

  /// Seen to fail: how it ended looked at.
  @Test func oneThatRanTooLongHasFailedHoweverItEnded() {
    let state = InstanceState.stopping(life, .timeout("ran longer than its timeout of 1s"))
    let step = next(state, .succeeded(byEndOfStream: false), restarts: false)
    #expect(step == .end(.failed(reason: "ran longer than its timeout of 1s")))
    #expect(next(state, failure, restarts: true) == .pause(.milliseconds(100)))
  }
}

struct LifeOutcomeTests {
  /// Seen to fail: without a verdict taken for a failure.
  @Test func exitCodeZeroIsSuccess() {
    #expect(LifeOutcome(.exited(0), verdict: nil, isBuiltInKind: false) == .succeeded(byEndOfStream: false))
    #expect(LifeOutcome(.exited(0), verdict: .succeeded, isBuiltInKind: true) == .succeeded(byEndOfStream: false))
  }

  /// Seen to fail: forgotten.
  @Test func theEndOfTheInputIsRemembered() {
    #expect(LifeOutcome(.exited(0), verdict: .inputEnded, isBuiltInKind: true) == .succeeded(byEndOfStream: true))
  }

  /// Seen to fail: told as an exit code.
  @Test func theEndOfAllReadersIsWhatTheReadersWere() {
    let success = LifeOutcome(.exited(0), verdict: .readersEnded(failed: false), isBuiltInKind: true)
    #expect(success == .succeeded(byEndOfStream: true))
    let failure = LifeOutcome(.exited(1), verdict: .readersEnded(failed: true), isBuiltInKind: true)
    #expect(failure == .failed(reason: "ended because a process that reads what it writes has failed"))
  }

  /// Seen to fail: what it had said before believed.
  @Test func aSignalIsNamedWhateverWasSaidBefore() {
    let outcome = LifeOutcome(.signalled(9), verdict: .inputEnded, isBuiltInKind: true)
    #expect(outcome == .failed(reason: "was ended by signal 9 (SIGKILL)"))
  }

  /// Seen to fail: said of a command too.
  @Test func whatAnIllegalInstructionMeansIsSaidOfABuiltInKind() {
    let kind = LifeOutcome(.signalled(4), verdict: nil, isBuiltInKind: true)
    let meaning = "in a built-in kind a Swift runtime check, see its log"
    #expect(kind == .failed(reason: "was ended by signal 4 (SIGILL): \(meaning)"))
    let command = LifeOutcome(.signalled(4), verdict: nil, isBuiltInKind: false)
    #expect(command == .failed(reason: "was ended by signal 4 (SIGILL)"))
  }

  /// Seen to fail: seven bits of the code.
  @Test func anExitCodeIsExact() {
    #expect(LifeOutcome(.exited(255), verdict: .failed, isBuiltInKind: true) == .failed(reason: "exited with code 255"))
  }
}
