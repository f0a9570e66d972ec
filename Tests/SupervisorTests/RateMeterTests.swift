import Testing

@testable import Supervisor

@Suite struct RateMeterTests {
  private func sample(_ count: UInt64, _ seconds: Double) -> CountSample {
    CountSample(count: count, time: UInt64(seconds * 1e9))
  }

  /// Seen to fail: no shortest span.
  @Test func rightAfterTheStartThereIsNone() {
    var meter = RateMeter()
    #expect(meter.rate(at: sample(9, 1)) == nil)
    meter.start(at: sample(1000, 10))
    #expect(meter.rate(at: sample(2000, 10.01)) == nil)
    #expect(meter.rate(at: sample(2000, 11)) == 1000)
  }

  /// Seen to fail: only since the last look.
  @Test func aLookSoonAfterAnotherSeesAsFarBack() {
    var meter = RateMeter()
    meter.start(at: sample(0, 0))
    #expect(meter.rate(at: sample(100, 1)) == 100)
    // Over the time since the start, not over a millisecond.
    #expect(meter.rate(at: sample(150, 1.25)) == 120)
    #expect(meter.rate(at: sample(300, 2)) == 200)
    #expect(meter.rate(at: sample(300, 2.25)) == 160)
  }

  /// Seen to fail: the look before the start kept.
  @Test func anotherLifeCountsAnew() {
    var meter = RateMeter()
    meter.start(at: sample(0, 0))
    _ = meter.rate(at: sample(1_000_000, 10))
    meter.start(at: sample(1_000_000, 20))
    #expect(meter.rate(at: sample(1_000_001, 20.1)) == nil)
    #expect(meter.rate(at: sample(1_000_010, 21)) == 10)
  }
}
