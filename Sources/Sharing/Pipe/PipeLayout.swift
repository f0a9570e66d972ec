internal import Synchronization

/// How a pipe lies in the arena: a page of what its ends tell each other, then a ring for each direction.
struct PipeLayout {
  /// On lines of their own, the same for both directions.
  enum Word: Int {
    /// Set by who sleeps, read by who may have to wake it.
    case readerWaits, writerWaits
    /// Who has ended: the supervisor's.
    case ends
    /// The writer's own.
    case notes
  }

  private static let pageByteCount = 4096
  private static let linesByteCount = 2 * PipeLine.byteCount
  private static let wordsByteCount = 4 * PipeLine.byteCount

  private let plan: ArenaPlan.Pipe

  init(_ plan: ArenaPlan.Pipe) { self.plan = plan }

  var byteCount: Int {
    Self.pageByteCount + ringByteCount(fromA: true) + (plan.isDuplex ? ringByteCount(fromA: false) : 0)
  }

  /// With room for a message that its reader has taken and not finished, beside all that may be under way.
  func ringByteCount(fromA: Bool) -> Int {
    let format = fromA ? plan.formatFromA : plan.formatFromB
    let heads = if case .framed = format { Ring.headerByteCount } else { 0 }
    return Ring.byteCount(holding: (3 * Ring.framedByteCount(payload: plan.byteCount) + 1) / 2 + heads)
  }

  func line(ofA: Bool, in memory: UnsafeMutableRawPointer) -> PipeLine {
    PipeLine(at: memory + (ofA ? 0 : PipeLine.byteCount))
  }

  func word(_ word: Word, fromA: Bool, in memory: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    memory + Self.linesByteCount + (fromA ? 0 : Self.wordsByteCount) + word.rawValue * PipeLine.byteCount
  }

  func ring(fromA: Bool, in memory: UnsafeMutableRawPointer) -> Ring {
    Ring(
      base: memory + Self.pageByteCount + (fromA ? 0 : ringByteCount(fromA: true)),
      byteCount: ringByteCount(fromA: fromA), format: fromA ? plan.formatFromA : plan.formatFromB)
  }
}

/// What one end of a pipe tells the other: a cache line that its holder alone writes.
///
/// {tail of what it writes, head of what it reads, box}, and on the second, of what it reads, {taken, answers that are out
/// to the message at a position, that position}. The box holds the record before the tail once more, if it is
/// small and alone: a message, its place and the room that the last one gave back cross between processors at once.
struct PipeLine: @unchecked Sendable {
  // Sendable: a place in shared memory; only atomics touch it.
  private let words: UnsafeMutablePointer<Atomic<UInt64>>

  /// Two lines: processors fetch them in pairs.
  static let byteCount = 128
  private static let wordCount = byteCount / 8
  /// Of a record, with its head.
  static let boxByteCount = 40
  private static let boxWordCount = boxByteCount / 8

  init(at memory: UnsafeMutableRawPointer) {
    words = memory.bindMemory(to: Atomic<UInt64>.self, capacity: Self.wordCount)
  }

  @inline(__always) var tail: UnsafeMutablePointer<Atomic<UInt64>> { words }
  @inline(__always) var head: UnsafeMutablePointer<Atomic<UInt64>> { words + 1 }
  // On a line that hardly ever changes: only a script's end writes it, and who answers a message in parts.
  @inline(__always) var taken: UnsafeMutablePointer<Atomic<UInt64>> { words + Self.wordCount / 2 }
  @inline(__always) var emitted: UnsafeMutablePointer<Atomic<UInt64>> { words + Self.wordCount / 2 + 1 }
  @inline(__always) var emittedPosition: UnsafeMutablePointer<Atomic<UInt64>> { words + Self.wordCount / 2 + 2 }
  /// Where the box's record ends; 0: nothing is in it, or it changes just now.
  @inline(__always) private var boxEnd: UnsafeMutablePointer<Atomic<UInt64>> { words + 2 }
  @inline(__always) private var box: UnsafeMutablePointer<Atomic<UInt64>> { words + 3 }

  /// By the writer, before its tail reaches `end`: whatever the box said of `end` before is void.
  @inline(__always)
  func fillBox(_ record: UnsafeRawBufferPointer, end: UInt64) {
    boxEnd.pointee.store(0, ordering: .relaxed)
    // Release: whoever sees a word of what follows sees the box void, too (pairs with the fence in `copyBox`).
    atomicMemoryFence(ordering: .releasing)
    var offset = 0
    while offset < record.count {
      box[offset / 8].store(Self.word(of: record, at: offset), ordering: .relaxed)
      offset += 8
    }
    boxEnd.pointee.store(end, ordering: .releasing)
  }

  /// Up to eight bytes, never beyond the record.
  @inline(__always)
  private static func word(of record: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
    let left = record.count - offset
    if left >= 8 { return record.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
    if left == 4 { return UInt64(record.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
    var word: UInt64 = 0
    withUnsafeMutableBytes(of: &word) {
      $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: record[offset...]))
    }
    return word
  }

  @inline(__always)
  func emptyBox() {
    if boxEnd.pointee.load(ordering: .relaxed) != 0 { boxEnd.pointee.store(0, ordering: .relaxed) }
  }

  /// By the reader: copies the box to `record` (`boxByteCount` bytes), if it holds the record that ends at `end`.
  @inline(__always)
  func copyBox(endingAt end: UInt64, to record: UnsafeMutableRawPointer) -> Bool {
    guard boxEnd.pointee.load(ordering: .acquiring) == end else { return false }
    for index in 0..<Self.boxWordCount {
      record.storeBytes(of: box[index].load(ordering: .relaxed), toByteOffset: index * 8, as: UInt64.self)
    }
    // Positions only grow: if it says the same still, nothing has changed in between.
    atomicMemoryFence(ordering: .acquiring)
    return boxEnd.pointee.load(ordering: .relaxed) == end
  }
}
