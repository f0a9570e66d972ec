internal import Platform
internal import Sharing
internal import Topology

/// Shows a command what comes through a queue, as much as a person or a program takes, and counts the rest.
struct TapProcess {
  private static let itemsPerSecond = 1000.0
  private static let bytesPerSecond = Double(1 << 20)
  private static let itemsAtOnce = 256
  /// Larger items are shown in part.
  private static let itemByteLimit = 64 << 10
  private static let pauseMilliseconds: Int32 = 20

  let type: ItemType
  let channel: ClientChannel
  private var tap: QueueTap
  private var items = Allowance(perSecond: itemsPerSecond)
  private var bytes = Allowance(perSecond: bytesPerSecond)
  private var toldNotShown: UInt64 = 0

  init(_ queue: Queue, type: ItemType, channel: ClientChannel) {
    self.type = type
    self.channel = channel
    tap = QueueTap(queue)
  }

  mutating func run() {
    CurrentProcess.ignoreFailingWrites()
    // Whoever has work to do goes first.
    try? CurrentProcess.setNiceness(19)
    channel.send(.ready)
    while !channel.isGone {
      let look = show()
      if look.isEnded, look.isUpToDate {
        channel.send(.finished(.closed))
        break
      }
      let isDone = look.isUpToDate || !mayShowMore
      if isDone { channel.pause(milliseconds: Self.pauseMilliseconds) }
    }
  }

  private var mayShowMore: Bool { items.left >= 1 && bytes.left >= 1 }

  private mutating func show() -> QueueTap.Look {
    let now = MonotonicClock.now
    items.grow(until: now)
    bytes.grow(until: now)
    let limit = mayShowMore ? min(Self.itemsAtOnce, Int(items.left)) : 0
    let look = tap.look(itemLimit: limit, cut: Self.itemByteLimit)
    items.left -= Double(look.items.count)
    bytes.left -= Double(look.items.map(\.payload.count).reduce(0, +))
    // Goes on at the end of the queue where there is more than may be shown, or it went by too fast.
    let hasLost = !mayShowMore || (look.items.isEmpty && !look.isUpToDate)
    tell(look.items, notShown: hasLost ? tap.skip() : look.notShown)
    return look
  }

  private mutating func tell(_ found: [(payload: [UInt8], byteCount: Int)], notShown: UInt64?) {
    let notShown = max(notShown ?? 0, toldNotShown)
    guard !found.isEmpty || notShown > toldNotShown else { return }
    channel.send(.tapped(found.map(wireItem), notShown: notShown - toldNotShown))
    toldNotShown = notShown
  }

  private func wireItem(_ item: (payload: [UInt8], byteCount: Int)) -> WireItem {
    item.payload.count == item.byteCount
      ? WireItem(record: item.payload, type: type)
      : .excerpt(String(decoding: item.payload.prefix(200), as: UTF8.self), byteCount: item.byteCount)
  }

  /// What may be spent: it grows with time, up to what a second gives.
  private struct Allowance {
    let perSecond: Double
    var left: Double
    private var time = MonotonicClock.now

    init(perSecond: Double) {
      self.perSecond = perSecond
      left = perSecond
    }

    mutating func grow(until now: UInt64) {
      left = min(perSecond, left + perSecond * Double(now - time) / 1e9)
      time = now
    }
  }
}
