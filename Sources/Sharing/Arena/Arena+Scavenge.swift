internal import Synchronization

/// What the scavenger found and repaired: one line each in mporch's own log.
package enum Repair: Sendable, Equatable {
  case lockFreed(resource: Int)
  /// Of a bounded semaphore: taken and not given back.
  case countsReturned(resource: Int, count: Int)
  /// Of a condition: it was notified and died before it was back from its wait.
  case wakeUpPassedOn(resource: Int, to: Int)
  /// It will not come, and `waiters` waited for it.
  case barrierBroken(resource: Int, waiters: Int)
  /// `count` items were taken and unfinished; they go back, ahead of later ones.
  case itemsReturned(resource: Int, count: Int)
  /// The item that the worker was at had its last delivery: it is in the dead-letter queue now.
  case deadLettered(resource: Int, into: Int)
  /// The same, but there is no such queue, or no room in it: dropped. `preview`: its first bytes.
  case dropped(resource: Int, preview: [UInt8])
}

extension Arena {
  /// Before a life of the worker; what it keeps across lives stays.
  package func begin(_ worker: Int, processID: Int32) { entry(worker).begin(processID: processID) }

  /// Repairs what a dead worker left, between seeing its death and reaping it: while its process ID is not reused,
  /// nobody takes it for alive. `isFailure`: the item that it was at counts as delivered in vain.
  ///
  /// Every part may be repeated, so a death during the repair is repaired by doing it again.
  package func scavenge(_ worker: Int, isFailure: Bool = true) -> [Repair] {
    let dead = HolderID(worker: worker)
    var repairs: [Repair] = []
    let queues = touchedQueues(worker)
    for queue in queues { breakCellLock(of: queue, heldBy: dead) }
    // There is one scavenger at a time: what its kind holds at its start, one that died has left.
    let repairable =
      queues
      + queues.flatMap { queue in
        ([queue.plan.deadLetterQueue].compactMap(\.self) + queue.plan.repliesToGivenUp).compactMap { self.queue($0) }
      }
    for queue in repairable where queue.cell.lock.isHeld(by: supervisor) {
      breakCellLock(of: queue, heldBy: supervisor)
    }
    let primitives = usedPrimitives(worker)
    for (primitive, _) in primitives {
      primitive.breakLock(heldBy: dead)
      primitive.breakLock(heldBy: supervisor)
    }
    let redo = entry(worker).redo
    if redo.isArmed {
      carryOut(redo, of: worker, as: supervisor)
      redo.disarm()
    }
    for queue in repairable where queue.writersLock.isHeld(by: supervisor) {
      queue.writersLock.breakIfHeld(by: supervisor)
    }
    finishChange(of: worker)
    group(of: worker)?.claimLock.breakIfHeld(by: dead)
    // All of them first: an item that is given up goes into another queue of the same worker's.
    for queue in queues { queue.writersLock.breakIfHeld(by: dead) }
    for queue in queues { repairs += returnItems(of: worker, to: queue, isFailure: isFailure) }
    for resource in plan.resources.indices {
      if let lock = lock(resource, worker: nil), lock.breakIfHeld(by: dead) {
        repairs.append(.lockFreed(resource: resource))
      }
    }
    for (primitive, slot) in primitives { repairs += primitive.repair(after: slot, as: supervisor) }
    wakeEveryone(around: worker)
    entry(worker).forgetWait()
    return repairs
  }

  func touchedQueues(_ worker: Int) -> [Queue] {
    plan.resources.indices.compactMap { index in
      guard let queue = queue(index),
        queue.plan.readers.contains(worker) || queue.plan.writers.contains(worker)
      else { return nil }
      return queue
    }
  }

  func breakCellLock(of queue: Queue, heldBy dead: HolderID) {
    if queue.cell.lock.isHeld(by: dead) {
      // Its change has not happened; the next commit gets the same number, so no trace of it may stay.
      let committed = queue.cell.committedVersion
      for index in 0..<queue.slotCount { queue.slot(index).forgetUncommitted(committed) }
      queue.departures.forgetUncommitted(committed, of: queue.plan)
    }
    queue.cell.lock.breakIfHeld(by: dead)
  }

  private func returnItems(of worker: Int, to queue: Queue, isFailure: Bool) -> [Repair] {
    guard queue.plan.readers.contains(worker) else { return [] }
    let reader = QueueReader(queue: queue, worker: worker)
    var repairs: [Repair] = []
    let isFailure = isFailure && !finishPassedItems(of: worker, reader)
    let lease = reader.lease
    let position = lease.item(at: entry(worker).cursor)
    if isFailure, !lease.isEmpty, !lease.isOrphaned, position == lease.from,
      Int(lease.deliveriesInVain(at: position)) + 1 >= queue.plan.maxDeliveries
    {
      repairs.append(giveUpFirst(of: lease, reader))
    }
    let blamed = isFailure && repairs.isEmpty ? position : nil
    if let returned = reader.orphan(as: supervisor, blaming: blamed) {
      repairs.append(.itemsReturned(resource: queue.resource, count: Int(returned.items)))
    }
    // Whoever counted as asleep looks again, and counts anew.
    queue.cell.update(as: supervisor) { state, _ in
      state.sleepingReaders = 0
      state.sleepingWriters = 0
      return (true, ())
    }
    return repairs
  }

  /// Of a reader that works on one item after the other, those that it has moved past. True: it was at no item.
  private func finishPassedItems(of worker: Int, _ reader: QueueReader) -> Bool {
    let entry = entry(worker)
    guard let reading = entry.reading, reading.resource == reader.queue.resource else { return false }
    let lease = reader.lease
    let cursor = entry.cursor
    if !lease.isOrphaned, cursor > lease.from, cursor < lease.to {
      let passed = reader.ring.wrappingRun(from: lease.from, to: cursor, limit: Int(lease.items))
      reader.advance(
        InputProgress(
          oldPosition: lease.from, newPosition: cursor, items: passed.items, oldEmitted: lease.emitted, newEmitted: 0),
        as: supervisor)
    }
    return reading.isBetweenItems
  }

  /// The first item of a lease goes to the dead-letter queue, or is dropped: in one step, by the dead worker's redo.
  private func giveUpFirst(of lease: Lease, _ reader: QueueReader) -> Repair {
    let queue = reader.queue
    let run = queue.ring.run(from: lease.from, to: lease.to, limit: 1)
    let record = queue.ring.bytes(from: run.from, to: run.to)
    let pending = PendingRecords(
      record, count: 1, payloadByteCount: run.payloadByteCount, format: queue.plan.format)
    let dead = deadLetterQueue(of: queue, for: record)
    dead?.writersLock.lock(as: supervisor)
    defer { dead?.writersLock.unlock() }
    var header = Redo.Header()
    header.hasInput = true
    header.givesUp = true
    header.inputResource = UInt32(queue.resource)
    header.input = InputProgress(
      oldPosition: lease.from, newPosition: run.to, items: 1, oldEmitted: lease.emitted, newEmitted: 0)
    let redo = entry(reader.worker).redo
    var repair = Repair.dropped(resource: queue.resource, preview: preview(record, run, queue))
    if let dead {
      let writer = QueueWriter(queue: dead, worker: HolderID.supervisorIndex)
      if writer.room(for: pending) == 1 {
        redo.outputs[0] = Redo.Output(
          resource: UInt32(dead.resource), isPipe: false, direction: 0, dropped: 0, staged: writer.stage(pending))
        header.outputs = 1
        repair = .deadLettered(resource: queue.resource, into: dead.resource)
      }
    }
    redo.header.pointee = header
    redo.arm()
    carryOut(redo, of: reader.worker, as: supervisor)
    redo.disarm()
    return repair
  }

  private func deadLetterQueue(of queue: Queue, for record: UnsafeRawBufferPointer) -> Queue? {
    guard let target = queue.plan.deadLetterQueue ?? replyQueue(of: queue, to: record), let dead = self.queue(target),
      dead.plan.format == queue.plan.format
    else { return nil }
    return dead
  }

  /// A request is a list in CBOR (RFC 8949) whose first element is the client's number.
  private func replyQueue(of queue: Queue, to record: UnsafeRawBufferPointer) -> Int? {
    let payload = record.dropFirst(Ring.headerByteCount)
    guard !queue.plan.repliesToGivenUp.isEmpty, payload.count > 4 else { return nil }
    let head = payload.dropFirst()
    let client: Int
    switch head.first! {
    case let number where number < 24: client = Int(number)
    case 24: client = Int(head[head.startIndex + 1])
    case 25: client = Int(head[head.startIndex + 1]) << 8 | Int(head[head.startIndex + 2])
    default: return nil
    }
    return queue.plan.repliesToGivenUp.indices.contains(client) ? queue.plan.repliesToGivenUp[client] : nil
  }

  private func preview(_ record: UnsafeRawBufferPointer, _ run: Ring.Run, _ queue: Queue) -> [UInt8] {
    let payload = record.dropFirst(queue.ring.stride > 0 ? 0 : Ring.headerByteCount).prefix(run.payloadByteCount)
    return Array(payload.prefix(80))
  }

  /// A wake-up may have died with the worker: all who wait on what it declares look again.
  private func wakeEveryone(around worker: Int) {
    for queue in touchedQueues(worker) { queue.wakeEveryone() }
    for resource in plan.resources.indices {
      for fromA in [true, false] { pipe(resource, fromA: fromA)?.wakeEveryone() }
    }
  }
}
