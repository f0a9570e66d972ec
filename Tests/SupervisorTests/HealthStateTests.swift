import Testing
import Topology

@testable import Supervisor

struct HealthStateTests {
  private func state(
    interval: Duration = .seconds(10), retries: Int = 3, startPeriod: Duration = .zero
  ) -> HealthState {
    var check = ProcessDeclaration.HealthCheck(command: ["true"])
    (check.interval, check.retries, check.startPeriod) = (interval, retries, startPeriod)
    return HealthState(check)
  }

  /// The standing after each answer, where that has changed it.
  private func changes(_ state: HealthState, _ answers: (Bool, at: Duration)...) -> [InstanceStatus.Health?] {
    var state = state
    return answers.map { state.take(isSuccess: $0.0, begunAt: $0.at) ? state.standing : nil }
  }

  /// Seen to fail: told after each test.
  @Test func theFirstSuccessMakesItHealthyAndIsToldOnce() {
    #expect(state().standing == .starting)
    #expect(changes(state(), (true, at: .zero), (true, at: .seconds(10))) == [.healthy, nil])
  }

  /// Broken for a trial: a success did not end the row.
  @Test func onlyFailuresInARowMakeItUnhealthy() {
    let late = Duration.seconds(60)
    let found = changes(
      state(retries: 2), (false, at: late), (true, at: late), (false, at: late), (true, at: late), (false, at: late),
      (false, at: late), (false, at: late), (true, at: late))
    #expect(found == [nil, .healthy, nil, nil, nil, .unhealthy, nil, .healthy])
  }

  /// Broken for a trial: those of the first interval counted.
  @Test func whileItStartsFailuresDoNotCount() {
    let long = state(interval: .seconds(2), retries: 1, startPeriod: .seconds(5))
    let found = changes(
      long, (false, at: .zero), (false, at: .seconds(2)), (false, at: .seconds(4)), (false, at: .seconds(5)))
    #expect(found == [nil, nil, nil, .unhealthy])
    let short = state(interval: .seconds(2), retries: 1)
    #expect(changes(short, (false, at: .milliseconds(1999)), (false, at: .seconds(2))) == [nil, .unhealthy])
  }

  /// Seen to fail: the start period went on.
  @Test func onceItWasHealthyAStartPeriodIsOver() {
    let state = state(retries: 1, startPeriod: .seconds(60))
    #expect(changes(state, (true, at: .zero), (false, at: .seconds(1))) == [.healthy, .unhealthy])
  }

  /// Seen to fail: pauses that stay the same.
  @Test func testsComeSoonAtFirstAndThenAtTheInterval() {
    var state = state(interval: .seconds(1), startPeriod: .seconds(3))
    let pauses = [0, 0, 0, 0, 0, 0, 2900, 3000].map { state.pause(at: .milliseconds($0)) }
    #expect(pauses == [100, 200, 400, 800, 1000, 1000, 100, 1000].map { .milliseconds($0) })
  }

  /// Seen to fail: treated as if it still started.
  @Test func aHealthyOneIsTestedAtItsInterval() {
    var state = state(interval: .seconds(7))
    _ = state.take(isSuccess: true, begunAt: .zero)
    let pause = state.pause(at: .zero)
    #expect(pause == .seconds(7))
  }

  /// Seen to fail: a first pause longer than the interval.
  @Test func noPauseIsLongerThanTheInterval() {
    var state = state(interval: .milliseconds(50), startPeriod: .seconds(3))
    let pause = state.pause(at: .zero)
    #expect(pause == .milliseconds(50))
  }
}

struct OutputExcerptTests {
  private func text(_ chunks: [UInt8]...) -> String {
    var excerpt = OutputExcerpt()
    for chunk in chunks { chunk.withUnsafeBytes { excerpt.append($0) } }
    return excerpt.text
  }

  /// Seen to fail: control characters passed on.
  @Test func linesAreJoinedAndNothingMovesTheCursor() {
    #expect(text(Array("one\n".utf8), Array("\n  two\r\nthree".utf8)) == "one / two / three")
    #expect(text(Array("\u{1B}[2Jgone\u{7}".utf8), [0xFF]) == "\u{FFFD}[2Jgone\u{FFFD}\u{FFFD}")
  }

  /// Seen to fail: the first kept instead.
  @Test func onlyTheLastIsKept() {
    let long = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
    #expect(text(long, Array("end".utf8)) == String(repeating: "a", count: OutputExcerpt.maxByteCount - 3) + "end")
  }
}
