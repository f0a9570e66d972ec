/// What a queue looks like now: for `inspect`.
package struct QueueReport: Sendable {
  /// That nobody has taken.
  package var items: Int
  package var bytes: Int
  package var capacity: Int
  package var byteCount: Int
  package var puts: UInt64
  package var takes: UInt64
  package var finished: UInt64
  package var droppedNew: UInt64
  package var droppedOld: UInt64
  package var deadLettered: UInt64
  package var redelivered: UInt64
  package var isClosed: Bool
  package var liveReaders: Int
  package var liveWriters: Int
  /// What each worker has taken and not finished.
  package var leases: [LeaseReport]
}

package struct LeaseReport: Sendable, Equatable {
  /// `nil`: of none that is there now.
  package var worker: Int?
  package var items: Int
  /// Nanoseconds of the monotonic clock.
  package var takenAt: UInt64?
  /// Given back, by its death or by itself: the next reader that takes gets it.
  package var isOrphaned: Bool
}

package struct PipeReport: Sendable {
  package struct Direction: Sendable {
    package var messages: UInt64
    package var bytesUnderWay: Int
    package var byteCapacity: Int
    package var isClosed: Bool
    package var readerHasEnded: Bool
  }
  package var fromA: Direction
  package var fromB: Direction?
}

package struct LockReport: Sendable {
  package var holder: Int?
  /// Somebody waits since then for this holder; nanoseconds of the monotonic clock.
  package var awaitedSince: UInt64?
  package var depth: Int
  package var waiters: [Int]
}

extension Arena {
  package func queueReport(_ resource: Int) -> QueueReport? {
    guard let queue = queue(resource) else { return nil }
    // Under the lock, so that leases are of the same instant as the state, and whole. Nothing is changed.
    let (state, leases) = queue.cell.update(as: supervisor) { state, next in
      (false, (state, (0..<queue.slotCount).compactMap { leaseReport($0, of: queue, committed: next &- 1) }))
    }
    // Who may come from outside counts as one of each, so that it never ends; here those that are there count.
    let outside = queue.plan.isExternal ? 1 : 0
    return QueueReport(
      items: state.untaken, bytes: Int(clamping: state.untakenByteCount), capacity: queue.plan.capacity,
      byteCount: queue.plan.byteCount, puts: state.puts, takes: state.takes, finished: state.finished,
      droppedNew: state.droppedNew, droppedOld: state.droppedOld, deadLettered: state.givenUp,
      redelivered: state.redelivered, isClosed: state.isClosed, liveReaders: Int(state.liveReaders) - outside,
      liveWriters: Int(state.liveWriters) - outside, leases: leases)
  }

  /// Items of a queue that were given up and are in no dead-letter queue.
  package func lostItems(ofQueue resource: Int) -> UInt64 { queue(resource)?.cell.snapshot().lost ?? 0 }

  private func leaseReport(_ index: Int, of queue: Queue, committed: UInt64) -> LeaseReport? {
    let slot = queue.slot(index)
    let lease = slot.lease(committed: committed)
    guard !lease.isEmpty else { return nil }
    let takenAt = slot.takenAt
    return LeaseReport(
      worker: queue.reader(ofSlot: index), items: Int(lease.items), takenAt: takenAt == 0 ? nil : takenAt,
      isOrphaned: lease.isOrphaned)
  }

  /// The first bytes of the payloads of the oldest items that nobody has taken. Under the queue's lock, so that nobody
  /// takes or overwrites what is copied.
  package func head(ofQueue resource: Int, itemCount: Int) -> [[UInt8]] {
    guard itemCount > 0, let queue = queue(resource) else { return [] }
    return queue.update(as: supervisor, orIfDamaged: []) { state, _ -> (Bool, [[UInt8]]) in
      var head: [[UInt8]] = []
      var position = state.next
      while head.count < itemCount {
        guard let run = queue.run(from: position, to: state.tail, limit: 1, as: supervisor), run.items == 1 else {
          break
        }
        head.append(Array(queue.ring.payload(of: run).prefix(Self.excerptByteCount)))
        position = run.to
      }
      return (false, head)
    }
  }

  /// Of one item: more is not shown to people.
  private static let excerptByteCount = 1024

  package func pipeReport(_ resource: Int) -> PipeReport? {
    func report(_ direction: PipeDirection) -> PipeReport.Direction {
      PipeReport.Direction(
        messages: direction.messageCount, bytesUnderWay: direction.bytesUnderWay,
        byteCapacity: direction.messageByteLimit, isClosed: direction.ends.contains(.writerEnded),
        readerHasEnded: direction.ends.contains(.readerEnded))
    }
    guard let fromA = pipe(resource, fromA: true) else { return nil }
    return PipeReport(fromA: report(fromA), fromB: pipe(resource, fromA: false).map(report))
  }

  package func lockReport(_ resource: Int) -> LockReport? {
    guard let lock = lock(resource, worker: nil) else { return nil }
    let waiters = plan.workers.indices.filter {
      plan.workers[$0] != nil && wait(of: $0).on == .lock(resource: resource)
    }
    return LockReport(
      holder: lock.holderID.map { Int($0.rawValue) - 1 }, awaitedSince: lock.awaitedSince, depth: lock.heldDepth,
      waiters: waiters)
  }

  /// A copy of bytes of a value or array.
  package func bytes(of resource: Int, from first: Int = 0, upTo byteCount: Int) -> [UInt8] {
    elements(resource).map { Array($0.dropFirst(first).prefix(byteCount)) } ?? []
  }

  /// The initial contents of a value or array, before anyone runs.
  package func fill(_ resource: Int, with bytes: [UInt8]) {
    elements(resource)?.copyBytes(from: bytes)
  }
}
