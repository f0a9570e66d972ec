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
