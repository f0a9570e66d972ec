import Glibc

/// The times that people write and read: `--since 10m`, `--until 2026-11-23T09:36:34Z`.
package enum LogTime {
  /// The wall clock, in nanoseconds since 1970.
  package static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// RFC 3339 in UTC with nine digits of the second.
  package static func format(_ timeNanoseconds: Int64) -> String {
    var writer = TimestampWriter()
    return String(unsafeUninitializedCapacity: TimestampWriter.byteCount) { bytes in
      writer.write(timeNanoseconds, to: UnsafeMutableRawPointer(bytes.baseAddress!))
      return TimestampWriter.byteCount
    }
  }

  /// `nil` where the sum is out of range.
  static func nanoseconds(second: Int, nanosecond: Int) -> Int64? {
    // Before 1970 the product alone may be below the range though the sum is in it: go by way of the next second.
    let borrowed = second < 0 && nanosecond > 0
    let (scaled, overflow) = Int64(borrowed ? second + 1 : second).multipliedReportingOverflow(by: 1_000_000_000)
    let (time, carried) = scaled.addingReportingOverflow(Int64(borrowed ? nanosecond - 1_000_000_000 : nanosecond))
    return overflow || carried ? nil : time
  }

  /// RFC 3339; a date alone or a time without a zone, both in UTC as all that is printed; seconds since 1970;
  /// or how long before `now`: `10m`, `1m30s`, `250ms`.
  package static func parse(_ text: String, now: Int64) throws(LogTimeError) -> Int64 {
    var scanner = TimeScanner(text)
    let time: Int64?
    if text.contains("T") || text.contains("t") || text.dropFirst().contains("-") {
      time = scanner.dateAndTime()
    } else if text.utf8.last.map({ (0x30...0x39).contains($0) }) == true {
      time = scanner.seconds()
    } else {
      time = scanner.duration().flatMap { ago in
        let (time, overflow) = now.subtractingReportingOverflow(ago)
        return overflow ? nil : time
      }
    }
    guard let time, scanner.isAtEnd else { throw LogTimeError(text: text) }
    return time
  }
}

package struct LogTimeError: Error, Equatable, CustomStringConvertible {
  package var text: String

  package var description: String {
    "'\(text)' is no time: write it as 2026-11-23T09:36:34Z, 2026-11-23, seconds since 1970, or how long ago, like 10m or 1h30m"
  }
}
