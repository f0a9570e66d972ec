internal import Platform
internal import Synchronization

/// The directions, by index, that a worker which waits for several pipe ends at once waits for.
struct AwaitedEnds {
  private let indices: UnsafeMutablePointer<Atomic<UInt16>>
  private static let countLimit = Futex.waitLimit
  static let byteCount = countLimit * 2

  init(at memory: UnsafeMutableRawPointer) {
    indices = memory.bindMemory(to: Atomic<UInt16>.self, capacity: Self.countLimit)
  }

  /// False: they can't be written down here.
  func note(_ directions: [PipeDirection]) -> Bool {
    guard directions.count <= Self.countLimit, directions.allSatisfy({ $0.index <= UInt16.max }) else { return false }
    for (place, direction) in directions.enumerated() {
      indices[place].store(UInt16(direction.index), ordering: .relaxed)
    }
    return true
  }

  func list(_ count: Int) -> [Int] {
    (0..<min(max(count, 0), Self.countLimit)).map { Int(indices[$0].load(ordering: .relaxed)) }
  }
}

extension WorkerEntry {
  /// As `beginWait`, for messages of any of these. Where they are too many to be listed, it is shown as a wait that ends
  /// by itself: nobody is to think that it can't.
  package func beginWait(readingAny directions: [PipeDirection], isTimed: Bool) {
    openWait()
    let isListed = awaitedEnds.note(directions)
    showWait(
      .readAny(resource: directions[0].resource), isTimed: isTimed || !isListed, for: .items(directions.count))
  }
}
