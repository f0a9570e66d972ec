import Testing

@testable import Topology

@Suite struct ScalarTests {
  private func plain(_ text: String) -> Node.Scalar { Node.Scalar(text: text, isQuoted: false) }
  private func quoted(_ text: String) -> Node.Scalar { Node.Scalar(text: text, isQuoted: true) }

  /// Seen to fail: YAML 1.1's booleans.
  @Test(arguments: [
    ("", Literal.null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nUll", .string("nUll")),
    ("true", .bool(true)), ("True", .bool(true)), ("FALSE", .bool(false)), ("tRue", .string("tRue")),
    ("yes", .string("yes")), ("no", .string("no")), ("on", .string("on")), ("off", .string("off")), ("y", .string("y")),
    ("0", .int(0)), ("-0", .int(0)), ("+12", .int(12)), ("-7", .int(-7)), ("007", .int(7)), ("0o17", .int(15)),
    ("0x1F", .int(31)), ("0xff", .int(255)), ("0o8", .string("0o8")), ("0xG", .string("0xG")), ("0b1", .string("0b1")),
    ("-0x1", .string("-0x1")), ("1_000", .string("1_000")), ("12:30", .string("12:30")), ("1 2", .string("1 2")),
    ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
    ("9223372036854775808", .unsigned(1 << 63)), ("18446744073709551615", .unsigned(.max)),
    ("0xFFFFFFFFFFFFFFFF", .unsigned(.max)), ("1.5", .float(1.5)), (".5", .float(0.5)), ("5.", .float(5)),
    ("1e3", .float(1000)), ("-1.5E-2", .float(-0.015)), ("+.5", .float(0.5)), (".", .string(".")), ("-", .string("-")),
    ("+", .string("+")), ("1e", .string("1e")), ("e5", .string("e5")), (".e5", .string(".e5")),
    ("1.2.3", .string("1.2.3")),
    (".inf", .float(.infinity)), ("-.Inf", .float(-.infinity)), ("+.INF", .float(.infinity)), ("inf", .string("inf")),
    ("nan", .string("nan")), ("-.nan", .string("-.nan")), ("0x", .string("0x")), ("٣", .string("٣")),
    ("infinity", .string("infinity")), ("0x1p3", .string("0x1p3")),
  ])
  func typesPlainTextByTheCoreSchema(text: String, expected: Literal) {
    #expect(plain(text).literal == expected)
  }

  @Test func notANumberIsAFloat() {
    guard case .float(let value) = plain(".NaN").literal else { return #expect(Bool(false)) }
    #expect(value.isNaN)
  }

  /// Seen to fail: quotes not looked at.
  @Test(arguments: ["", "true", "12", "null", "1.5"])
  func quotedTextIsAString(text: String) {
    #expect(quoted(text).literal == .string(text))
  }

  /// Seen to fail: floats that become infinite.
  @Test(arguments: [
    "18446744073709551616", "-9223372036854775809", "0x1FFFFFFFFFFFFFFFF", "1e999", "-1e999",
  ])
  func numbersThatNoTypeHoldsHaveNoValue(text: String) {
    #expect(plain(text).literal == nil)
    #expect(plain(text).looksLikeNumber)
  }

  @Test func quotesDoNotMatterWhereANumberIsDue() {
    #expect(quoted("42").integer == .int(42))
    #expect(quoted("18446744073709551615").integer == .unsigned(.max))
    #expect(quoted("4.5").number == .float(4.5))
    #expect(plain("42").number == .int(42))
    #expect(quoted("4.5").integer == nil)
    #expect(plain("four").number == nil)
  }

  /// Seen to fail: quoted ones too.
  @Test func onlyPlainTextIsABooleanOrNothing() {
    #expect(plain("true").bool == true)
    #expect(quoted("true").bool == nil)
    #expect(plain("yes").bool == nil)
    #expect(plain("~").isNull)
    #expect(!quoted("").isNull)
  }

  /// Seen to fail: in the order of the keys.
  @Test func aTreeBecomesALiteralInItsOrder() {
    let document = load("b: [1, 'x', {k: ~}]\na: 2.5\n")
    #expect(
      document.literal
        == .map([("b", .list([.int(1), .string("x"), .map([("k", .null)])])), ("a", .float(2.5))]))
  }

  /// Seen to fail: nothing reported.
  @Test func aTreeReportsNumbersOutOfRangeWhereTheyStand() throws {
    let root = try #require(load("a: [1, 99999999999999999999]\n").root)
    var diagnostics: [Diagnostic] = []
    #expect(Literal(root, reporting: &diagnostics) == .map([("a", .list([.int(1), .null]))]))
    #expect(diagnostics.map(\.place?.range) == ["1:8-28"])
  }
}
