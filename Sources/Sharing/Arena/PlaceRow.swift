/// Places of equal size in the arena, one for each worker of some set, by index: those of the workers that the plan
/// began with lie together, those of workers that came later in the arena's reserve. A place never moves.
struct PlaceRow: @unchecked Sendable {
  // Sendable: places in shared memory; what guards them is said where they are used.
  private let first: UnsafeMutableRawPointer
  private let count: Int
  private let spare: UnsafeMutableRawPointer
  private let byteCount: Int

  /// `count` places from `first`, the others from `spare`; of `byteCount` bytes each.
  init(from first: UnsafeMutableRawPointer, count: Int, then spare: UnsafeMutableRawPointer, byteCount: Int) {
    self.first = first
    self.count = count
    self.spare = spare
    self.byteCount = byteCount
  }

  @inline(__always)
  subscript(index: Int) -> UnsafeMutableRawPointer {
    index < count ? first + index * byteCount : spare + (index - count) * byteCount
  }
}
