import Platform
import Testing

@testable import Commands

/// What a terminal sends, and what it is sent.
@Suite struct TerminalPageTests {
  @Test(arguments: [
    ("a", [Key.character("a")]), ("é日", [.character("é"), .character("日")]), ("\r", [.enter]), ("\u{7F}", [.backspace]),
    ("\u{1B}[A\u{1B}OB", [.up, .down]), ("\u{1B}[5~\u{1B}[6~", [.pageUp, .pageDown]), ("\u{1B}[1;5H", [.home]),
    ("\u{1B}[200~x", [.character("x")]), ("\u{3}", [.control("c")]), ("\u{1B}q", [.escape, .character("q")]),
  ])
  func keysAreRead(bytes: String, keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.feed(bytes.utf8) == keys)
    // In parts, too.
    #expect(bytes.utf8.flatMap { decoder.feed([$0]) } == keys)
    #expect(!decoder.isAmbiguous)
  }

  @Test func aLoneEscapeIsTheKey() {
    var decoder = KeyDecoder()
    #expect(decoder.feed([0x1B]) == [] && decoder.isAmbiguous)
    #expect(decoder.giveUpWaiting() == [.escape] && !decoder.isAmbiguous)
  }

  /// Rubbish is passed over, and never kept for long.
  @Test func anyBytesAreTaken() {
    var decoder = KeyDecoder()
    for byte in UInt8.min...UInt8.max { _ = decoder.feed([0x1B, UInt8(ascii: "["), byte, byte, 0xFF, 0xC3]) }
    _ = decoder.feed(Array(repeating: UInt8(ascii: "1"), count: 100))
    #expect(decoder.feed([0x7E]).count <= 1 && decoder.feed([UInt8(ascii: "a")]) == [.character("a")])
  }

  /// Seen to fail: every line written anew.
  @Test func onlyChangedLinesAreWritten() {
    var painter = FramePainter(hasColour: true)
    let size = TerminalSize(columns: 10, rows: 3)
    #expect(painter.paint([StyledLine("one"), StyledLine("two")], size: size).contains("\u{1B}[2J"))
    #expect(painter.paint([StyledLine("one"), StyledLine("two")], size: size).isEmpty)
    let changed = painter.paint([StyledLine("one"), StyledLine("new", .coloured(.red))], size: size)
    #expect(
      changed == "\u{1B}[?2026h\u{1B}[2;1H\u{1B}[0;31mnew\u{1B}[0m\u{1B}[K\u{1B}[?2026l", "\(changed.debugDescription)")
    painter.forget()
    #expect(painter.paint([StyledLine("one")], size: size).contains("one"))
  }

  /// Erasing there would take the last character away.
  @Test func aFullLineIsNotErased() {
    var painter = FramePainter(hasColour: false)
    let text = painter.paint([StyledLine("0123456789", .coloured(.red))], size: TerminalSize(columns: 10, rows: 1))
    #expect(text.contains("\u{1B}[0m0123456789\u{1B}[0m") && !text.contains("\u{1B}[K"), "\(text.debugDescription)")
  }

  /// Seen to fail: characters counted instead of columns.
  @Test func wideCharactersAreCutByWhatTheyTake() {
    let line = StyledLine([TextSpan("日本"), TextSpan("語語", .bold)])
    #expect(line.displayWidth == 8)
    #expect(line.trimmed(to: 7).text == "日本語…" && line.trimmed(to: 6).text == "日本…" && line.trimmed(to: 8) == line)
    #expect("日本語".wrapped(toDisplayWidth: 5) == ["日本", "語"])
    #expect(StyledLine("abcdef").trimmed(to: 0).text.isEmpty)
  }

  /// Seen to fail: text that is taken as it is.
  @Test func whatComesFromTheRunDoesNothing() {
    #expect(TextSpan("a\u{1B}[2Jb\u{9B}").text == "a\\u{1B}[2Jb\\u{9B}")
    #expect(TopLogTail.plain("\u{1B}[1;31mred\u{1B}[0m\tx\u{7}\r") == "red     x\\u{7}")
  }
}
