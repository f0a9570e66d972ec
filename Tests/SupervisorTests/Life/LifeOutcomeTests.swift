import Testing

@testable import Supervisor

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

  /// Seen to fail: to be searched for in its log.
  @Test func theReasonOfAFailureIsWhatItSaidItself() {
    let script = LifeOutcome(.exited(1), verdict: .failed, complaint: "t.yaml:3: no", isBuiltInKind: false)
    #expect(script == .failed(reason: "exited with code 1: t.yaml:3: no"))
    let command = LifeOutcome(.exited(127), verdict: .failedForGood, complaint: "no such file", isBuiltInKind: false)
    #expect(command == .failed(reason: "exited with code 127, which another start could not change: no such file"))
  }

  /// Seen to fail: seven bits of the code.
  @Test func anExitCodeIsExact() {
    #expect(LifeOutcome(.exited(255), verdict: .failed, isBuiltInKind: true) == .failed(reason: "exited with code 255"))
  }
}
