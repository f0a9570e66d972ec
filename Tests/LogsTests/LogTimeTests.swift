import Glibc
import Testing

@testable import Logs

struct LogTimeTests {
  private let second: Int64 = 1_000_000_000

  /// Seen to fail: before 1970 a second too late.
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000000Z"),
    (-1, "1969-12-31T23:59:59.999999999Z"),
    (951_782_400_000_000_001, "2000-02-29T00:00:00.000000001Z"),
    (951_868_799_999_999_999, "2000-02-29T23:59:59.999999999Z"),
    (1_709_164_800_000_000_000, "2024-02-29T00:00:00.000000000Z"),
    (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000000Z"),
    (-2_203_891_200_000_000_000, "1900-03-01T00:00:00.000000000Z"),
    (1_795_426_594_123_456_789, "2026-11-23T09:36:34.123456789Z"),
    (Int64.max, "2262-04-11T23:47:16.854775807Z"),
    (Int64.min, "1677-09-21T00:12:43.145224192Z"),
  ])
  func writesAndReadsRFC3339(time: Int64, text: String) throws {
    #expect(LogTime.format(time) == text)
    #expect(try LogTime.parse(text, now: 0) == time)
    var reader = TimestampReader()
    #expect(Array(text.utf8).withUnsafeBytes { reader.read($0) } == time)
  }

  /// Seen to fail: centuries with a leap day each.
  @Test func agreesWithTheSystemsCalendarOnEveryDayOfSixCenturies() {
    for day in stride(from: -107_000, through: 106_000, by: 1) {
      var seconds = time_t(day * 86_400)
      var fields = tm()
      gmtime_r(&seconds, &fields)
      let date = CivilDate(daysSince1970: day)
      guard
        date == CivilDate(year: Int(fields.tm_year) + 1900, month: Int(fields.tm_mon) + 1, day: Int(fields.tm_mday)),
        date.daysSince1970 == day, date.isValid
      else {
        Issue.record("day \(day) became \(date)")
        return
      }
    }
  }

  /// Seen to fail: zones east of UTC taken for west.
  @Test(arguments: [
    ("2026-11-23T09:36:34Z", 1_795_426_594_000_000_000),
    ("2026-11-23t09:36:34z", 1_795_426_594_000_000_000),
    ("2026-11-23T10:36:34.5+01:00", 1_795_426_594_500_000_000),
    ("2026-11-23T09:36", 1_795_426_560_000_000_000),
    ("2026-11-23 09:36:34", 1_795_426_594_000_000_000),
    ("2026-11-23", 1_795_392_000_000_000_000),
    ("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000),
    ("1795426594", 1_795_426_594_000_000_000),
    ("1795426594.25", 1_795_426_594_250_000_000),
    ("10m", 9_400_000_000_000),
    ("1h30m", 4_600_000_000_000),
    ("250ms", 9_999_750_000_000),
    ("1.5s", 9_998_500_000_000),
    ("0s", 10_000_000_000_000),
  ])
  func takesWhatPeopleWrite(text: String, time: Int64) throws {
    #expect(try LogTime.parse(text, now: 10_000 * second) == time)
  }

  /// Seen to fail: days that the calendar lacks let through; what comes after not looked at.
  @Test(arguments: [
    "", " ", "m", "10x", "10 m", "-5m", "2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "2026-11-23T24:00:00Z",
    "2026-11-23T09:36:34+1:00", "2026-11-23T", "2026-11-23Z", "2263-01-01", "0001-01-01", "99999999999999999999",
    "99999999999h", "1.s", "yesterday", "10m ago", "2026-11-23T09:36:34Zx",
  ])
  func refusesWhatIsNoTime(text: String) {
    let error = #expect(throws: LogTimeError.self) { try LogTime.parse(text, now: 0) }
    #expect(error?.description.contains("'\(text)'") == true)
  }

  /// Seen to fail: ranges, or separators, not looked at; a first line of zeros taken for a time.
  @Test(arguments: [
    "2026-11-23T09:36:34.12345678Z ", "2026-11-23T09:36:34,123456789Z", "2026-02-30T09:36:34.123456789Z",
    "2026-11-23T09:60:34.123456789Z", "9999-11-23T09:36:34.123456789Z", "short",
    String(repeating: "\0", count: 20) + "123456789Z",
  ])
  func readsNoLogTimeThatItDoesNotWrite(text: String) {
    var reader = TimestampReader()
    #expect(Array(text.utf8).withUnsafeBytes { reader.read($0) } == nil)
  }
}
