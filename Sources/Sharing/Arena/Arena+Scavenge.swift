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
  /// The same, but nothing took it. `payload`: as the queue's memory held it.
  case dropped(resource: Int, payload: [UInt8], DropReason)

  package enum DropReason: Sendable, Equatable {
    case noDeadLetterQueue
    case noRoom(in: Int)
    /// Its type does not hold such an item.
    case unfit(for: Int)
  }
}

extension Arena {
  /// Before a life of the worker; what it keeps across lives stays.
  package func begin(_ worker: Int, processID: Int32) { entry(worker).begin(processID: processID) }

  /// Repairs what a dead worker left, between seeing its death and reaping it: while its process ID is not reused,
  /// nobody takes it for alive. `isFailure`: the item that it was at counts as delivered in vain.
  ///
  /// Every part may be repeated, so a death during the repair is repaired by doing it again.
  package func scavenge(_ worker: Int, isFailure: Bool = true, recast: Recast = Arena.asItIs) -> [Repair] {
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
    breakGroupLock(of: worker, heldBy: dead)
    breakGroupLock(of: worker, heldBy: supervisor)
    completeStep(of: worker)
    for queue in repairable where queue.writersLock.isHeld(by: supervisor) {
      queue.writersLock.breakIfHeld(by: supervisor)
    }
    for pipe in writtenPipes(worker) { pipe.forgetStaged() }
    finishChange(of: worker)
    group(of: worker)?.claimLock.breakIfHeld(by: dead)
    // All of them first: an item that is given up goes into another queue of the same worker's.
    for queue in queues { queue.writersLock.breakIfHeld(by: dead) }
    for queue in queues { repairs += returnItems(of: worker, to: queue, isFailure: isFailure, recast) }
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

  /// Whose locks the worker may hold: those that it reads or writes, and where what it rejects goes.
  func touchedQueues(_ worker: Int) -> [Queue] {
    let own = plan.resources.indices.filter { index in
      queue(index).map { $0.plan.readers.contains(worker) || $0.plan.writers.contains(worker) } ?? false
    }
    let read = own.filter { queue($0)?.plan.readers.contains(worker) ?? false }
    let deadLetters = Set(read.compactMap { queue($0)?.plan.deadLetterQueue }).subtracting(own)
    return (own + deadLetters.sorted()).compactMap { queue($0) }
  }

  private func writtenPipes(_ worker: Int) -> [PipeDirection] {
    let links = plan.links(of: worker)
    return links.holdsA.compactMap { pipe($0, fromA: true) } + links.holdsB.compactMap { pipe($0, fromA: false) }
  }

  func breakCellLock(of queue: Queue, heldBy dead: HolderID) {
    let wasHeld = queue.cell.lock.isHeld(by: dead)
    if wasHeld {
      // Its change has not happened; the next commit gets the same number, so no trace of it may stay.
      let committed = queue.cell.committedVersion
      for index in 0..<queue.slotCount { queue.slot(index).forgetUncommitted(committed) }
      queue.departures.forgetUncommitted(committed, of: queue.plan)
    }
    queue.cell.lock.breakIfHeld(by: dead)
    // It may have ended by what it found.
    if wasHeld { checkUntaken(of: queue) }
  }

  /// Whole records are all that lies between the next item and the tail. Without waiting for anyone: what moves
  /// meanwhile has been found whole by others.
  private func checkUntaken(of queue: Queue) {
    let (version, state) = (queue.cell.committedVersion, queue.cell.snapshot())
    guard queue.isSound(state) else { return rescue.tell(queue.damage) }
    let run = queue.ring.soundRun(from: state.next, to: state.tail, limit: .max)
    if run?.items != state.untaken, queue.cell.committedVersion == version { rescue.tell(queue.damage) }
  }

  private func returnItems(of worker: Int, to queue: Queue, isFailure: Bool, _ recast: Recast) -> [Repair] {
    guard queue.plan.readers.contains(worker) else { return [] }
    let reader = QueueReader(queue: queue, worker: worker)
    var repairs: [Repair] = []
    let isFailure = isFailure && !finishPassedItems(of: worker, reader)
    let lease = reader.lease(as: supervisor)
    guard isSound(lease, of: queue) else { return [] }
    let position = lease.item(at: entry(worker).cursor)
    if isFailure, !lease.isEmpty, !lease.isOrphaned, position == lease.from,
      Int(lease.deliveriesInVain(at: position)) + 1 >= queue.plan.maxDeliveries
    {
      repairs.append(giveUpFirst(of: lease, reader, recast))
    }
    let blamed = isFailure && repairs.isEmpty ? position : nil
    if let returned = reader.orphan(as: supervisor, blaming: blamed) {
      repairs.append(.itemsReturned(resource: queue.resource, count: Int(returned.items)))
    }
    // Whoever counted as asleep looks again, and counts anew.
    queue.update(as: supervisor, orIfDamaged: ()) { state, _ in
      state.sleepingReaders = 0
      state.sleepingWriters = 0
      return (true, ())
    }
    return repairs
  }

  /// Whole records are in it, as many as it says; else that is told.
  private func isSound(_ lease: Lease, of queue: Queue) -> Bool {
    if lease.isEmpty { return true }
    let run = queue.isSound(lease) ? queue.ring.soundRun(from: lease.from, to: lease.to, limit: .max) : nil
    if run?.items == Int(lease.items) { return true }
    rescue.tell(queue.damage)
    return false
  }

  /// Of a reader that works on one item after the other, those that it has moved past. True: it was at no item.
  private func finishPassedItems(of worker: Int, _ reader: QueueReader) -> Bool {
    let entry = entry(worker)
    guard let reading = entry.reading, reading.resource == reader.queue.resource else { return false }
    let lease = reader.lease(as: supervisor)
    let cursor = entry.cursor
    guard isSound(lease, of: reader.queue) else { return true }
    if !lease.isOrphaned, cursor > lease.from, cursor < lease.to {
      guard let passed = reader.queue.run(from: lease.from, to: cursor, limit: Int(lease.items), as: supervisor) else {
        return true
      }
      reader.advance(
        InputProgress(
          oldPosition: lease.from, newPosition: cursor, items: passed.items, oldEmitted: lease.emitted, newEmitted: 0),
        .repeated, as: supervisor)
    }
    return reading.isBetweenItems
  }

  /// A wake-up may have died with the worker: all who wait on what it declares look again.
  private func wakeEveryone(around worker: Int) {
    for queue in touchedQueues(worker) { queue.wakeEveryone() }
    for resource in plan.resources.indices {
      for fromA in [true, false] { pipe(resource, fromA: fromA)?.wakeEveryone() }
    }
  }
}
