import Testing

@testable import Workers

@Suite struct WordTests {
  /// Words of every length around 8 and 16, and enough of them for the table to grow.
  private static func text(_ lineCount: Int) -> [[UInt8]] {
    let spaces: [UInt8] = [0x20, 0x09, 0x0B, 0x0C, 0x0D]
    return (0..<lineCount).map { _ in
      (0..<Int.random(in: 0..<12)).flatMap { _ -> [UInt8] in
        let length = [1, 2, 3, 7, 8, 9, 15, 16, 17, 40].randomElement()!
        let word = (0..<length).map { _ in
          [UInt8(ascii: "a"), UInt8(ascii: "B"), 0xC3, UInt8(ascii: "7")].randomElement()!
        }
        return word + Array(repeating: spaces.randomElement()!, count: Int.random(in: 1...3))
      }
    }
  }

  private static func split(_ line: [UInt8], _ isSeparator: (UInt8) -> Bool) -> [[UInt8]] {
    line.split(whereSeparator: isSeparator).map { Array($0) }
  }

  @Test func countsAsADictionaryDoes() {
    var table = WordTable()
    var expected: [[UInt8]: UInt64] = [:]
    for line in Self.text(2_000) {
      line.withUnsafeBytes { WordScanner.forEachWord(in: $0, separatedBy: .whiteSpace) { table.add($0, $1) } }
      for word in Self.split(line, { $0 == 0x20 || (9...13).contains($0) }) { expected[word, default: 0] += 1 }
    }
    var counts: [[UInt8]: UInt64] = [:]
    table.forEach { counts[Array($0)] = $1 }
    #expect(counts == expected)
    #expect(table.wordCount == expected.count)
  }

  @Test func findsRunsOfLettersAtEveryOffset() {
    for line in Self.text(500) {
      line.withUnsafeBytes { bytes in
        for start in 0...min(20, bytes.count) {
          let part = UnsafeRawBufferPointer(rebasing: bytes[start...])
          var words: [[UInt8]] = []
          WordScanner.forEachWord(in: part, separatedBy: .nonLetters) {
            words.append(Array(UnsafeRawBufferPointer(start: $0, count: $1)))
          }
          #expect(words == Self.split(Array(part), { !(0x41...0x5A ~= $0 || 0x61...0x7A ~= $0) }))
        }
      }
    }
  }

  @Test func givesTheMostFrequentFirstAndTiesByWord() {
    var table = WordTable()
    for (word, count) in [("b", 2), ("a", 2), ("c", 5), ("a-word-of-more-than-16-bytes", 2), ("z", 1)] {
      Array(word.utf8).withUnsafeBytes { _ = table.add($0.baseAddress!, $0.count, count: UInt64(count)) }
    }
    var words: [String] = []
    table.forEachByFrequency(limit: 3) { word, _ in words.append(String(decoding: word, as: UTF8.self)) }
    #expect(words == ["c", "a", "a-word-of-more-than-16-bytes"])
  }

  @Test func partsAddUpToTheWhole() {
    var expected: [[UInt8]: UInt64] = [:]
    for number in 0..<5000 { expected[Array("word\(number)".utf8)] = UInt64(number + 1) }
    var merged: [[UInt8]: UInt64] = [:]
    var parts = CountParts()
    func take(_ part: UnsafeRawBufferPointer) {
      #expect(part.count <= CountParts.byteCount)
      #expect((try? CBORDecoder.decode(part)) != nil)
      #expect(CountParts.forEach(in: part) { merged[Array($0), default: 0] += $1 })
    }
    for (word, count) in expected { word.withUnsafeBytes { parts.append($0, count, take) } }
    parts.finish(take)
    #expect(merged == expected)
  }

  @Test func makesOnlyASCIILettersSmall() {
    var small = LowercasedText()
    let text = Array("AZ@[`{éÉ09".utf8)
    #expect(text.withUnsafeBytes { String(decoding: small.lowercase($0), as: UTF8.self) } == "az@[`{éÉ09")
  }
}
