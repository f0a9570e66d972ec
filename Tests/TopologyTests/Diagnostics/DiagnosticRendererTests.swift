import Testing

@testable import Topology

@Suite struct DiagnosticRendererTests {
  private func render(_ line: String, _ column: Int, _ endColumn: Int, colour: Bool = false) -> String {
    var sources = Sources()
    sources.add(SourceText(file: "a.yaml", bytes: Array(line.utf8)))
    let place = Place(file: "a.yaml", line: 1, column: column, endColumn: endColumn)
    return DiagnosticRenderer(sources: sources, usesColour: colour).render([Diagnostic(.error, at: place, "m")])
  }

  @Test func hasTheFormOfTheContract() {
    var sources = Sources()
    let text = String(repeating: "\n", count: 13) + "    in: linez\n"
    sources.add(SourceText(file: "wordcount.yaml", bytes: Array(text.utf8)))
    let diagnostic = Diagnostic(
      .error, at: Place(file: "wordcount.yaml", line: 14, column: 9, endColumn: 14),
      "process 'count' reads 'linez', which no resource declares", help: "did you mean 'lines' (line 3)?")
    #expect(
      DiagnosticRenderer(sources: sources).render([diagnostic]) == """
        wordcount.yaml:14:9: error: process 'count' reads 'linez', which no resource declares
           14 |     in: linez
              |         ^~~~~
              = help: did you mean 'lines' (line 3)?

        """)
  }

  @Test func notesAreExcerptsToo() {
    let document = load("a: 1\nb: 2\na: 3\n")
    #expect(
      DiagnosticRenderer(sources: document.sources).render(document.diagnostics) == """
        a.yaml:3:1: error: duplicate key 'a'
            3 | a: 3
              | ^
              = help: remove one of them, or give it another name
        a.yaml:1:1: note: first given here
            1 | a: 1
              | ^

        """)
  }

  @Test func aFindingOfTheWholeFileHasNoExcerpt() {
    let rendered = DiagnosticRenderer(sources: Sources()).render([Diagnostic(.warning, file: "a.yaml", "m", help: "h")])
    #expect(rendered == "a.yaml: warning: m\n      = help: h\n")
  }

  @Test(arguments: [
    ("ab: cd", 5, 7, "ab: cd", "    ^~"), ("日本: 語x", 5, 7, "日本: 語x", "      ^~~"),
    ("\ta: b", 5, 6, "    a: b", "       ^"),
    ("a\tb: c", 3, 4, "a   b: c", "    ^"), ("e\u{301}e\u{301}: x", 5, 6, "e\u{301}e\u{301}: x", "    ^"),
    ("👨‍👩‍👧: 👍", 4, 5, "👨‍👩‍👧: 👍", "    ^~"), ("☂\u{FE0F}: x", 4, 5, "☂\u{FE0F}: x", "    ^"),
    ("k:", 3, 3, "k:", "  ^"), ("k:", 9, 12, "k:", "  ^"), ("a\u{1B}[1mb", 1, 2, "a\\u{1B}[1mb", "^"),
    ("\u{1B}b", 2, 3, "\\u{1B}b", "      ^"), ("a\u{202E}b", 3, 4, "a\\u{202E}b", "         ^"),
  ])
  func theMarkerStandsUnderItsCharacters(line: String, column: Int, endColumn: Int, shown: String, marker: String) {
    #expect(
      render(line, column, endColumn)
        == "a.yaml:1:\(column): error: m\n    1 | \(shown)\n      | \(marker)\n")
  }

  @Test func aLongLineIsCutToAWindowAroundTheMarker() {
    let line = String(repeating: "a", count: 1000) + "XYZ" + String(repeating: "b", count: 1000)
    let parts = render(line, 1001, 1004).split(separator: "\n")
    #expect(
      parts[1] == "    1 | …" + String(repeating: "a", count: 50) + "XYZ" + String(repeating: "b", count: 47) + "…")
    #expect(parts[2] == "      | " + String(repeating: " ", count: 51) + "^~~")
  }

  @Test func aLongMarkerEndsWithTheWindow() {
    let parts = render(String(repeating: "a", count: 5000), 1, 5001).split(separator: "\n")
    #expect(parts[1] == "    1 | " + String(repeating: "a", count: 100) + "…")
    #expect(parts[2] == "      | ^" + String(repeating: "~", count: 99))
  }

  @Test func theEndOfALongLineIsShownWhole() {
    let parts = render(String(repeating: "a", count: 5000), 5000, 5001).split(separator: "\n")
    #expect(parts[1] == "    1 | …" + String(repeating: "a", count: 100))
    #expect(parts[2] == "      | " + String(repeating: " ", count: 100) + "^")
  }

  @Test func aLineOfAMachineHasNoExcerpt() {
    #expect(render(String(repeating: "a", count: 70_000), 5000, 5001) == "a.yaml:1:5000: error: m\n")
  }

  @Test func controlCharactersOfMessagesAndPathsAreEscaped() {
    let diagnostic = Diagnostic(.error, file: "a\u{1B}.yaml", "x\u{7}\ny", help: "\u{9B}2J")
    #expect(
      DiagnosticRenderer(sources: Sources()).render([diagnostic])
        == "a\\u{1B}.yaml: error: x\\u{7}\\ny\n      = help: \\u{9B}2J\n")
  }

  @Test func coloursAreAFlag() {
    #expect(render("ab", 1, 2, colour: true).contains("\u{1B}[1;31merror:\u{1B}[0m m"))
    #expect(!render("ab", 1, 2).contains("\u{1B}"))
  }

  @Test func longLineNumbersWidenTheGutter() {
    var sources = Sources()
    sources.add(SourceText(file: "a", bytes: Array((String(repeating: "\n", count: 1_234_566) + "x").utf8)))
    let place = Place(file: "a", line: 1_234_567, column: 1, endColumn: 2)
    let rendered = DiagnosticRenderer(sources: sources).render([Diagnostic(.error, at: place, "m", help: "h")])
    #expect(rendered == "a:1234567:1: error: m\n1234567 | x\n        | ^\n        = help: h\n")
  }

  @Test func findingsAreSortedAndSaidOnce() {
    func finding(_ line: Int, _ column: Int, _ message: String) -> Diagnostic {
      Diagnostic(.error, at: Place(file: "a", line: line, column: column, endColumn: column), message)
    }
    let found = [finding(2, 1, "c"), finding(1, 5, "b"), finding(2, 1, "c"), finding(1, 2, "a")]
    #expect(found.inOrder(of: Sources()).map(\.message) == ["a", "b", "c"])
  }

  @Test func editorsGetJSON() {
    let document = load("a: 1\na: 2\n")
    let json = DiagnosticJSON.encode(document.diagnostics, sources: document.sources)
    // YAML 1.2 holds JSON, so the loader reads it back.
    let read = load(json)
    #expect(read["0", "line"].map { "\($0.content)" }?.contains("\"2\"") == true)
    guard case .list(let records) = read.literal, case .map(let fields) = records.first else {
      return #expect(Bool(false))
    }
    let values = Dictionary(uniqueKeysWithValues: fields.map { ($0.key, $0.value) })
    #expect(values["file"] == .string("a.yaml"))
    #expect(values["line"] == .int(2))
    #expect(values["column"] == .int(1))
    #expect(values["endColumn"] == .int(2))
    #expect(values["severity"] == .string("error"))
    #expect(values["message"] == .string("duplicate key 'a'"))
    let whole = DiagnosticJSON.encode([Diagnostic(.warning, file: "b", "m")], sources: Sources())
    #expect(load(whole)["0", "help"].map { "\($0.content)" }?.contains("null") == true)
  }
}
