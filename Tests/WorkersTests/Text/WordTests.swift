import Sharing
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

  /// The words of a text that is alone in its memory: `make sanitize` sees each byte that is read beside it.
  private static func words(of text: some Collection<UInt8>, _ separator: WordScanner.Separator) -> [[UInt8]] {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count, alignment: 1)
    defer { bytes.deallocate() }
    bytes.copyBytes(from: text)
    var scanner = WordScanner(separatedBy: separator)
    var found: [[UInt8]] = []
    func take(_ words: WordScanner.Words) {
      for index in 0..<words.count {
        let (start, byteCount) = words[index]
        found.append(Array(UnsafeRawBufferPointer(start: start, count: byteCount)))
      }
    }
    scanner.scan(UnsafeRawBufferPointer(bytes), take)
    scanner.finish(take)
    return found
  }

  /// Seen to fail: a word that is twice in a group counted once.
  @Test func countsAsADictionaryDoes() throws {
    let memory = TableRegion(byteCount: 8 << 20)
    var table = WordTable(in: memory.region, finished: nil)
    var scanner = WordScanner(separatedBy: .whiteSpace)
    var expected: [[UInt8]: UInt64] = [:]
    let lines = Self.text(2_000)
    let text = lines.flatMap { $0 }
    try text.withUnsafeBytes { bytes in
      var start = 0
      for line in lines {
        try scanner.scan(UnsafeRawBufferPointer(rebasing: bytes[start..<start + line.count])) { try table.add($0) }
        start += line.count
      }
      try scanner.finish { try table.add($0) }
    }
    for line in lines {
      for word in Self.split(line, { $0 == 0x20 || (9...13).contains($0) }) { expected[word, default: 0] += 1 }
    }
    var counts: [[UInt8]: UInt64] = [:]
    table.forEach { counts[Array($0)] = $1 }
    #expect(counts == expected)
    #expect(table.wordCount == expected.count)
  }

  /// Seen to fail: under `make sanitize`, loads of 16 bytes that stay in their page of memory only.
  @Test func countsTextsThatAreAloneInTheirMemory() throws {
    let memory = TableRegion(byteCount: 8 << 20)
    var table = WordTable(in: memory.region, finished: nil)
    var scanner = WordScanner(separatedBy: .whiteSpace)
    for byteCount in 1...200 {
      let line = (0..<byteCount).map { UInt8(ascii: $0 % 18 == byteCount % 18 ? " " : "x") }
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 1)
      defer { bytes.deallocate() }
      bytes.copyBytes(from: line)
      try scanner.scan(UnsafeRawBufferPointer(bytes)) { try table.add($0) }
      try scanner.finish { try table.add($0) }
    }
    var found: Set<Int> = []
    table.forEach { word, _ in
      #expect(word.allSatisfy { $0 == UInt8(ascii: "x") })
      found.insert(word.count)
    }
    #expect(found == Set(1...17))
  }

  /// Seen to fail: only small letters.
  @Test func findsRunsOfLettersAtEveryOffset() {
    for line in Self.text(500) {
      for start in 0...min(20, line.count) {
        let part = line[start...]
        #expect(
          Self.words(of: part, .nonLetters)
            == Self.split(Array(part), { !(0x41...0x5A ~= $0 || 0x61...0x7A ~= $0) }))
      }
    }
  }

  /// Seen to fail: a word that ends with the last block without an end.
  @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 129, 4096])
  func findsAllWordsWhateverTheLengthOfTheText(_ byteCount: Int) {
    let alternating = (0..<byteCount).map { UInt8($0.isMultiple(of: 2) ? 0x78 : 0x20) }
    #expect(Self.words(of: alternating, .whiteSpace).count == (byteCount + 1) / 2)
    let oneWord = [UInt8](repeating: 0x78, count: byteCount)
    #expect(Self.words(of: oneWord, .whiteSpace) == (byteCount > 0 ? [oneWord] : []))
    #expect(Self.words(of: [UInt8](repeating: 0x09, count: byteCount), .whiteSpace).isEmpty)
  }

  /// Seen to fail: a carriage return within words; a bracket taken for a letter.
  @Test func knowsEachSeparatorAndNoOther() {
    for byte in UInt8.min...UInt8.max {
      let words = [[UInt8(ascii: "a")], [UInt8(ascii: "b")]]
      let text = [UInt8(ascii: "a"), byte, UInt8(ascii: "b")]
      let isWhiteSpace = byte == 0x20 || (9...13).contains(byte)
      let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      #expect(Self.words(of: text, .whiteSpace) == (isWhiteSpace ? words : [text]))
      #expect(Self.words(of: text, .nonLetters) == (isLetter ? [text] : words))
    }
  }

  /// Seen to fail: ties in the table's order.
  @Test func givesTheMostFrequentFirstAndTiesByWord() throws {
    let memory = TableRegion(byteCount: 1 << 20)
    var table = WordTable(in: memory.region, finished: nil)
    for (word, count) in [("b", 2), ("a", 2), ("c", 5), ("a-word-of-more-than-16-bytes", 2), ("z", 1)] {
      try Array(word.utf8).withUnsafeBytes { _ = try table.add($0.baseAddress!, $0.count, count: UInt64(count)) }
    }
    let order = ["c", "a", "a-word-of-more-than-16-bytes", "b", "z"]
    for limit in [1, 2, 3, 4, 5, 6, .max] {
      var words: [String] = []
      table.forEachByFrequency(limit: limit) { word, _ in words.append(String(decoding: word, as: UTF8.self)) }
      #expect(words == Array(order.prefix(limit)))
    }
  }

  /// Seen to fail: words passed over that are as frequent as the last of the best.
  @Test func manyTiesLeaveTheFirstWords() throws {
    let memory = TableRegion(byteCount: 1 << 20)
    var table = WordTable(in: memory.region, finished: nil)
    let order = (0..<200).map { "\(1000 + $0)" }
    for word in order.shuffled() {
      try Array(word.utf8).withUnsafeBytes { _ = try table.add($0.baseAddress!, $0.count) }
    }
    for limit in [1, 2, 3, 50] {
      var words: [String] = []
      table.forEachByFrequency(limit: limit) { word, _ in words.append(String(decoding: word, as: UTF8.self)) }
      #expect(words == Array(order.prefix(limit)))
    }
  }

  /// Seen to fail: the next word not counted in a part's length; entries counted on from part to part.
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

  /// Seen to fail: the character behind Z too.
  @Test func makesOnlyASCIILettersSmall() {
    var small = LowercasedText()
    let text = Array("AZ@[`{éÉ09".utf8)
    small.reset(for: 10_000)
    var texts: [UnsafeRawBufferPointer] = []
    for _ in 0..<500 { text.withUnsafeBytes { texts.append(small.lowercase($0)) } }
    for text in texts { #expect(String(decoding: text, as: UTF8.self) == "az@[`{éÉ09") }
  }
}
