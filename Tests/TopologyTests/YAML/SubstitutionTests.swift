import Testing

@testable import Topology

@Suite struct SubstitutionTests {
  private static let environment = ["A": "apple", "E": "", "N": "4", "B_1": "b"]

  private func text(_ text: String) -> (String, [String]) {
    let result = Substitution.expand(text, byteLimit: 1000) { Self.environment[$0] }
    return (result.text, result.problems.map(\.message))
  }

  /// Seen to fail: empty taken for set.
  @Test(arguments: [
    ("", ""), ("plain", "plain"), ("${A}", "apple"), ("x${A}y${B_1}", "xappleyb"), ("${E}", ""),
    ("${A:-d}", "apple"), ("${E:-d}", "d"), ("${U:-d}", "d"), ("${U:-}", ""), ("${A-d}", "apple"), ("${E-d}", ""),
    ("${U-d}", "d"), ("${A:?m}", "apple"), ("${A?m}", "apple"), ("${E?m}", ""), ("${A:+o}", "o"), ("${E:+o}", ""),
    ("${U:+o}", ""), ("${A+o}", "o"), ("${E+o}", "o"), ("${U+o}", ""), ("${U:-${A}}", "apple"),
    ("${U:-${V:-${A}x}y}z", "applexyz"), ("${A:+<${A}>}", "<apple>"), ("${A:-${U}}", "apple"), ("${U:+${V}}", ""),
    ("$${A}", "${A}"), ("$$${A}", "$${A}"), ("$", "$"), ("$$", "$$"), ("$A", "$A"), ("a$", "a$"), ("5$ {A}", "5$ {A}"),
    ("$(date)", "$(date)"), ("{A}", "{A}"), ("}", "}"), ("${U:-a b: c}", "a b: c"), ("${U:-$${A}}", "${A}"),
    ("${U:-ü${A}日}", "üapple日"), ("${A:?${U}}", "apple"), ("${U:-{}}", "{}"),
  ])
  func replaces(input: String, expected: String) {
    #expect(text(input) == (expected, []))
  }

  @Test(arguments: [
    ("$A", ["$A"]), ("$$A x $B$A", ["$$A", "$B", "$A"]), ("${A} $${B} $1 $ $-", []), ("a$_x9.y", ["$_x9"]),
    ("$$$C", ["$$C"]), ("${A:-$B}", ["$B"]), ("", []),
  ])
  func namesWithoutBracesAreFound(text: String, expected: [String]) {
    #expect(Substitution.plainVariables(in: text) == expected)
  }

  /// Seen to fail: the message left out.
  @Test(arguments: [
    ("${U}", "variable 'U' is not set"), ("${U:?say it}", "variable 'U' is not set: say it"),
    ("${U?say it}", "variable 'U' is not set: say it"), ("${E:?say it}", "variable 'E' is empty: say it"),
    ("${U:?}", "variable 'U' is not set"), ("${U:?of ${A}}", "variable 'U' is not set: of apple"),
    ("${U:-${V}}", "variable 'V' is not set"), ("${A", "'${' is never closed"), ("${U:-x", "'${' is never closed"),
    ("${", "a variable's name must follow '${'"), ("${}", "a variable's name must follow '${'"),
    ("${1}", "a variable's name must follow '${'"), ("${A.b}", "'${A' is followed by an unknown operator"),
    ("${A%x}", "'${A' is followed by an unknown operator"), ("${A:x}", "'${A' is followed by an unknown operator"),
    ("${#A}", "a variable's name must follow '${'"), ("${U:-${V:-", "'${' is never closed"),
  ])
  func reports(input: String, message: String) {
    #expect(text(input).1 == [message])
  }

  /// Seen to fail: the literal form left out.
  @Test func anUnsetVariableSuggestsHowToWriteItLiterally() {
    let help = load("a: ${HOME_DIR}\n").diagnostics.first?.help
    #expect(help?.contains("'$${HOME_DIR}'") == true)
    #expect(help?.contains("${HOME_DIR:-default}") == true)
  }

  /// Seen to fail: always at the first reference.
  @Test(arguments: [
    ("a: ${U}\n", ["1:4-8"]), ("a: x ${A} ${U} y ${V}\n", ["1:11-15", "1:18-22"]), ("a: 'it''s ${U}'\n", ["1:11-15"]),
    ("a: \"\\t\\u00e4 ${U}\"\n", ["1:14-18"]), ("a: 日本 ${U}\n", ["1:7-11"]), ("a: &x ${U}\n", ["1:7-11"]),
    ("a: |\n  one\n  ${U}\n", ["3:3-7"]), ("a: x\n  y ${U}\n", ["2:5-9"]), ("a: $${A} ${U}\n", ["1:10-14"]),
    ("a: ${V:-${U}}\n", ["1:9-13"]), ("a: \"\\x24{U}\"\n", ["1:4-13"]), ("a: &x ${U}\nb: *x\n", ["1:7-11"]),
    ("- ${U:?a b}\n", ["1:3-12"]), ("a: >\r\n  ä\r\n  ${U}\r\n", ["3:3-7"]),
  ])
  func problemsStandAtTheirReference(text: String, ranges: [String]) {
    let document = load(text, environment: Self.environment)
    #expect(document.diagnostics.inOrder(of: document.sources).map { $0.place?.range } == ranges, "\(text)")
  }

  /// Seen to fail: what was replaced a string always.
  @Test func plainTextIsTypedAfterReplacing() {
    let document = load("a: ${N}\nb: '${N}'\nc: ${N}.5\nd: ${E}\n", environment: Self.environment)
    #expect(
      document.literal == .map([("a", .int(4)), ("b", .string("4")), ("c", .float(4.5)), ("d", .null)]))
  }

  @Test func valuesCanNotBreakTheStructure() {
    let document = load("a: ${V}\n", environment: ["V": "x\nb: [1, ${V}"])
    #expect(document.literal == .map([("a", .string("x\nb: [1, ${V}"))]))
  }

  /// Seen to fail: scripts replaced too.
  @Test func scriptsAndKeysStayAsTheyAre() {
    let document = load(
      "script: ${U}\n${U}: 1\nlist: [{script: '${U}'}]\nx: &s {script: &t '${U}'}\ny: *s\nz: {script: *t}\n")
    #expect(document.findings == [])
  }

  /// Seen to fail: as at its anchor.
  @Test func anAliasIsReplacedAccordingToWhereItStands() {
    let document = load("x-lua: &lua 'p(${A})'\nprocess: {script: *lua}\n", environment: Self.environment)
    #expect(document["x-lua"].map { "\($0.content)" }?.contains("p(apple)") == true)
    #expect(document["process", "script"].map { "\($0.content)" }?.contains("p(${A})") == true)
  }

  /// Seen to fail: the last one.
  @Test func theFirstEnvironmentThatHasAVariableCounts() {
    let document = load(
      ["a.yaml": "[ '${A}', '${B}', '${C}' ]"], environment: [["A": "1"], ["A": "2", "B": "2"], ["C": "3"]])
    #expect(document.literal == .list([.string("1"), .string("2"), .string("3")]))
  }

  /// Seen to fail: not marked.
  @Test func anInvalidScalarIsMarkedSoThatItIsReportedOnce() {
    guard case .scalar(let scalar) = load("a: ${U}\n")["a"]?.content else { return #expect(Bool(false)) }
    #expect(scalar.isInvalid)
  }
}
