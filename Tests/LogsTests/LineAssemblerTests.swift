import Testing

@testable import Logs

struct LineAssemblerTests {
  private func pieces(_ chunks: [[UInt8]], maxByteCount: Int, isFinished: Bool = true) -> [Piece] {
    let assembler = LineAssembler(maxByteCount: maxByteCount)
    var pieces: [Piece] = []
    for chunk in chunks {
      chunk.withUnsafeBytes { assembler.feed($0) { pieces.append(Piece(text: Array($0), end: $1)) } }
    }
    if isFinished { assembler.finish { pieces.append(Piece(text: Array($0), end: $1)) } }
    return pieces
  }

  private struct Piece: Equatable {
    var text: [UInt8]
    var end: LineEnd

    init(text: [UInt8], end: LineEnd) {
      self.text = text
      self.end = end
    }

    init(_ text: String, _ end: LineEnd = .newline) { self.init(text: Array(text.utf8), end: end) }
  }

  private func pieces(_ chunks: [String], maxByteCount: Int = 8, isFinished: Bool = true) -> [Piece] {
    pieces(chunks.map { Array($0.utf8) }, maxByteCount: maxByteCount, isFinished: isFinished)
  }

  /// Seen to fail: what was held back left out of the line.
  @Test func handsOnLinesThatCrossChunks() {
    #expect(pieces(["a\nbc", "d", "\n\n", "", "e\n"]) == [Piece("a"), Piece("bcd"), Piece(""), Piece("e")])
  }

  /// Seen to fail: nothing at the end.
  @Test func handsOnTheLastLineWithoutANewlineAtTheEndOnly() {
    #expect(pieces(["a\nb"], isFinished: false) == [Piece("a")])
    #expect(pieces(["a\nb"]) == [Piece("a"), Piece("b")])
    #expect(pieces(["a\n"]) == [Piece("a")])
  }

  /// Seen to fail: a line of just the bound cut too.
  @Test func cutsALineAtTheBoundWhereverChunksEnd() {
    let whole = [Piece("12345678", .fragment), Piece("9")]
    #expect(pieces(["123456789\n"]) == whole)
    #expect(pieces(["1234", "56789\n"]) == whole)
    #expect(pieces(["12345678", "9", "\n"]) == whole)
    #expect(pieces(["12345678", "\n"]) == [Piece("12345678")])
    #expect(pieces(["12345678\n"]) == [Piece("12345678")])
    #expect(pieces(["1234567890123456"]) == [Piece("12345678", .fragment), Piece("90123456")])
  }

  /// Seen to fail: a byte lost behind a fragment that crosses chunks.
  @Test func losesAndAddsNothingHoweverBytesComeInChunks() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in
        Int.random(in: 0..<12, using: &random) == 0 ? 0x0A : UInt8.random(in: 0...255, using: &random)
      }
      let maxByteCount = Int.random(in: 1...20, using: &random)
      let pieces = pieces(random.chunks(of: bytes, maxByteCount: 50), maxByteCount: maxByteCount)
      var rebuilt: [UInt8] = []
      for piece in pieces { rebuilt += piece.end == .newline ? piece.text + [0x0A] : piece.text }
      if bytes.last != 0x0A, !bytes.isEmpty { rebuilt.removeLast() }
      #expect(rebuilt == bytes)
      #expect(pieces.allSatisfy { $0.text.count <= maxByteCount })
      #expect(pieces.allSatisfy { $0.end == .newline || $0.text.count == maxByteCount })
    }
  }
}
