import Glibc

/// Writes times as RFC 3339 in UTC with nine digits, `2026-11-23T09:36:34.123456789Z`; remembers the second's
/// digits, as the next time is mostly within it.
struct TimestampWriter {
  static let byteCount = 30
  /// Up to and with the dot.
  static let secondByteCount = 20

  private var cachedSecond: Int?
  private var digits = [UInt8]("0000-00-00T00:00:00.".utf8)

  /// Writes `byteCount` bytes. Every Int64 has a year of four digits, 1677 to 2262.
  mutating func write(_ timeNanoseconds: Int64, to target: UnsafeMutableRawPointer) {
    var (second, nanosecond) = Int(timeNanoseconds).quotientAndRemainder(dividingBy: 1_000_000_000)
    if nanosecond < 0 {
      second -= 1
      nanosecond += 1_000_000_000
    }
    if second != cachedSecond { cache(second) }
    digits.withUnsafeBytes { target.copyMemory(from: $0.baseAddress!, byteCount: Self.secondByteCount) }
    Self.put(nanosecond, width: 9, in: UnsafeMutableRawBufferPointer(start: target + Self.secondByteCount, count: 9))
    target.storeBytes(of: UInt8(ascii: "Z"), toByteOffset: Self.byteCount - 1, as: UInt8.self)
  }

  private mutating func cache(_ second: Int) {
    let daySeconds = CivilDate.secondsPerDay
    let days = second >= 0 ? second / daySeconds : (second - daySeconds + 1) / daySeconds
    let date = CivilDate(daysSince1970: days)
    let timeOfDay = second - days * daySeconds
    let fields = [
      (date.year, 0, 4), (date.month, 5, 2), (date.day, 8, 2),
      (timeOfDay / 3600, 11, 2), (timeOfDay / 60 % 60, 14, 2), (timeOfDay % 60, 17, 2),
    ]
    digits.withUnsafeMutableBytes { bytes in
      for (value, offset, width) in fields {
        Self.put(value, width: width, in: UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + width]))
      }
    }
    cachedSecond = second
  }

  private static func put(_ value: Int, width: Int, in digits: UnsafeMutableRawBufferPointer) {
    var rest = UInt32(truncatingIfNeeded: value)
    for place in stride(from: width - 1, through: 0, by: -1) {
      digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }
}

/// Reads what `TimestampWriter` writes, nothing else; remembers the last second, as the next line is mostly of the same.
struct TimestampReader {
  /// Those of `cachedSecond`, from the beginning on: a run of zeros, as a crash leaves in a file, is no time.
  private var cachedDigits = Array("1970-01-01T00:00:00.".utf8)
  private var cachedSecond = 0

  /// The time that `bytes` begin with, in nanoseconds since 1970; `nil` if there is none.
  mutating func read(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    guard bytes.count >= TimestampWriter.byteCount, bytes[TimestampWriter.byteCount - 1] == UInt8(ascii: "Z"),
      let nanosecond = Self.number(bytes, 20..<29), let second = second(of: bytes)
    else { return nil }
    return LogTime.nanoseconds(second: second, nanosecond: nanosecond)
  }

  private mutating func second(of bytes: UnsafeRawBufferPointer) -> Int? {
    let isCached = cachedDigits.withUnsafeBytes {
      memcmp($0.baseAddress!, bytes.baseAddress!, TimestampWriter.secondByteCount) == 0
    }
    if isCached { return cachedSecond }
    guard let second = Self.parseSecond(bytes) else { return nil }
    cachedDigits.withUnsafeMutableBytes { $0.copyMemory(from: .init(rebasing: bytes[..<20])) }
    cachedSecond = second
    return second
  }

  private static func parseSecond(_ bytes: UnsafeRawBufferPointer) -> Int? {
    let separators: [(Int, Unicode.Scalar)] = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, ".")]
    guard separators.allSatisfy({ bytes[$0.0] == UInt8(ascii: $0.1) }),
      let year = number(bytes, 0..<4), let month = number(bytes, 5..<7), let day = number(bytes, 8..<10),
      let hour = number(bytes, 11..<13), let minute = number(bytes, 14..<16), let second = number(bytes, 17..<19)
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    guard date.isValid, hour < 24, minute < 60, second < 60 else { return nil }
    return date.daysSince1970 * CivilDate.secondsPerDay + hour * 3600 + minute * 60 + second
  }

  @inline(__always)
  private static func number(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
    var value = 0
    for index in range {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }
}
