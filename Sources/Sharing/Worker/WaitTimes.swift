/// How long a worker has waited, by what it waited for. The worker adds, at the end of a wait that was worth a sleep;
/// others only look.
struct WaitTimes {
  private struct Slot: BitwiseCopyable {
    /// 0: free.
    var key: UInt64
    var nanoseconds: UInt64
  }

  private let slots: UnsafeMutablePointer<Slot>

  /// More than a worker waits for in all but the oddest topologies; what is over is counted in the last.
  private static let count = 24
  static let byteCount = count * 16
  private static let others = UInt64.max >> 1

  init(at memory: UnsafeMutableRawPointer) { slots = memory.bindMemory(to: Slot.self, capacity: Self.count) }

  func add(_ nanoseconds: UInt64, to key: UInt64) {
    var index = 0
    while index < Self.count - 1, slots[index].key != key, slots[index].key != 0 { index += 1 }
    slots[index].nanoseconds &+= nanoseconds
    if slots[index].key != key { slots[index].key = index < Self.count - 1 ? key : Self.others }
  }

  var all: [(key: UInt64, nanoseconds: UInt64)] {
    (0..<Self.count).map { slots[$0] }.filter { $0.key != 0 }.map { ($0.key, $0.nanoseconds) }
  }
}
