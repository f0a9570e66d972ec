internal import Platform
internal import Sharing
internal import Topology

/// Takes items from a queue for a command. An item is finished when the command has said that it has it in safety: one
/// that it was given and did not live to write goes back.
struct GetCourier {
  private static let itemsAtOnce = 64
  private static let bytesAtOnce = 64 << 10

  let reader: QueueReader
  let entry: WorkerEntry
  let type: ItemType
  let channel: ClientChannel
  let request: GetRequest

  func run() {
    let end = serve()
    reader.giveBack()
    if let end { channel.send(.finished(end)) }
    entry.conclude(.succeeded)
  }

  /// `nil`: the command is gone.
  private func serve() -> AccessEnd? {
    var left = request.itemLimit ?? .max
    while left > 0 {
      switch take(atMost: min(left, Self.itemsAtOnce)) {
      case .success(let lease):
        guard handOver(lease) else { return nil }
        left -= Int(lease.items)
      case .failure(let end): return end.reason
      }
    }
    return .done
  }

  private struct Nothing: Error {
    var reason: AccessEnd?
  }

  private func take(atMost limit: Int) -> Result<Lease, Nothing> {
    let patience = Patience(seconds: request.patienceSeconds)
    var sleptAt: UInt32?
    while !channel.isGone {
      let isLate = patience.isOver
      let amount = QueueReader.Amount.atMost(limit)
      let take = reader.take(
        amount, willSleep: !isLate, isWaitUnlimited: request.patienceSeconds == nil, sleptAt: sleptAt)
      switch take {
      case .taken(let lease): return .success(lease)
      // An external queue ends with its run only.
      case .ended: return .failure(Nothing(reason: .runEnded))
      case .empty where isLate: return .failure(Nothing(reason: .timedOut))
      case .empty(let futexValue):
        entry.beginWait(.read(resource: reader.queue.resource), isTimed: request.patienceSeconds != nil)
        reader.sleep(whileFutexIs: futexValue, for: amount, until: patience.nextLook)
        sleptAt = futexValue
        entry.endWait()
        channel.look()
      }
    }
    return .failure(Nothing(reason: nil))
  }

  /// False: the command is gone, or has said something else.
  private func handOver(_ lease: Lease) -> Bool {
    let ends = send(lease)
    var (done, position, emitted) = (0, lease.from, lease.emitted)
    while done < ends.count {
      guard case .taken(let count)? = channel.next(milliseconds: -1), count > 0, done + count <= ends.count else {
        return false
      }
      done += count
      reader.advance(
        InputProgress(
          oldPosition: position, newPosition: ends[done - 1], items: count, oldEmitted: emitted, newEmitted: 0))
      (position, emitted) = (ends[done - 1], 0)
    }
    return true
  }

  /// Gives where in the ring each item ends.
  private func send(_ lease: Lease) -> [UInt64] {
    var (ends, items, byteCount): ([UInt64], [WireItem], Int) = ([], [], 0)
    var position = lease.from
    while ends.count < Int(lease.items) {
      let run = reader.ring.run(from: position, to: lease.to, limit: 1)
      items.append(WireItem(record: Array(reader.payload(of: run)), type: type))
      byteCount += run.payloadByteCount
      position = run.to
      ends.append(position)
      guard byteCount >= Self.bytesAtOnce || ends.count == Int(lease.items) else { continue }
      channel.send(.items(items))
      (items, byteCount) = ([], 0)
    }
    return ends
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
