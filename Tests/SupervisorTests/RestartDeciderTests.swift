import Testing

@testable import Supervisor

struct RestartDeciderTests {
  private let failure = LifeOutcome.failed(reason: "exited with code 1")

  @Test func pausesDoubleFromTheFirstUpToThirtySeconds() {
    var decider = RestartDecider(policy: .always, firstPause: .milliseconds(100))
    let pauses = (0..<11).map { _ in decider.pause(after: failure, livedFor: .zero) }
    #expect(pauses.prefix(4) == [.milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800)])
    #expect(pauses.last == .seconds(30))
  }

  @Test func aFirstPauseAboveTheLongestIsCut() {
    var decider = RestartDecider(policy: .always, firstPause: .seconds(60))
    #expect(decider.pause(after: failure, livedFor: .zero) == .seconds(30))
  }

  @Test func tenSecondsOfLifeMakeThePauseTheFirstAgain() {
    var decider = RestartDecider(policy: .always, firstPause: .milliseconds(100))
    _ = decider.pause(after: failure, livedFor: .zero)
    _ = decider.pause(after: failure, livedFor: .zero)
    #expect(decider.pause(after: failure, livedFor: .milliseconds(9999)) == .milliseconds(400))
    #expect(decider.pause(after: failure, livedFor: .seconds(10)) == .milliseconds(100))
  }

  @Test func noPolicyMeansNoRestart() {
    var decider = RestartDecider(policy: .never, firstPause: .zero)
    #expect(decider.pause(after: failure, livedFor: .zero) == nil)
  }

  @Test func onFailureWithALimitRestartsThatOften() {
    var decider = RestartDecider(policy: .onFailure(limit: 2), firstPause: .zero)
    #expect(decider.pause(after: failure, livedFor: .zero) != nil)
    #expect(decider.pause(after: failure, livedFor: .seconds(60)) != nil)
    #expect(decider.pause(after: failure, livedFor: .seconds(60)) == nil)
    #expect(decider.restartCount == 2)
  }

  @Test func onFailureLeavesSuccessAlone() {
    var decider = RestartDecider(policy: .onFailure(limit: nil), firstPause: .zero)
    #expect(decider.pause(after: .succeeded(byEndOfStream: false), livedFor: .zero) == nil)
  }

  @Test func alwaysRestartsSuccessUnlessItsStreamEnded() {
    var decider = RestartDecider(policy: .always, firstPause: .zero)
    #expect(decider.pause(after: .succeeded(byEndOfStream: false), livedFor: .zero) != nil)
    #expect(decider.pause(after: .succeeded(byEndOfStream: true), livedFor: .zero) == nil)
  }
}
