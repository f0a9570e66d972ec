import Testing

@testable import Logs

struct LogRendererTests {
  private let time: Int64 = 1_795_426_594_123_456_789

  private func render(_ lines: [(String, [UInt8])], _ style: LogStyle, _ instances: [String] = []) -> [UInt8] {
    var renderer = LogRenderer(style: style, instances: instances)
    for (instance, bytes) in lines {
      bytes.withUnsafeBytes {
        renderer.append(LogRecord(timeNanoseconds: time, instance: instance, stream: .stderr, text: $0))
      }
    }
    return Array(renderer.output.bytes)
  }

  private func render(_ lines: [(String, String)], _ style: LogStyle, _ instances: [String] = []) -> String {
    String(decoding: render(lines.map { ($0.0, Array($0.1.utf8)) }, style, instances), as: UTF8.self)
  }

  private func style(_ change: (inout LogStyle) -> Void) -> LogStyle {
    var style = LogStyle()
    change(&style)
    return style
  }

  private var bare: LogStyle { style { $0.hasPrefix = false } }
  private var terminal: LogStyle {
    style {
      $0.target = .terminal
      $0.hasPrefix = false
    }
  }
  private var json: LogStyle { style { $0.format = .json } }

  /// Seen to fail: no padding.
  @Test func alignsPrefixes() {
    #expect(
      render([("count-2", "a"), ("top-1", ""), ("count-2", "b")], LogStyle(), ["top-1", "count-2"]) == """
        count-2  | a
        top-1    | \n\
        count-2  | b

        """)
  }

  /// Seen to fail: only the new one widened.
  @Test func widensForALongerNameThatComesLate() {
    #expect(
      render([("a-1", "x"), ("count-10", "y"), ("a-1", "z")], LogStyle()) == "a-1  | x\ncount-10  | y\na-1       | z\n")
  }

  /// Seen to fail: no blank behind the time.
  @Test func leavesOutThePrefixAndAddsTheTime() {
    #expect(render([("a-1", "x")], bare) == "x\n")
    #expect(
      render([("a-1", "x")], style { $0.hasTimestamp = true }) == "a-1  | 2026-11-23T09:36:34.123456789Z x\n")
  }

  /// Seen to fail: one colour for all.
  @Test func givesEveryInstanceItsColour() {
    #expect(
      render([("b-1", "x"), ("a-1", "y")], style { $0.hasColour = true }, ["a-1", "b-1"])
        == "\u{1B}[33mb-1  | \u{1B}[0mx\n\u{1B}[36ma-1  | \u{1B}[0my\n")
  }

  /// Seen to fail: always treated as for a terminal.
  @Test func passesBytesAsTheyAreUnlessToATerminal() {
    let bytes: [UInt8] = [0x1B, 0x5D, 0xFF, 0x00, 0x0D]
    #expect(render([("a-1", bytes)], bare) == bytes + [0x0A])
  }

  /// Seen to fail: a carriage return passed on; no reset at the end; C1 characters passed on.
  @Test(arguments: [
    ("plain ~ text", "plain ~ text"),
    ("tab\tstays", "tab\tstays"),
    ("na\u{EF}ve \u{1F600} \u{4E2D}", "na\u{EF}ve \u{1F600} \u{4E2D}"),
    ("\u{1B}[1;31mred\u{1B}[0m", "\u{1B}[1;31mred\u{1B}[0m\u{1B}[0m"),
    ("\u{1B}[38:5:1mred", "\u{1B}[38:5:1mred\u{1B}[0m"),
    ("\u{1B}]0;title\u{07}", "^[]0;title^G"),
    ("\u{1B}[2Jgone", "^[[2Jgone"),
    ("\u{1B}[", "^[["),
    ("\u{1B}", "^["),
    ("\u{9B}2J", "^[[2J"),
    ("10%\r20%", "10%^M20%"),
    ("crlf\r", "crlf"),
    ("\u{7F}\u{00}", "^?^@"),
  ])
  func letsATerminalShowColoursAndNothingElse(text: String, shown: String) {
    #expect(render([("a-1", text)], terminal) == shown + "\n")
  }

  /// Seen to fail: a tab as \u0009.
  @Test func writesJSON() {
    let text = "quote \" slash \\ tab \t bell \u{07} caf\u{E9} \u{7F}"
    #expect(
      render([("a-1", text)], json)
        == #"{"time":"2026-11-23T09:36:34.123456789Z","name":"a-1","stream":"stderr","text":"#
        + #""quote \" slash \\ tab \t bell \u0007 caf\#u{E9} \#u{7F}"}"# + "\n")
  }

  /// Seen to fail: surrogates let through.
  @Test func repairsWhatIsNoUTF8AsTheStandardLibraryDoes() {
    var random = SeededGenerator(seed: 9)
    let interesting: [UInt8] = [
      0x41, 0x7E, 0x80, 0x9F, 0xA0, 0xBF, 0xC0, 0xC3, 0xDF, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF,
    ]
    for _ in 0..<3000 {
      let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in interesting.randomElement(using: &random)! }
      let repaired = String(decoding: bytes, as: UTF8.self)
      let line = String(decoding: render([("a-1", bytes)], json), as: UTF8.self)
      #expect(line.hasSuffix("\"text\":\"\(repaired)\"}\n"))
      let shown = String(decoding: render([("a-1", bytes)], terminal), as: UTF8.self)
      let expected = repaired.unicodeScalars.map { scalar in
        (0x80..<0xA0).contains(scalar.value) ? "^[" + String(UnicodeScalar(UInt8(scalar.value - 0x40))) : String(scalar)
      }
      #expect(shown == expected.joined() + "\n")
    }
  }

  /// Seen to fail: one assembler for both streams.
  @Test func rendersChunksInWholeLinesOfOneStream() {
    var chunks = LogChunkRenderer(renderer: LogRenderer(style: LogStyle(), instances: ["a-1", "b-1"]))
    func append(_ text: String, _ instance: String, _ stream: LogStream, _ chunks: inout LogChunkRenderer) {
      Array(text.utf8).withUnsafeBytes {
        chunks.append($0, instance: instance, stream: stream, timeNanoseconds: 0)
      }
    }
    append("a out ", "a-1", .stdout, &chunks)
    append("b out ", "b-1", .stdout, &chunks)
    append("a err\nunended", "a-1", .stderr, &chunks)
    append("done\n", "a-1", .stdout, &chunks)
    chunks.finish(instance: "a-1", stream: .stderr, timeNanoseconds: 0)
    chunks.finish(instance: "a-1", stream: .stdout, timeNanoseconds: 0)
    chunks.finishAll(timeNanoseconds: 0)
    #expect(
      String(decoding: chunks.renderer.output.bytes, as: UTF8.self) == """
        a-1  | a err
        a-1  | a out done
        a-1  | unended
        b-1  | b out \n
        """)
  }

  /// Seen to fail: what waits for its line's end forgotten.
  /// On a terminal what has come of a line is there, and what comes later follows, on the line itself or on another one.
  @Test func onATerminalALineIsShownAsFarAsItHasCome() {
    var style = LogStyle()
    style.target = .terminal
    var chunks = LogChunkRenderer(renderer: LogRenderer(style: style, instances: ["a-1", "b-1"]))
    func shown(_ text: [UInt8], _ instance: String, _ chunks: inout LogChunkRenderer) -> String {
      chunks.renderer.output.removeAll()
      text.withUnsafeBytes { chunks.append($0, instance: instance, stream: .stdout, timeNanoseconds: 0) }
      return String(decoding: chunks.renderer.output.bytes, as: UTF8.self)
    }
    func say(_ text: String, _ instance: String = "a-1") -> String { shown(Array(text.utf8), instance, &chunks) }
    #expect(say("whole\nna") == "a-1  | whole\na-1  | na" && chunks.endsWithinLine)
    #expect(say("me? ") == "me? ")
    #expect(say("Ada\n") == "Ada\n" && !chunks.endsWithinLine)
    // Another one's comes between, and a line that was all there needs nothing more.
    #expect(say("> ") == "a-1  | > ")
    #expect(say("x\ny", "b-1") == "\nb-1  | x\nb-1  | y")
    #expect(say("\n") == "" && chunks.endsWithinLine)
    #expect(say("z\n") == "\na-1  | z\n" && !chunks.endsWithinLine)
    #expect(say("y\n", "b-1") == "b-1  | y\n")
    // Characters and colours that have come in part.
    #expect(shown([0x2E, 0xE2, 0x82], "a-1", &chunks) == "a-1  | .")
    #expect(shown([0xAC, 0x1B, 0x5B], "a-1", &chunks) == "€")
    #expect(shown(Array("31mred\r\n".utf8), "a-1", &chunks) == "\u{1B}[31mred\u{1B}[0m\n")
  }

  @Test func allLinesOfManyWritersArriveWholeAndInOrder() {
    var random = SeededGenerator(seed: 4)
    var chunks = LogChunkRenderer(renderer: LogRenderer(style: LogStyle(), instances: []))
    let writers = (0..<4).map { "w-\($0)" }
    let lineCount = 500
    var pending = writers.map { name in
      random.chunks(of: (0..<lineCount).flatMap { Array("\(name) line \($0)\n".utf8) }, maxByteCount: 100)[...]
    }
    while let writer = pending.indices.filter({ !pending[$0].isEmpty }).randomElement(using: &random) {
      pending[writer].removeFirst().withUnsafeBytes {
        chunks.append($0, instance: writers[writer], stream: .stdout, timeNanoseconds: 0)
      }
    }
    let lines = String(decoding: chunks.renderer.output.bytes, as: UTF8.self).split(separator: "\n")
    for name in writers {
      #expect(lines.filter { $0.hasPrefix(name) } == (0..<lineCount).map { "\(name)  | \(name) line \($0)" })
    }
    #expect(lines.count == writers.count * lineCount)
  }
}
