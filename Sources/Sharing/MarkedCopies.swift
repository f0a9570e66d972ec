/// A value that is too large, or one of too many, to be copied at each commit of a cell, and yet changes in one step with
/// its state: two copies, each marked with the commit that made it. The valid one is the newest whose commit has happened.
///
/// Changed under the cell's lock alone. Zeroed memory holds a value whose bits are all zero.
struct MarkedCopies<Value: BitwiseCopyable> {
  private struct Copy: BitwiseCopyable {
    /// 0: none.
    var version: UInt64
    var value: Value
  }

  private let copies: UnsafeMutablePointer<Copy>

  static var byteCount: Int { 2 * MemoryLayout<Copy>.stride }

  init(at memory: UnsafeMutableRawPointer) { copies = memory.assumingMemoryBound(to: Copy.self) }

  @inline(__always)
  private func validIndex(_ committed: UInt64) -> Int {
    let (first, second) = (copies[0].version, copies[1].version)
    if first > committed { return 1 }
    if second > committed { return 0 }
    return first >= second ? 0 : 1
  }

  @inline(__always)
  func value(committed: UInt64) -> Value { copies[validIndex(committed)].value }

  /// Takes effect with the commit `next`; until then its sibling is valid.
  @inline(__always)
  func write(_ value: Value, next: UInt64) {
    // In whatever order its words are stored: the copy is not valid by its old mark, which is older than its sibling's,
    // and not by its new one before the commit.
    copies[1 - validIndex(next &- 1)] = Copy(version: next, value: value)
  }

  /// For the scavenger: forgets a copy whose commit did not happen, before another commit takes its number.
  func forgetUncommitted(_ committed: UInt64) {
    for index in 0..<2 where copies[index].version > committed { copies[index].version = 0 }
  }
}
