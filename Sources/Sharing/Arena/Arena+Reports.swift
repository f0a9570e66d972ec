/// What a queue looks like now: for `inspect`. Read without stopping anyone.
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
  package var leases: [(worker: Int, items: Int)]
  /// Payloads of the oldest items that nobody has taken, 10 at most.
  package var head: [[UInt8]]
}

package struct PipeReport: Sendable {
  package struct Direction: Sendable {
    package var messages: UInt64
    package var bytesUnderWay: Int
    package var isClosed: Bool
  }
  package var fromA: Direction
  package var fromB: Direction?
}

package struct LockReport: Sendable {
  package var holder: Int?
  package var depth: Int
  package var waiters: [Int]
}

extension Arena {
  package func queueReport(_ resource: Int) -> QueueReport? {
    guard let queue = queue(resource) else { return nil }
    let state = queue.cell.snapshot()
    let committed = queue.cell.committedVersion
    let leases = queue.plan.readers.compactMap { worker -> (worker: Int, items: Int)? in
      guard let slot = queue.slotIndex(ofReader: worker) else { return nil }
      let lease = queue.slot(slot).lease(committed: committed)
      return lease.isEmpty || worker == ArenaPlan.nobody ? nil : (worker, Int(lease.items))
    }
    return QueueReport(
      items: state.untaken, bytes: Int(state.untakenByteCount), capacity: queue.plan.capacity,
      byteCount: queue.plan.byteCount, puts: state.puts, takes: state.takes, finished: state.finished,
      droppedNew: state.droppedNew, droppedOld: state.droppedOld, deadLettered: state.givenUp,
      redelivered: state.redelivered, isClosed: state.isClosed, liveReaders: Int(state.liveReaders),
      liveWriters: Int(state.liveWriters), leases: leases, head: head(of: queue))
  }

  /// Under the queue's lock, so that nobody takes or overwrites what is copied.
  private func head(of queue: Queue) -> [[UInt8]] {
    queue.cell.update(as: supervisor) { state, _ -> (Bool, [[UInt8]]) in
      var head: [[UInt8]] = []
      var position = state.next
      while head.count < 10 {
        let run = queue.ring.run(from: position, to: state.tail, limit: 1)
        guard run.items == 1 else { break }
        let record = queue.ring.bytes(from: run.from, to: run.to)
        let start = queue.ring.stride > 0 ? 0 : Ring.headerByteCount
        head.append(Array(record[start..<(start + min(run.payloadByteCount, 4096))]))
        position = run.to
      }
      return (false, head)
    }
  }

  package func pipeReport(_ resource: Int) -> PipeReport? {
    func report(_ direction: PipeDirection) -> PipeReport.Direction {
      PipeReport.Direction(
        messages: direction.messageCount, bytesUnderWay: Int(direction.tail - min(direction.head, direction.tail)),
        isClosed: direction.ends.contains(.writerEnded))
    }
    guard let fromA = pipe(resource, fromA: true) else { return nil }
    return PipeReport(fromA: report(fromA), fromB: pipe(resource, fromA: false).map(report))
  }

  package func lockReport(_ resource: Int) -> LockReport? {
    guard let lock = lock(resource, worker: nil) else { return nil }
    let waiters = plan.workers.indices.filter {
      plan.workers[$0] != nil && entry($0).wait.on == .lock(resource: resource)
    }
    return LockReport(
      holder: lock.holderID.map { Int($0.rawValue) - 1 }, depth: lock.heldDepth, waiters: waiters)
  }

  /// A copy of the first bytes of a value or array.
  package func bytes(of resource: Int, upTo byteCount: Int) -> [UInt8] {
    elements(resource).map { Array($0.prefix(byteCount)) } ?? []
  }

  /// The initial contents of a value or array, before anyone runs.
  package func fill(_ resource: Int, with bytes: [UInt8]) {
    elements(resource)?.copyBytes(from: bytes)
  }
}
