import Testing

@testable import Topology

@Suite struct SyntaxTests {
  @Test(arguments: [
    ("a:\n\tb: 1\n", "2:1-2 a tab can't indent in YAML"), ("a:\n  b: 1\n\tc: 2\n", "3:1-2 a tab can't indent in YAML"),
    ("a: @b\n", "1:4-5 a value can't begin with '@'"), ("a: `b`\n", "1:4-5 a value can't begin with '`'"),
    ("a: b: c\n", "1:5-6 a ':' is not allowed here"), ("a: - b\n", "1:4-5 a list item '-' is not allowed here"),
    ("a: 1\nb\nc: 2\n", "2:2-3 a ':' is missing after 'b'"),
    ("a: 1\n'b'\nc: 2\n", "2:1-2 a key needs a ':' after it, on its line"),
    // Seen to fail: told on the line after it.
    ("a:\n  task x\n  in: y\n", "2:7-8 a ':' is missing after 'task'"),
    ("a:\n  task:x\n  in: y\n", "2:7-8 a space is missing after 'task:'"),
    ("a:\n  b: 1\n  in:y\nc: 2\n", "3:5-6 a space is missing after 'in:'"),
    ("a: 1\n  b: 2\n", "2:3-4 'b' is indented as if it belonged to 'a', which has a value already"),
    ("a: {b: c in: d}\n", "1:12-13 a ',' is missing before this entry"),
    ("a:\n  b: 1\n c: 2\n", "3:2-3 this is not a key of the map around it"),
    ("a:\n  - b\n  c: 2\n", "3:3-4 this is not an item of the list around it"),
    ("a: [b, c\n", "1:4-5 '[' is not closed: ',' or ']' was expected"),
    ("a: {b: c\nd: e\n", "2:2-3 '{' is not closed: ',' or '}' was expected"),
    ("a: {b: ${C}}\n", "1:9-10 '${' inside of '{…}' or '[…]' needs quotes"),
    ("a: [${C}]\n", "1:6-7 '${' inside of '{…}' or '[…]' needs quotes"),
    ("a: 'b\nc: d\n", "1:4-5 a quote is opened and never closed"),
    ("a: \"b\n", "1:4-5 a quote is opened and never closed"),
    ("a: \"\\d\"\n", "1:5-6 an unknown escape in a string in double quotes"),
    ("a: *.txt\n", "1:5-6 '*' begins an alias, and needs a name after it"),
    ("a: & b\n", "1:5-6 '&' begins an anchor, and needs a name after it"),
    ("a: | text\n", "1:6-7 text can't follow '|' or '>' on its line"),
    ("a: !x!y z\n", "1:4-5 '!' begins a tag, and this one is unknown"),
    ("%FOO\n---\na: 1\n", "1:1-2 an unknown '%' directive"),
    ("%YAML 2.0\n---\na: 1\n", "1:1-2 an unknown '%' directive"),
    ("a: [,]\n", "1:5-6 a value is missing here"), ("a: b\n]\n", "2:1-2 this is not a key of the map around it"),
    ("'a' b\n", "1:5-6 the topology has ended before this"),
    ("a: \u{7}\n", "1:4-5 control character U+0007 is not allowed"),
    ("ü: \u{0}\n", "1:4-5 control character U+0000 is not allowed"),
  ])
  func saysWhatIsWrongInWordsOfTheFile(text: String, finding: String) {
    let document = load(text)
    #expect(document.findings == [finding], "\(text)")
    #expect(document.root == nil)
    #expect(document.diagnostics.first?.help != nil)
  }

  /// Seen to fail: the brackets called open, and the ':' missing, where the key was too long for libyaml to see it.
  @Test(arguments: ["a:\n  KEY: 1\n", "KEY: 1\n", "a: {b: 1, KEY: 2}\n", "a:\n  KEY:\n    c: 1\n"])
  func aKeyThatIsTooLongIsCalledThat(text: String) {
    let key = String(repeating: "k", count: 1030)
    #expect(load(text.replacing("KEY", with: key)).diagnostics.map(\.message) == ["a key has at most 1024 characters"])
    let short = String(repeating: "k", count: 1000)
    #expect(load(text.replacing("KEY", with: short)).diagnostics.isEmpty)
    // One without its ':' is told of that, however long it is.
    let lacking = load("a: 1\n\(key)\nb: 2\n").diagnostics.map(\.message)
    #expect(lacking == ["a ':' is missing after '\(key)'"])
  }

  @Test(
    arguments: [
      ([0x61, 0x3A, 0x20, 0xFF, 0x0A], "1:4-5 byte 0xFF is not valid UTF-8"),
      ([0x61, 0x0A, 0xC3, 0xA4, 0xC3, 0x28], "2:2-3 byte 0xC3 is not valid UTF-8"),
      ([0xED, 0xA0, 0x80], "1:1-2 byte 0xED is not valid UTF-8"),
      ([0xFF, 0xFE, 0x61, 0x00], "the file is UTF-16, and a topology is UTF-8"),
      ([0xFE, 0xFF, 0x00, 0x61], "the file is UTF-16, and a topology is UTF-8"),
    ] as [([UInt8], String)])
  func refusesWhatIsNotUTF8(bytes: [UInt8], finding: String) {
    #expect(load(bytes: bytes).findings == [finding])
  }
}
