import Text

/// The times that people write and read: `--since 10m`, `--until 2026-11-23T09:36:34Z`.
package enum LogTime {
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

/// Reads a time that a person wrote, left to right. Each part gives `nil` where the text isn't one, or is out of range.
struct TimeScanner {
  private var rest: ArraySlice<UInt8>

  private var isAtEnd: Bool { rest.isEmpty }

  /// `nil` also where something is behind it.
  static func whole(_ text: String, _ time: (inout TimeScanner) -> Int64?) -> Int64? {
    var scanner = TimeScanner(rest: ArraySlice(text.utf8))
    return time(&scanner).flatMap { scanner.isAtEnd ? $0 : nil }
  }

  /// `2026-11-23`, `2026-11-23T09:36`, `2026-11-23 09:36:34.5+01:00`.
  mutating func dateAndTime() -> Int64? {
    guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"),
      let day = number(digits: 2)
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    guard date.isValid else { return nil }
    var second = date.daysSince1970 * CivilDate.secondsPerDay
    var nanosecond = 0
    if take("T") || take("t") || take(" ") {
      guard let time = timeOfDay(), let offset = zoneOffset() else { return nil }
      second += time.second - offset
      nanosecond = time.nanosecond
    }
    return LogTime.nanoseconds(second: second, nanosecond: nanosecond)
  }

  /// `1795426594`, `1795426594.25`, since 1970.
  mutating func seconds() -> Int64? {
    guard let second = number(), let nanosecond = fraction() else { return nil }
    return LogTime.nanoseconds(second: second, nanosecond: nanosecond)
  }

  private mutating func timeOfDay() -> (second: Int, nanosecond: Int)? {
    guard let hour = number(digits: 2), hour < 24, take(":"), let minute = number(digits: 2), minute < 60 else {
      return nil
    }
    guard take(":") else { return (hour * 3600 + minute * 60, 0) }
    // RFC 3339 allows the leap second 60; it is the next minute's first.
    guard let second = number(digits: 2), second <= 60, let nanosecond = fraction() else { return nil }
    return (hour * 3600 + minute * 60 + second, nanosecond)
  }

  /// Seconds east of UTC.
  private mutating func zoneOffset() -> Int? {
    if isAtEnd || take("Z") || take("z") { return 0 }
    let sign = take("+") ? 1 : take("-") ? -1 : 0
    guard sign != 0, let hour = number(digits: 2), hour < 24, take(":"), let minute = number(digits: 2), minute < 60
    else { return nil }
    return sign * (hour * 3600 + minute * 60)
  }

  /// `.5` in nanoseconds, 0 where there is none; what is finer than a nanosecond is cut off.
  private mutating func fraction() -> Int? {
    guard take(".") else { return 0 }
    let digits = takeDigits()
    guard !digits.isEmpty else { return nil }
    return (0..<9).reduce(0) { value, place in
      value * 10 + (place < digits.count ? Int(digits[digits.startIndex + place] - 0x30) : 0)
    }
  }

  private mutating func number(digits count: Int? = nil) -> Int? {
    let digits = takeDigits(atMost: count ?? .max)
    guard !digits.isEmpty, count == nil || digits.count == count else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  private mutating func takeDigits(atMost count: Int = .max) -> ArraySlice<UInt8> {
    let digits = rest.prefix(count).prefix { (0x30...0x39).contains($0) }
    rest = rest.dropFirst(digits.count)
    return digits
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }
}
