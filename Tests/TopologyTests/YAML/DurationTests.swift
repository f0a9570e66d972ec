import Testing
import Text

@testable import Topology

@Suite struct DurationTests {
  /// Seen to fail: no fractions; minutes of a millisecond.
  @Test(arguments: [
    ("250ms", Duration.milliseconds(250)), ("10s", .seconds(10)), ("1m30s", .seconds(90)), ("2h", .seconds(7200)),
    ("5us", .microseconds(5)), ("1.5s", .milliseconds(1500)), (".5s", .milliseconds(500)), ("0", .zero),
    ("7ns", .nanoseconds(7)), ("2562047h", .seconds(2_562_047 * 3600)),
  ])
  func parses(text: String, expected: Duration) throws {
    #expect(try Duration.parse(text) == expected)
  }

  /// Seen to fail: what is too long let through.
  @Test(arguments: [
    ("10", "duration '10' has no unit"), ("ten", "'ten' is not a duration"), ("", "'' is not a duration"),
    ("-5s", "'-5s' is negative"), ("5 parsecs", "duration '5 parsecs' has an unknown unit, ' parsecs'"),
    ("1m30", "duration '1m30' has no unit"), ("1..5s", "'1..5s' is not a duration"), ("1s.", "'1s.' is not a duration"),
    ("2562048h", "duration '2562048h' is too long"),
    ("99999999999999999999s", "duration '99999999999999999999s' is too long"),
    ("9223372036s1s", "duration '9223372036s1s' is too long"),
  ])
  func refuses(text: String, message: String) {
    let error = #expect(throws: InvalidText.self) { try Duration.parse(text) }
    #expect(error?.message == message)
  }

  /// Seen to fail: without the forms.
  @Test func refusalNamesTheForms() {
    let error = #expect(throws: InvalidText.self) { try Duration.parse("10") }
    #expect(error?.help.contains("250ms, 10s, 1m30s, 2h") == true)
  }
}
