internal import Platform
internal import Sharing
internal import Topology

/// Takes items from a queue for a command. An item is finished when the command has said that it has it in safety: one
/// that it was given and did not live to write goes back.
struct GetCourier {
  private static let itemsAtOnce = 64
  private static let bytesAtOnce = 64 << 10

  private let entry: WorkerEntry
  private var input: ItemInput
  private var items: TakenItems
  private let reader: QueueReader
  private let type: ItemType
  private let channel: ClientChannel
  private let request: GetRequest

  init(_ reader: QueueReader, of type: ItemType, entry: WorkerEntry, channel: ClientChannel, request: GetRequest) {
    self.entry = entry
    input = ItemInput(.queue(reader), of: entry, spin: SpinBudget(isUncontended: false))
    items = TakenItems(.queue(reader))
    self.reader = reader
    self.type = type
    self.channel = channel
    self.request = request
  }

  mutating func run() {
    let end = serve()
    input.giveBack()
    if let end { channel.send(.finished(end)) }
    entry.conclude(.succeeded)
  }

  /// `nil`: the command is gone.
  private mutating func serve() -> AccessEnd? {
    var left = request.itemLimit ?? .max
    while left > 0 {
      switch take(atMost: min(left, Self.itemsAtOnce)) {
      case .success(let held):
        guard handOver(held) else { return nil }
        left -= held.run.items
      case .failure(let end): return end.reason
      }
    }
    return .done
  }

  private struct Nothing: Error {
    var reason: AccessEnd?
  }

  private mutating func take(atMost limit: Int) -> Result<HeldItems, Nothing> {
    let patience = Patience(seconds: request.patienceSeconds)
    while !channel.isGone {
      let isLate = patience.isOver
      switch input.take(.atMost(limit), until: patience.nextLook) {
      case .taken(let held): return .success(held)
      // An external queue ends with its run only.
      case .ended: return .failure(Nothing(reason: .runEnded))
      case .nothing where isLate: return .failure(Nothing(reason: .timedOut))
      case .nothing: channel.look()
      }
    }
    return .failure(Nothing(reason: nil))
  }

  /// False: the command is gone, or has said something else.
  private mutating func handOver(_ held: HeldItems) -> Bool {
    send(held)
    var done = 0
    while done < held.run.items {
      guard case .taken(let count)? = channel.next(milliseconds: -1), count > 0, done + count <= held.run.items else {
        return false
      }
      done += count
      let progress = items.progress(upTo: done)
      reader.advance(progress)
      _ = items.advance(progress)
    }
    return true
  }

  private mutating func send(_ held: HeldItems) {
    var (left, chunk, byteCount) = (held.run.items, [WireItem](), 0)
    items.begin(held)
    items.forEach { payload in
      chunk.append(WireItem(record: Array(payload), type: type))
      (left, byteCount) = (left - 1, byteCount + payload.count)
      if byteCount >= Self.bytesAtOnce || left == 0 {
        channel.send(.items(chunk))
        (chunk, byteCount) = ([], 0)
      }
      return true
    }
  }
}

/// How long a courier waits; it looks up now and then, since its command may go meanwhile.
struct Patience {
  /// Nanoseconds between two looks.
  private static let slice: UInt64 = 100_000_000
  private let deadline: UInt64

  /// `nil`: for ever.
  init(seconds: Double?) {
    deadline = seconds.map { MonotonicClock.now &+ Duration(clampedSeconds: $0).nanoseconds } ?? .max
  }

  var isOver: Bool { deadline <= MonotonicClock.now }
  var nextLook: UInt64 { min(deadline, MonotonicClock.now + Self.slice) }
}
