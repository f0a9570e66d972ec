import Testing

@testable import Topology

/// Signs of a file are found by their bytes, whatever mark combines with them.
@Suite struct ByteTests {
  private func literal(_ text: String) -> (Literal, [Diagnostic]) {
    var diagnostics: [Diagnostic] = []
    let composition = Composer.compose(SourceText(file: "t.yaml", bytes: Array(text.utf8)), environment: [])
    diagnostics += composition.diagnostics
    guard let root = composition.root else { return (.null, diagnostics) }
    return (Literal(root, reporting: &diagnostics), diagnostics)
  }

  /// Seen to fail: "duplicate key".
  @Test func keysThatLookAlikeAreTwo() {
    let (literal, diagnostics) = literal("{\"\\u00e9\": 1, \"e\\u0301\": 2, \"K\": 3, \"\\u212a\": 4}")
    #expect(diagnostics.isEmpty)
    guard case .map(let entries) = literal else { return #expect(Bool(false)) }
    #expect(entries.map(\.value) == [.int(1), .int(2), .int(3), .int(4)])
  }

  /// Seen to fail: `x: 2` for `x: 1`, the key of the other file.
  @Test func mergingFilesKeepsThemApart() {
    func node(_ text: String) -> Node {
      Composer.compose(SourceText(file: "t.yaml", bytes: Array(text.utf8)), environment: []).root!
    }
    var diagnostics: [Diagnostic] = []
    let merged = DocumentMerge.merge(
      node("{\"\\u00e9\": 1}"), with: node("{\"e\\u0301\": 2}"), reporting: &diagnostics)
    #expect(Literal(merged, reporting: &diagnostics) != .map([("\u{E9}", .int(2))]))
    guard case .mapping(let entries) = merged.content else { return #expect(Bool(false)) }
    #expect(entries.count == 2)
    #expect(Literal.string("\u{E9}") != .string("e\u{301}"))
  }

  /// Seen to fail: `${` written as it is, which the next reader takes for a variable.
  @Test(arguments: ["${\u{301}", "x${\u{200D}A}", "$${", "$${\u{301}", "${a}", "$", "{$\u{301}{", "$\u{301}{"])
  func aWrittenTextIsReadAsItWas(text: String) {
    let written = YAMLText.value(text)
    let (read, diagnostics) = literal("a: " + written)
    #expect(diagnostics.isEmpty, "\(written)")
    #expect(read == .map([("a", .string(text))]), "\(written)")
  }

  /// Seen to fail: the first line's blank taken for indentation.
  @Test(arguments: [" \u{301}a\n", "\t\u{301}\nb\n", "\u{301}\n"]) func aBlockIsReadAsItWas(text: String) throws {
    let block = try #require(YAMLText.block(text, indentation: "  "))
    #expect(literal("a: " + block + "\n").0 == .map([("a", .string(text))]), "\(block)")
  }

  /// Seen to fail: "a variable's line has no '='".
  @Test(arguments: [
    ("Z=\u{301}x", "\u{301}x"), ("Z='\u{301}x'", "\u{301}x"), ("Z=\"\u{301}#\" #", "\u{301}#"), ("Z = a #\u{301}", "a"),
    ("export Z=\u{200D}", "\u{200D}"),
  ]) func aVariableBeginsBehindItsSign(line: String, value: String) throws {
    let file = EnvironmentFile.parse(SourceText(file: ".env", bytes: Array((line + "\n").utf8)))
    #expect(file.diagnostics.isEmpty, "\(file.diagnostics)")
    let found = try #require(file.values["Z"])
    #expect(found.isExactly(value), "\(found)")
  }

  /// Seen to fail: a comment in the middle of a text.
  @Test func aScriptsTextsAreFoundByTheirQuotes() {
    let tokens = LuaTokens("print('\u{301}--x', \"\u{301}--\") l:acquire() -- end").tokens
    #expect(tokens.map { String($0.text) } == ["print", "(", "", ",", "", ")", "l", ":", "acquire", "(", ")"])
  }

  /// Seen to fail: integers.
  @Test(arguments: [
    ("!!float 3", 3.0), ("!!float \"3\"", 3), ("!!float 0x10", 16), ("!!float 18446744073709551615", 0x1p64),
    ("!!float -0", -0.0), ("!!float 1e3", 1000),
  ]) func aTagMakesAFloat(text: String, value: Double) {
    #expect(literal("a: " + text).0 == .map([("a", .float(value))]))
  }
}
