import Testing

@testable import Supervisor

struct TimerQueueTests {
  /// Seen to fail: in the order of scheduling, the last first.
  @Test func givesWhatIsDueInOrderOfTime() {
    var queue = TimerQueue<String>()
    _ = queue.schedule(at: 30, "c")
    _ = queue.schedule(at: 10, "a")
    _ = queue.schedule(at: 20, "b")
    #expect(queue.nextDeadline == 10)
    #expect(queue.takeDue(at: 9) == nil)
    #expect(queue.takeDue(at: 25) == "a")
    #expect(queue.takeDue(at: 25) == "b")
    #expect(queue.takeDue(at: 25) == nil)
  }

  /// Seen to fail: the last of one time first.
  @Test func thoseOfOneTimeComeInTheOrderInWhichTheyWereScheduled() {
    var queue = TimerQueue<Int>()
    for number in 0..<5 { _ = queue.schedule(at: 1, number) }
    #expect((0..<5).map { _ in queue.takeDue(at: 1) } == [0, 1, 2, 3, 4])
  }

  /// Seen to fail: nothing cancelled.
  @Test func aCancelledOneNeverComes() {
    var queue = TimerQueue<String>()
    let first = queue.schedule(at: 1, "a")
    _ = queue.schedule(at: 2, "b")
    queue.cancel(first)
    #expect(queue.takeDue(at: 5) == "b")
    queue.cancel(first)
    #expect(queue.nextDeadline == nil)
  }
}

struct CountSampleTests {
  /// Seen to fail: a rate by the nanosecond.
  @Test func aRateIsASecond() {
    let rate = CountSample.rate(from: .init(count: 10, time: 0), to: .init(count: 30, time: 500_000_000))
    #expect(rate == 40)
  }

  /// Seen to fail: divided by no time.
  @Test func noTimeAndAFallingCountGiveNothing() {
    #expect(CountSample.rate(from: .init(count: 1, time: 5), to: .init(count: 9, time: 5)) == 0)
    #expect(CountSample.rate(from: .init(count: 9, time: 0), to: .init(count: 1, time: 5)) == 0)
  }
}
