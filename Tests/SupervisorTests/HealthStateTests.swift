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

  @Test func theFirstSuccessMakesItHealthyAndIsToldOnce() {
    var state = state()
    #expect(state.standing == .starting)
    let changes = [true, true].map { state.take(isSuccess: $0, begunAt: .seconds(1)) }
    #expect(changes == [true, false] && state.standing == .healthy)
  }

  /// Broken for a trial: a success did not end the row.
  @Test func onlyFailuresInARowMakeItUnhealthy() {
    var state = state(retries: 2)
    let answers = [false, true, false, true, false]
    for answer in answers { _ = state.take(isSuccess: answer, begunAt: .seconds(60)) }
    #expect(state.standing == .healthy)
    #expect(state.take(isSuccess: false, begunAt: .seconds(60)) && state.standing == .unhealthy)
    #expect(state.take(isSuccess: true, begunAt: .seconds(60)) && state.standing == .healthy)
  }

  /// Broken for a trial: those of the first interval counted.
  @Test func whileItStartsFailuresDoNotCount() {
    var state = state(interval: .seconds(2), retries: 1, startPeriod: .seconds(5))
    for age in [0, 2, 4] { #expect(!state.take(isSuccess: false, begunAt: .seconds(age))) }
    #expect(state.standing == .starting)
    #expect(state.take(isSuccess: false, begunAt: .seconds(5)) && state.standing == .unhealthy)
    var short = self.state(interval: .seconds(2), retries: 1)
    #expect(!short.take(isSuccess: false, begunAt: .milliseconds(1999)))
    #expect(short.take(isSuccess: false, begunAt: .seconds(2)))
  }

  @Test func onceItWasHealthyAStartPeriodIsOver() {
    var state = state(retries: 1, startPeriod: .seconds(60))
    _ = state.take(isSuccess: true, begunAt: .zero)
    #expect(state.take(isSuccess: false, begunAt: .seconds(1)) && state.standing == .unhealthy)
  }

  @Test func testsComeSoonAtFirstAndThenAtTheInterval() {
    var state = state(interval: .seconds(1), startPeriod: .seconds(3))
    let pauses = (0..<6).map { _ in state.pause(at: .zero) }
    #expect(pauses == [.milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800), .seconds(1), .seconds(1)])
    #expect(state.pause(at: .milliseconds(2900)) == .milliseconds(100))
    #expect(state.pause(at: .seconds(3)) == .seconds(1))
  }

  @Test func aHealthyOneIsTestedAtItsInterval() {
    var state = state(interval: .milliseconds(50))
    _ = state.take(isSuccess: true, begunAt: .zero)
    #expect(state.pause(at: .zero) == .milliseconds(50))
  }

  @Test func aFirstPauseIsNoLongerThanTheInterval() {
    var state = state(interval: .milliseconds(50))
    #expect(state.pause(at: .zero) == .milliseconds(50))
  }
}

struct OutputExcerptTests {
  private func text(_ chunks: [UInt8]...) -> String {
    var excerpt = OutputExcerpt()
    for chunk in chunks { chunk.withUnsafeBytes { excerpt.append($0) } }
    return excerpt.text
  }

  @Test func linesAreJoinedAndNothingMovesTheCursor() {
    #expect(text(Array("one\n".utf8), Array("\n  two\r\nthree".utf8)) == "one / two / three")
    #expect(text(Array("\u{1B}[2Jgone\u{7}".utf8), [0xFF]) == "\u{FFFD}[2Jgone\u{FFFD}\u{FFFD}")
  }

  @Test func onlyTheLastIsKept() {
    let long = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
    #expect(text(long, Array("end".utf8)) == String(repeating: "a", count: OutputExcerpt.maxByteCount - 3) + "end")
  }
}
