import Testing

@testable import Supervisor

struct RestartDeciderTests {
  private let failure = LifeOutcome.failed(reason: "exited with code 1")

  private func pause(
    _ decider: inout RestartDecider, after outcome: LifeOutcome, livedFor lived: Duration, finished: Bool = false
  ) -> Duration? {
    decider.pause(after: .init(outcome: outcome, lived: lived, hasFinishedItems: finished))
  }

  /// Seen to fail: pauses that stay the same; pauses without a bound.
  @Test func pausesDoubleFromTheFirstUpToThirtySeconds() {
    var decider = RestartDecider(policy: .always, firstPause: .milliseconds(100))
    let pauses = (0..<11).map { _ in pause(&decider, after: failure, livedFor: .zero) }
    #expect(pauses.prefix(4) == [.milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800)])
    #expect(pauses.last == .seconds(30))
  }

  /// Seen to fail: not cut.
  @Test func aFirstPauseAboveTheLongestIsCut() {
    var decider = RestartDecider(policy: .always, firstPause: .seconds(60))
    #expect(pause(&decider, after: failure, livedFor: .zero) == .seconds(30))
  }

  /// Seen to fail: more than ten seconds asked for.
  @Test func tenSecondsOfLifeMakeThePauseTheFirstAgain() {
    var decider = RestartDecider(policy: .always, firstPause: .milliseconds(100))
    _ = pause(&decider, after: failure, livedFor: .zero)
    _ = pause(&decider, after: failure, livedFor: .zero)
    #expect(pause(&decider, after: failure, livedFor: .milliseconds(9999)) == .milliseconds(400))
    #expect(pause(&decider, after: failure, livedFor: .seconds(10)) == .milliseconds(100))
  }

  /// Seen to fail: started again all the same.
  @Test func noPolicyMeansNoRestart() {
    var decider = RestartDecider(policy: .never, firstPause: .zero)
    #expect(pause(&decider, after: failure, livedFor: .zero) == nil)
  }

  /// Seen to fail: one restart more.
  @Test func onFailureWithALimitRestartsThatOften() {
    var decider = RestartDecider(policy: .onFailure(limit: 2), firstPause: .zero)
    #expect(pause(&decider, after: failure, livedFor: .zero) != nil)
    #expect(pause(&decider, after: failure, livedFor: .seconds(60)) != nil)
    #expect(pause(&decider, after: failure, livedFor: .seconds(60)) == nil)
    #expect(decider.restartCount == 2)
  }

  /// Seen to fail: success treated like failure.
  @Test func onFailureLeavesSuccessAlone() {
    var decider = RestartDecider(policy: .onFailure(limit: nil), firstPause: .zero)
    #expect(pause(&decider, after: .succeeded(byEndOfStream: false), livedFor: .zero) == nil)
  }

  /// Seen to fail: the end of the stream not looked at.
  @Test func alwaysRestartsSuccessUnlessItsStreamEnded() {
    var decider = RestartDecider(policy: .always, firstPause: .zero)
    #expect(pause(&decider, after: .succeeded(byEndOfStream: false), livedFor: .zero) != nil)
    #expect(pause(&decider, after: .succeeded(byEndOfStream: true), livedFor: .zero) == nil)
  }

  /// Seen to fail: ten bad items of a thousand cost minutes.
  @Test func aLifeThatFinishedItemsMakesThePauseTheFirstAgain() {
    var decider = RestartDecider(policy: .onFailure(limit: nil), firstPause: .milliseconds(100))
    for _ in 0..<5 { _ = pause(&decider, after: failure, livedFor: .zero) }
    #expect(pause(&decider, after: failure, livedFor: .zero, finished: true) == .milliseconds(100))
    #expect(pause(&decider, after: failure, livedFor: .zero) == .milliseconds(200))
  }

  /// Seen to fail: nothing but another policy did so.
  @Test func aRenewedOneHasForgottenAll() {
    var decider = RestartDecider(policy: .onFailure(limit: 1), firstPause: .milliseconds(100))
    #expect(pause(&decider, after: failure, livedFor: .zero) != nil)
    #expect(pause(&decider, after: failure, livedFor: .zero) == nil)
    decider.renew()
    #expect(pause(&decider, after: failure, livedFor: .zero) == .milliseconds(100))
  }
}
