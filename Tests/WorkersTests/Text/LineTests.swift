import Testing

@testable import Workers

@Suite struct LineTests {
  private func lines(_ text: String, blockByteCount: Int) throws -> [String] {
    let bytes = Array(text.utf8)
    var offset = 0
    var buffer = LineBuffer(longestLine: 1 << 30)
    var lines: [String] = []
    let take = { (line: UnsafeRawBufferPointer) in
      lines.append(String(decoding: line, as: UTF8.self))
      return true
    }
    while try buffer.fill(
      { block in
        let count = min(blockByteCount, bytes.count - offset)
        block.copyBytes(from: bytes[offset..<offset + count])
        offset += count
        return count
      }, take) > 0
    {}
    buffer.finish(take)
    return lines
  }

  @Test(arguments: [1, 2, 3, 7, 100])
  func cutsLinesWhereverBlocksEnd(_ blockByteCount: Int) throws {
    #expect(try lines("one\n\ntwo\nlast", blockByteCount: blockByteCount) == ["one", "", "two", "last"])
    #expect(try lines("one\n", blockByteCount: blockByteCount) == ["one"])
    #expect(try lines("", blockByteCount: blockByteCount) == [])
  }

  @Test func keepsALineThatIsLongerThanABlock() throws {
    let long = String(repeating: "x", count: 5 << 20)
    #expect(try lines("a\n\(long)\nb", blockByteCount: LineBuffer.blockByteCount) == ["a", long, "b"])
  }

  @Test(arguments: [0, 1, 7, 1000, UInt64.max])
  func slicesAreTheWholeOnce(_ total: UInt64) {
    for replicas in [1, 2, 3, 8] {
      var end: UInt64 = 0
      for replica in 1...replicas {
        let slice = Slice.of(total, replica: replica, replicas: replicas)
        #expect(slice.lowerBound == end)
        end = slice.upperBound
      }
      #expect(end == total)
    }
  }

  @Test func integersStayIntegersAndNeverWrap() {
    #expect(Compute.apply(.cube, to: -3) == -27)
    #expect(Compute.apply(.square, to: Int64(1) << 32) == nil)
    #expect(Compute.apply(.negate, to: Int64.min) == nil)
    #expect(Compute.apply(.abs, to: Int64.min) == nil)
    #expect(Compute.apply(.length, to: .string("grüße")) == .int(5))
    #expect(Compute.apply(.upper, to: .int(1)) == nil)
  }
}
