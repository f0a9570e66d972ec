internal import Synchronization

/// How long a worker has waited, by what it waited for. The worker adds, at the end of a wait that was worth a sleep;
/// others only look.
struct WaitTimes {
  /// Of each slot {key, nanoseconds}; key 0: it is free.
  private let words: UnsafeMutablePointer<Atomic<UInt64>>

  /// More than a worker waits for in all but the oddest topologies; what is over is counted in the last.
  private static let count = 24
  static let byteCount = count * 16
  private static let others = UInt64.max >> 1

  init(at memory: UnsafeMutableRawPointer) {
    words = memory.bindMemory(to: Atomic<UInt64>.self, capacity: 2 * Self.count)
  }

  private func key(_ slot: Int) -> UInt64 { words[2 * slot].load(ordering: .relaxed) }
  private func nanoseconds(_ slot: Int) -> UInt64 { words[2 * slot + 1].load(ordering: .relaxed) }

  func add(_ nanoseconds: UInt64, to key: UInt64) {
    var slot = 0
    while slot < Self.count - 1, self.key(slot) != key, self.key(slot) != 0 { slot += 1 }
    words[2 * slot + 1].store(self.nanoseconds(slot) &+ nanoseconds, ordering: .relaxed)
    if self.key(slot) != key { words[2 * slot].store(slot < Self.count - 1 ? key : Self.others, ordering: .relaxed) }
  }

  var all: [(key: UInt64, nanoseconds: UInt64)] {
    (0..<Self.count).map { (key($0), nanoseconds($0)) }.filter { $0.key != 0 }
  }
}
