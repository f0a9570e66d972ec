import Testing

@testable import Workers

@Suite struct LineTests {
  private func lines(_ text: String, blockByteCount: Int) -> [String] {
    let bytes = Array(text.utf8)
    var offset = 0
    var buffer = LineBuffer()
    var lines: [String] = []
    while true {
      let byteCount = buffer.fill { block in
        let count = min(blockByteCount, bytes.count - offset)
        block.copyBytes(from: bytes[offset..<offset + count])
        offset += count
        return count
      }
      if byteCount == 0 { break }
      // Line by line: what is left must stay where the next block comes.
      while let newline = buffer.lines.firstIndex(of: 0x0A) {
        lines.append(String(decoding: buffer.lines[..<newline], as: UTF8.self))
        buffer.use(newline + 1)
        if newline.isMultiple(of: 3) { break }
      }
    }
    while let newline = buffer.lines.firstIndex(of: 0x0A) {
      lines.append(String(decoding: buffer.lines[..<newline], as: UTF8.self))
      buffer.use(newline + 1)
    }
    if !buffer.unused.isEmpty { lines.append(String(decoding: buffer.unused, as: UTF8.self)) }
    return lines
  }

  /// Seen to fail: whole lines that are not used yet forgotten at the next block.
  @Test(arguments: [1, 2, 3, 7, 100])
  func cutsLinesWhereverBlocksEnd(_ blockByteCount: Int) throws {
    #expect(lines("one\n\ntwo\nlast", blockByteCount: blockByteCount) == ["one", "", "two", "last"])
    #expect(lines("one\n", blockByteCount: blockByteCount) == ["one"])
    #expect(lines("", blockByteCount: blockByteCount) == [])
  }

  /// Seen to fail: what was there not copied when the buffer grows.
  @Test func keepsALineThatIsLongerThanABlock() {
    let long = String(repeating: "x", count: 5 << 20)
    #expect(lines("a\n\(long)\nb", blockByteCount: LineBuffer.blockByteCount) == ["a", long, "b"])
  }

  /// Seen to fail: one line over the count; no bound of the bytes; no longest line.
  @Test func recordsTakeLinesUpToTheirLimits() {
    let text = Array("one\n\nthree\nfour\nrest".utf8)
    let records = RecordBuffer(format: .framed)
    func take(countLimit: Int = .max, byteLimit: Int = .max, longest: Int = 100, from start: Int = 0) -> Int {
      text[start...].withUnsafeBytes {
        records.appendLines(of: $0, countLimit: countLimit, byteLimit: byteLimit, longest: longest)
      }
    }
    #expect(take(countLimit: 2) == 5)
    #expect((records.count, records.payloadByteCount, records.byteCount) == (2, 3, 12))
    #expect(take(countLimit: 2) == 0)
    #expect(take(byteLimit: 13, from: 5) == 6)
    #expect(take(longest: 3, from: 11) == 0)
    #expect(take(from: 11) == 5)
    #expect(take(from: 16) == 0)
    #expect((records.count, records.payloadByteCount) == (4, 12))
    let bytes = Array(records.pending.bytes)
    #expect(Array(bytes[..<7]) == [3, 0, 0, 0] + Array("one".utf8))
    #expect(Array(bytes[8..<12]) == [0, 0, 0, 0])
    #expect(Array(bytes[12..<21]) == [5, 0, 0, 0] + Array("three".utf8))
  }

  /// Seen to fail: shares rounded down, and the rest left out.
  @Test(arguments: [0, 1, 7, 1000, UInt64.max])
  func slicesAreTheWholeOnce(_ total: UInt64) {
    for replicas in [1, 2, 3, 8] {
      var end: UInt64 = 0
      for replica in 1...replicas {
        let slice = ReplicaSlice(of: total, replica: replica, replicas: replicas)
        #expect(slice.lower == end)
        end = slice.upper
      }
      #expect(end == total)
    }
  }

  /// Seen to fail: answers that wrap.
  @Test func integersStayIntegersAndNeverWrap() {
    #expect(Compute.apply(.cube, to: -3) == -27)
    #expect(Compute.apply(.square, to: Int64(1) << 32) == nil)
    #expect(Compute.apply(.negate, to: Int64.min) == nil)
    #expect(Compute.apply(.abs, to: Int64.min) == nil)
    #expect(Compute.apply(.length, to: .string("grüße")) == .int(5))
    #expect(Compute.apply(.upper, to: .int(1)) == nil)
  }
}
