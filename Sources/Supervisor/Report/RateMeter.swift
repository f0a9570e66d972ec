/// A counter as it stood at some time; a rate follows from two of them.
struct CountSample: Equatable {
  var count: UInt64
  /// CLOCK_MONOTONIC, nanoseconds.
  var time: UInt64

  /// A second. 0 where no time has passed.
  static func rate(from earlier: CountSample, to later: CountSample) -> Double {
    guard later.time > earlier.time, later.count >= earlier.count else { return 0 }
    return Double(later.count - earlier.count) * 1e9 / Double(later.time - earlier.time)
  }
}

/// How fast a counter has grown of late, for whoever looks at it now and then: over no less time than says something,
/// however often one looks.
struct RateMeter {
  /// Nanoseconds. A first batch, taken in a millisecond, is no rate.
  static let shortestSpan: UInt64 = 500_000_000

  private var earlier: CountSample?
  private var latest: CountSample?

  /// What is counted begins, or begins anew.
  mutating func start(at sample: CountSample) { (earlier, latest) = (nil, sample) }

  /// A second, since the last look that is long enough ago; `nil`: it is too early to tell.
  mutating func rate(at now: CountSample) -> Double? {
    guard let latest else { return nil }
    if now.time >= latest.time + Self.shortestSpan {
      (earlier, self.latest) = (latest, now)
      return CountSample.rate(from: latest, to: now)
    }
    return earlier.map { CountSample.rate(from: $0, to: now) }
  }
}

/// How fast items come into a queue and are finished.
struct QueueRates {
  private var puts = RateMeter()
  private var finished = RateMeter()

  init(startedAt time: UInt64) {
    puts.start(at: CountSample(count: 0, time: time))
    finished.start(at: CountSample(count: 0, time: time))
  }

  mutating func rates(puts putCount: UInt64, finished finishedCount: UInt64, time: UInt64) -> (
    in: Double?, out: Double?
  ) {
    (
      puts.rate(at: CountSample(count: putCount, time: time)),
      finished.rate(at: CountSample(count: finishedCount, time: time))
    )
  }
}
