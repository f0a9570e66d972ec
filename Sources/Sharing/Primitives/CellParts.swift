/// The parts of a cell's state that are too many to be copied at each commit: one for each user of a resource.
///
/// Each part lies in two copies, marked with the commit that made them. The valid one is the newest whose commit has
/// happened, so that parts change in one step with the state. Zeroed memory holds parts whose bits are all zero.
struct CellParts<Part: BitwiseCopyable>: @unchecked Sendable {
  // Sendable: a place in shared memory, guarded by the cell's lock.
  private struct Copy: BitwiseCopyable {
    /// The commit of the cell that made it; 0: none.
    var version: UInt64
    var part: Part
  }

  private let copies: UnsafeMutablePointer<Copy>
  let count: Int

  static func byteCount(_ count: Int) -> Int { 2 * count * MemoryLayout<Copy>.stride }

  /// `memory`: aligned to 64 bytes.
  init(at memory: UnsafeMutableRawPointer, count: Int) {
    copies = memory.bindMemory(to: Copy.self, capacity: 2 * count)
    self.count = count
  }

  private func valid(_ index: Int, _ committed: UInt64) -> Int {
    let (first, second) = (copies[2 * index].version, copies[2 * index + 1].version)
    if first > committed { return 2 * index + 1 }
    if second > committed { return 2 * index }
    return first >= second ? 2 * index : 2 * index + 1
  }

  fileprivate func read(_ index: Int, committed: UInt64) -> Part { copies[valid(index, committed)].part }

  /// Takes effect with the commit `next`; until then its sibling is valid.
  fileprivate func write(_ part: Part, _ index: Int, next: UInt64) {
    copies[valid(index, next - 1) ^ 1] = Copy(version: next, part: part)
  }

  /// For the scavenger: forgets copies whose commit did not happen, before another commit takes its number.
  func forgetUncommitted(_ committed: UInt64) {
    for index in 0..<2 * count where copies[index].version > committed { copies[index].version = 0 }
  }
}

/// Parts by the index of their user: in shared memory, or anywhere, for the transitions that change them.
package protocol PartList<Element>: MutableCollection where Index == Int {}
extension Array: PartList {}

/// The parts within one update of their cell: what is written is seen by later reads of the same update.
struct PartsUpdate<Part: BitwiseCopyable>: PartList, RandomAccessCollection {
  private let parts: CellParts<Part>
  private let next: UInt64
  private(set) var hasChanged = false

  init(_ parts: CellParts<Part>, next: UInt64) {
    self.parts = parts
    self.next = next
  }

  var startIndex: Int { 0 }
  var endIndex: Int { parts.count }

  subscript(position: Int) -> Part {
    get { parts.read(position, committed: next) }
    set {
      hasChanged = true
      parts.write(newValue, position, next: next)
    }
  }
}
