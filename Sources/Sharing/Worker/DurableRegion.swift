internal import CPlatform

/// Memory of one worker alone that outlives its process, for what it keeps in place and changes often: a table.
///
/// It lies behind all else in the arena, and is reserved, not taken: zeroes, which take memory only where they are written.
/// Nothing repairs it but the worker's next life: see `UndoLog`.
package struct DurableRegion: @unchecked Sendable {
  // Sendable: a place in shared memory, of which the worker alone knows.
  package let base: UnsafeMutableRawPointer
  package let byteCount: Int

  /// Less than this is not worth a system call.
  private static let smallByteCount = 64 << 10

  package init(at base: UnsafeMutableRawPointer, byteCount: Int) {
    self.base = base
    self.byteCount = byteCount
  }

  /// Zeroes there, and the memory given back. `offsets` of whole pages, where they are many.
  package func clear(_ offsets: Range<Int>) {
    let start = base + offsets.lowerBound
    if offsets.count >= Self.smallByteCount, mporch_remove_pages(start, offsets.count) == 0 { return }
    start.initializeMemory(as: UInt8.self, repeating: 0, count: offsets.count)
  }
}
