import Glibc
import Text

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
    let time: Int64?
    if text.contains("T") || text.contains("t") || text.dropFirst().contains("-") {
      time = TimeScanner.whole(text) { $0.dateAndTime() }
    } else if text.last?.isASCIIDigit == true {
      time = TimeScanner.whole(text) { $0.seconds() }
    } else {
      time = (try? Duration.parse(text)).flatMap { Self.time($0, before: now) }
    }
    guard let time else { throw LogTimeError(text: text) }
    return time
  }

  private static func time(_ duration: Duration, before now: Int64) -> Int64? {
    let (time, overflow) = now.subtractingReportingOverflow(Int64(duration.nanoseconds))
    return overflow ? nil : time
  }
}

package struct LogTimeError: Error, Equatable, CustomStringConvertible {
  package var text: String

  package var description: String {
    "'\(text)' is no time: write it as 2026-11-23T09:36:34Z, 2026-11-23, seconds since 1970, or how long ago, like 10m or 1h30m"
  }
}
