internal import Glibc

/// The two clocks that a run needs, in nanoseconds.
package enum Clock {
  /// Since 1970.
  package static var wallNanoseconds: Int64 { Int64(read(CLOCK_REALTIME)) }
  /// CLOCK_MONOTONIC: for durations and deadlines.
  package static var monotonicNanoseconds: UInt64 { read(CLOCK_MONOTONIC) }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
