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

  private let places: PlaceRow
  let count: Int

  static func byteCount(_ count: Int) -> Int { 2 * count * MemoryLayout<Copy>.stride }

  /// The first `count` of `places`, whose memory is aligned to 64 bytes.
  init(at places: PlaceRow, count: Int) {
    self.places = places
    self.count = count
  }

  private func copies(_ index: Int) -> UnsafeMutablePointer<Copy> {
    places[index].assumingMemoryBound(to: Copy.self)
  }

  private func valid(_ copies: UnsafeMutablePointer<Copy>, _ committed: UInt64) -> Int {
    let (first, second) = (copies[0].version, copies[1].version)
    if first > committed { return 1 }
    if second > committed { return 0 }
    return first >= second ? 0 : 1
  }

  fileprivate func read(_ index: Int, committed: UInt64) -> Part {
    let copies = copies(index)
    return copies[valid(copies, committed)].part
  }

  /// Takes effect with the commit `next`; until then its sibling is valid.
  fileprivate func write(_ part: Part, _ index: Int, next: UInt64) {
    let copies = copies(index)
    copies[valid(copies, next &- 1) ^ 1] = Copy(version: next, part: part)
  }

  /// For the scavenger: forgets copies whose commit did not happen, before another commit takes its number.
  func forgetUncommitted(_ committed: UInt64) {
    for index in 0..<count {
      let copies = copies(index)
      for copy in 0..<2 where copies[copy].version > committed { copies[copy].version = 0 }
    }
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
