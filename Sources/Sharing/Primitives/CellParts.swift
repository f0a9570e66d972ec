/// The parts of a cell's state that are too many to be copied at each commit: one for each user of a resource, which change
/// in one step with it. Guarded by the cell's lock.
struct CellParts<Part: BitwiseCopyable>: Sendable {
  private let places: PlaceRow
  let count: Int

  static func byteCount(_ count: Int) -> Int { count * MarkedCopies<Part>.byteCount }

  /// The first `count` of `places`, whose memory is aligned to 64 bytes.
  init(at places: PlaceRow, count: Int) {
    self.places = places
    self.count = count
  }

  fileprivate func copies(_ index: Int) -> MarkedCopies<Part> { MarkedCopies(at: places[index]) }

  /// For the scavenger, as `MarkedCopies.forgetUncommitted`.
  func forgetUncommitted(_ committed: UInt64) {
    for index in 0..<count { copies(index).forgetUncommitted(committed) }
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
    get { parts.copies(position).value(committed: next) }
    set {
      hasChanged = true
      parts.copies(position).write(newValue, next: next)
    }
  }
}
