internal import CPlatform
internal import Glibc

/// Memory of one worker alone for what it keeps in place and changes often, a table: in the arena, where it outlives the
/// worker, or, where that is not asked for, in the worker's own memory, which has larger pages and is quicker.
///
/// It is reserved, not taken: zeroes, which take memory only where they are written. In the arena it lies behind all else,
/// and nothing repairs it but the worker's next life: see `UndoLog`.
package struct DurableRegion: @unchecked Sendable {
  // Sendable: a place in memory of which the worker alone knows.
  package let base: UnsafeMutableRawPointer
  package let byteCount: Int
  private let isShared: Bool

  /// Less than this is not worth a system call.
  private static let smallByteCount = 64 << 10
  private static let hugePageByteCount = 2 << 20

  /// In the arena.
  package init(at base: UnsafeMutableRawPointer, byteCount: Int) {
    self.base = base
    self.byteCount = byteCount
    isShared = true
  }

  /// In the process's own memory: `byteCount`, a power of two, or as much of it as the system gives. It stays for good.
  package init?(ownByteCount byteCount: Int) {
    var byteCount = byteCount
    while byteCount >= Self.smallByteCount {
      let memory = mmap(
        nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | Int32(MAP_NORESERVE), -1, 0)
      if let memory, memory != MAP_FAILED {
        (base, self.byteCount, isShared) = (memory, byteCount, false)
        return
      }
      byteCount /= 2
    }
    return nil
  }

  /// Zeroes there, and the memory given back. `offsets` of whole words; of whole pages, where they are many.
  package func clear(_ offsets: Range<Int>) {
    let start = base + offsets.lowerBound
    if offsets.count >= Self.smallByteCount, mporch_remove_pages(start, offsets.count, isShared) == 0 { return }
    let words = start.bindMemory(to: UInt64.self, capacity: offsets.count / 8)
    for index in 0..<offsets.count / 8 where words[index] != 0 { words[index] = 0 }
  }

  /// All of it will be used: huge pages, where the system has some, spare most of the misses in the TLB.
  package func willUse(_ offsets: Range<Int>) {
    if offsets.count >= Self.hugePageByteCount { madvise(base + offsets.lowerBound, offsets.count, MADV_HUGEPAGE) }
  }
}
