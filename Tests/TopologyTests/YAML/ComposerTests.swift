import Testing

@testable import Topology

@Suite struct ComposerTests {
  @Test func everyKeyAndValueHasItsPlace() throws {
    let document = load("name: wordcount\nprocesses:\n  read:\n    out: [a, b]\n    with: {path: \"x y\"}\n")
    #expect(document.findings == [])
    #expect(document["name"]?.place.range == "1:7-16")
    #expect(document["processes"]?.place.range == "3:3-7")
    #expect(document["processes", "read", "out"]?.place.range == "4:10-16")
    #expect(document["processes", "read", "out", "1"]?.place.range == "4:14-15")
    #expect(document["processes", "read", "with", "path"]?.place.range == "5:18-23")
    guard case .mapping(let entries) = document["processes"]?.content else { return #expect(Bool(false)) }
    #expect(entries[0].keyPlace.range == "3:3-7")
  }

  @Test(arguments: [
    ("ä: ö\n", "1:4-5"), ("日本: 語\n", "1:5-6"), ("k: \u{65}\u{301}x\n", "1:4-6"), ("👨‍👩‍👧: 👍🏽 x\n", "1:4-7"),
    ("k:\tx\n", "1:4-5"), ("k: x\r\n", "1:4-5"), ("# ü\r\nk: x\r\n", "2:4-5"), ("# ü\rk: x\r", "2:4-5"),
    ("k: 'a\n  b'\n", "1:4-6"), ("k: |\n  a\n", "1:4-5"), ("k: >-  # c\n  a\n", "1:4-6"), ("k:\n", "1:3-3"),
    ("k: &x v\n", "1:7-8"), ("k: !!str v\n", "1:10-11"), ("k: &x\n  v\n", "2:3-4"), ("k: &x {a: b}\n", "1:7-13"),
    ("k: &x\n  a: b\n", "2:3-4"), ("k:\n- ab\n", "2:1-5"), ("k: &x\n- ab\n", "2:1-5"), ("k: [a,\n b]\n", "1:4-7"),
    ("\u{FEFF}k: x\n", "1:4-5"), ("k: x", "1:4-5"), ("\u{2028}k: x\n", "1:5-6"),
  ])
  func columnsAreCharacters(text: String, range: String) throws {
    let document = load(text)
    #expect(document.findings == [])
    guard case .mapping(let entries) = document.root?.content else { return #expect(Bool(false), "\(text)") }
    #expect(entries[0].value.place.range == range, "\(text)")
  }

  @Test(arguments: [
    ("script: |\n  a\n  b\n", "a\nb\n", 2, 3), ("script: |\n\n    a\n", "\na\n", 2, 5),
    ("script: |2-\n    a\n", "  a", 2, 3), ("x:\n  script: |+\n      a\n\n", "a\n\n", 3, 7),
    ("script: &s !!str\n  |\n    a\n", "a\n", 3, 5), ("script: |  # Lua\n ü\n", "ü\n", 2, 2), ("script: |\n", "", 2, 1),
    ("script: |\r\n  a\r\n  b\r\n", "a\nb\n", 2, 3),
  ])
  func blocksKnowWhereTheirTextBegins(text: String, content: String, line: Int, column: Int) throws {
    let document = load(text)
    let node = try #require(document["script"] ?? document["x", "script"])
    guard case .scalar(let scalar) = node.content else { return #expect(Bool(false)) }
    #expect(scalar.text == content)
    #expect(scalar.isQuoted)
    #expect(scalar.blockStart?.line == line)
    #expect(scalar.blockStart?.column == column)
  }

  @Test func aliasesRepeatWhatTheirAnchorHolds() {
    let document = load("a: &a {k: [1, 2]}\nb: *a\nc: [*a, &b x, *b]\n&k key: *k\n")
    #expect(document.findings == [])
    let map = Literal.map([("k", .list([.int(1), .int(2)]))])
    #expect(
      document.literal
        == .map([
          ("a", map), ("b", map), ("c", .list([map, .string("x"), .string("x")])), ("key", .string("key")),
        ]))
    #expect(document["b", "k"]?.place.range == "1:11-17")
  }

  /// Seen to fail: all merged keys added.
  @Test func ownKeysWinOverMergedOnesAndEarlierMapsOverLater() {
    let document = load(
      """
      a: &a {x: 1, y: 1}
      b: &b {y: 2, z: 2}
      one: {<<: *a, x: 0}
      list:
        first: 3
        <<: [*b, *a]
      chain: {<<: {<<: *a, w: 9}}
      "<<": word
      """)
    #expect(document.findings == [])
    guard case .map(let entries) = document.literal else { return #expect(Bool(false)) }
    #expect(entries[2].value == .map([("y", .int(1)), ("x", .int(0))]))
    #expect(entries[3].value == .map([("first", .int(3)), ("y", .int(2)), ("z", .int(2)), ("x", .int(1))]))
    #expect(entries[4].value == .map([("x", .int(1)), ("y", .int(1)), ("w", .int(9))]))
    #expect(entries[5].key == "<<")
  }

  @Test func tagsOfScalarsSayTheirType() {
    let document = load("a: !!str 12\nb: !!int \"12\"\nc: ! true\nd: !!float 3\ne: !!map {x: !!seq [!!null ~]}\n")
    #expect(document.findings == [])
    #expect(
      document.literal
        == .map([
          ("a", .string("12")), ("b", .int(12)), ("c", .string("true")), ("d", .float(3)),
          ("e", .map([("x", .list([.null]))])),
        ]))
  }

  /// Seen to fail: duplicate keys, or aliases in their own anchor, not looked for.
  @Test(arguments: [
    ("", "the file is empty: it declares nothing"), ("# only words\n", "the file is empty: it declares nothing"),
    ("---\n", "the file is empty: it declares nothing"), ("---\n...\n", "the file is empty: it declares nothing"),
    ("a: 1\n---\nb: 2\n", "2:1-4 a second document begins here, and a topology is one document"),
    ("a: 1\nb: 2\na: 3\n", "3:1-2 duplicate key 'a'"), ("{a: 1, 'a': 3}\n", "1:8-11 duplicate key 'a'"),
    ("a: {<<: {}, <<: {}}\n", "1:13-15 duplicate key '<<'"),
    ("a: &a [1, *a]\n", "1:11-13 alias '*a' stands inside its own anchor '&a', which would never end"),
    ("a: &a\n  <<: *a\n", "2:7-9 alias '*a' stands inside its own anchor '&a', which would never end"),
    ("b: &base x\na: *bse\n", "2:4-8 alias '*bse' has no anchor before it"),
    ("? [a, b]\n: x\n", "1:3-4 a map or list can't be a key"), ("{a: b}: c\n", "1:1-2 a map or list can't be a key"),
    ("x: &x [a]\n*x : c\n", "2:1-3 a map or list can't be a key"),
    ("? \n: x\n", "1:2-2 a key is missing before ':'"),
    ("a: !!int x\n", "1:10-11 'x' is not what its tag says, '!!int'"),
    ("a: !env x\n", "1:9-10 tag '!env' can't be used here"),
    ("a: !!set {x}\n", "1:4-10 tag '!!set' can't be used here"),
    ("<<: word\n", "1:5-9 '<<' merges maps, and this is none"),
    ("<<: [{}, word]\n", "1:10-14 '<<' merges maps, and this is none"),
  ])
  func reports(text: String, finding: String) {
    #expect(load(text).findings == [finding], "\(text)")
  }

  /// Seen to fail: at the second.
  @Test func aDuplicateKeyHasANoteAtTheFirst() {
    let document = load("a: 1\nb: 2\na: 3\n")
    #expect(document.diagnostics.first?.notes.map(\.place.range) == ["1:1-2"])
    #expect(document.literal == .map([("a", .int(1)), ("b", .int(2))]))
  }

  /// Seen to fail: no name.
  @Test func anAliasWithoutAnchorNamesTheNearest() {
    #expect(load("b: &base x\na: *bse\n").diagnostics.first?.help == "did you mean '*base'?")
  }

  @Test func allFindingsOfAFileComeAtOnce() {
    #expect(load("a: ${X}\na: 1\nb: !x 2\nc: ${Y}\n").findings.count == 4)
  }
}
