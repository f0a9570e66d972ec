internal import Synchronization

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
