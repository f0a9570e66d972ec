internal import Glibc

/// Time that only grows and that all processes of the machine agree on.
package enum MonotonicClock {
  /// Nanoseconds.
  package static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// As `now`, some milliseconds behind it, at a fifth of what that costs.
  package static var coarseNow: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// `nil` never has, 0 always.
  package static func hasPassed(_ deadline: UInt64?) -> Bool { deadline.map { $0 == 0 || now >= $0 } ?? false }

  package static func sleep(until deadline: UInt64) {
    var time = timespec(nanoseconds: deadline)
    while clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &time, nil) == EINTR {}
  }
}

/// The time of day, which may be set anew.
package enum WallClock {
  /// Nanoseconds since 1970.
  package static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
