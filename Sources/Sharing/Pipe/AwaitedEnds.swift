internal import Platform

/// The directions, by index, that a worker which waits for several pipe ends at once waits for.
struct AwaitedEnds {
  private let indices: UnsafeMutablePointer<UInt16>
  private static let countLimit = Futex.waitLimit
  static let byteCount = countLimit * 2

  init(at memory: UnsafeMutableRawPointer) { indices = memory.bindMemory(to: UInt16.self, capacity: Self.countLimit) }

  /// False: they can't be written down here.
  func note(_ directions: [PipeDirection]) -> Bool {
    guard directions.count <= Self.countLimit, directions.allSatisfy({ $0.index <= UInt16.max }) else { return false }
    for (place, direction) in directions.enumerated() { indices[place] = UInt16(direction.index) }
    return true
  }

  func list(_ count: Int) -> [Int] { (0..<min(count, Self.countLimit)).map { Int(indices[$0]) } }
}

extension WorkerEntry {
  /// As `beginWait`, for messages of any of these. Where they are too many to be listed, it is shown as a wait that ends
  /// by itself: nobody is to think that it can't.
  package func beginWait(readingAny directions: [PipeDirection], isTimed: Bool) {
    let isListed = awaitedEnds.note(directions)
    beginWait(
      .readAny(resource: directions[0].resource), isTimed: isTimed || !isListed, for: .items(directions.count))
  }
}
