import Sharing
import Testing

@testable import Workers

/// Memory for one table, as an arena would give it.
final class TableRegion {
  let region: DurableRegion

  init(byteCount: Int) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 4096)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    region = DurableRegion(at: memory, byteCount: byteCount)
  }

  deinit { region.base.deallocate() }
}

/// What a table is for the next life of its worker. What is killed in the middle of a change is proven by `make proof`.
@Suite struct DurableTableTests {
  private static func add(_ words: [String], to table: inout WordTable) throws {
    for word in words { try Array(word.utf8).withUnsafeBytes { _ = try table.add($0.baseAddress!, $0.count) } }
  }

  private static func counts(_ table: borrowing WordTable) -> [String: UInt64] {
    var counts: [String: UInt64] = [:]
    table.forEach { counts[String(decoding: $0, as: UTF8.self)] = $1 }
    return counts
  }

  /// Seen to fail: the log's places left as they were before the table grew.
  @Test func takesAnUnfinishedBatchBackThoughTheTableHasGrown() throws {
    let memory = TableRegion(byteCount: 1 << 20)
    let first = (0..<100).map { "word\($0)" }
    let long = (0..<500).map { "a-word-that-is-longer-than-its-slot-\($0)" }
    do {
      var table = WordTable(in: memory.region, finished: nil)
      table.beginBatch()
      try Self.add(first, to: &table)
      table.beginBatch()
      // A few that are there, then enough for the table to grow several times.
      try Self.add(Array(first.prefix(10)) + long + long + first, to: &table)
      #expect(table.batch == 2)
    }
    let before = Dictionary(uniqueKeysWithValues: first.map { ($0, UInt64(1)) })
    // Once more: that another life was killed while it took back.
    for _ in 0..<2 { #expect(Self.counts(WordTable(in: memory.region, finished: 1)) == before) }
    var table = WordTable(in: memory.region, finished: 1)
    table.beginBatch()
    try Self.add(long, to: &table)
    #expect(Self.counts(table) == before.merging(long.map { ($0, 1) }) { $1 })
  }

  /// Seen to fail: a finished batch taken back like another.
  @Test func keepsAFinishedBatch() throws {
    let memory = TableRegion(byteCount: 1 << 20)
    do {
      var table = WordTable(in: memory.region, finished: nil)
      table.beginBatch()
      try Self.add(["a", "b", "a"], to: &table)
    }
    #expect(Self.counts(WordTable(in: memory.region, finished: 1)) == ["a": 2, "b": 1])
    #expect(Self.counts(WordTable(in: memory.region, finished: nil)).isEmpty)
  }

  /// Seen to fail: words that have no room passed over in silence.
  @Test(arguments: [6, 60]) func saysThatItIsFull(wordByteCount: Int) throws {
    let memory = TableRegion(byteCount: 1 << 16)
    var table = WordTable(in: memory.region, finished: nil)
    #expect {
      for number in 100_000..<200_000 {
        table.beginBatch()
        try Self.add([String("\(number)".padding(to: wordByteCount))], to: &table)
      }
    } throws: { error in
      "\(error)".contains("the table of words is full: its part of the memory, 65536 bytes, has room for")
        && "\(error)".contains("give it fewer `replicas`")
    }
  }

  /// Seen to fail: the same.
  @Test func saysThatABatchHasTooManyWords() throws {
    let memory = TableRegion(byteCount: 1 << 16)
    var table = WordTable(in: memory.region, finished: nil)
    table.beginBatch()
    #expect { try Self.add([String](repeating: "a", count: 10_000), to: &table) } throws: { error in
      "\(error)".contains(/more than \d+ words came at once/)
    }
  }
}

extension String {
  fileprivate func padding(to count: Int) -> String { self + String(repeating: "x", count: max(0, count - self.count)) }
}
