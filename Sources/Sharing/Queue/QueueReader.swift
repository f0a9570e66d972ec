package import Platform
internal import Synchronization

/// One reader instance's end of a queue.
///
/// A reader takes a batch as a lease and reads it in place. What it has not finished when it dies goes to others,
/// ahead of later items.
package struct QueueReader: Sendable {
  package let queue: Queue
  let holder: HolderID
  let worker: Int
  let slotIndex: Int
  /// It also writes the queue, so that its waiting may mean the end.
  let isMember: Bool

  init(queue: Queue, worker: Int) { self.init(queue: queue, holder: HolderID(worker: worker), worker: worker) }

  init(queue: Queue, holder: HolderID, worker: Int) {
    self.queue = queue
    self.holder = holder
    self.worker = worker
    slotIndex = queue.slotIndex(ofReader: worker) ?? Queue.sharedSlot
    isMember = queue.plan.writers.contains(worker)
  }

  package enum Take {
    case taken(Lease)
    /// Nothing now. Where the reader counts as sleeping, it is woken from this.
    case empty(FutexWait)
    case ended(failed: Bool)
  }

  /// How many items to take at once.
  package enum Amount {
    /// A share of what is there, so that all readers have work: 1 to 256.
    case share
    /// That many, if so many are there; or all that there is, if no more will come or find room (or `orFewer`).
    case exactly(Int, orFewer: Bool)
    /// A share, and at most that many.
    case atMost(Int)

    /// Below it nothing is taken, as long as more may come.
    package var leastCount: Int { if case .exactly(let count, orFewer: false) = self { count } else { 1 } }
    package var wantsSeveral: Bool { leastCount > 1 }
    /// More than so many are never taken.
    var mostCount: Int {
      switch self {
      case .share: 256
      case .exactly(let count, _), .atMost(let count): count
      }
    }
  }

  package var stride: Int { queue.ring.stride }
  package var ring: Ring { queue.ring }

  /// Takes items. If there is none: `willSleep`, it counts as sleeping; `isWaitUnlimited`, it will wait without a
  /// time-out. `sleep`: what it counted as being in since the last call, one that takes whatever is there.
  /// `progress`: what of the lease that it has is finished by the same commit.
  package func take(
    _ amount: Amount, willSleep: Bool, isWaitUnlimited: Bool, after sleep: FutexWait? = nil,
    finishing progress: InputProgress? = nil
  ) -> Take {
    let foreseen = foreseenRun(amount)
    let (take, wakeReaders, wakeWriters) = queue.update(as: holder, orIfDamaged: (.ended(failed: true), .none, 0)) {
      state, next -> (Bool, (Take, ReaderWakes, Int)) in
      let slot = queue.slot(slotIndex)
      var lease = slot.lease(committed: next &- 1)
      guard holder.rescue == nil || queue.isSound(lease) else {
        queue.tellDamage(to: holder)
        return (false, (.ended(failed: true), .none, 0))
      }
      // Under the lock: who wakes it has committed that first, and changes the word then.
      let sleptInVain = sleep.map { !$0.isOver } ?? false
      var changed = stopWaiting(&lease, &state, sleptInVain: sleptInVain)
      var writersToWake = 0
      if let progress, finish(progress, &lease, &state, as: holder) {
        changed = true
        writersToWake = state.writersToWake()
      }
      if !lease.isEmpty, !lease.isOrphaned {
        // Still its own: a restart between a finished step and the next take.
        if changed { slot.write(lease, next: next) }
        return (changed, (.taken(lease), .none, writersToWake))
      }
      if let taken = takeOrphan(lease, state: &state, next: next)
        ?? takeNew(lease, amount, foreseen, state: &state)
      {
        slot.write(taken, next: next)
        return (true, (.taken(taken), state.readersToWake(), writersToWake + state.writersToWake()))
      }
      if state.isClosed, state.isDrained {
        if changed { slot.write(lease, next: next) }
        return (changed, (.ended(failed: state.writerFailed), state.readersToWake(), writersToWake))
      }
      if willSleep {
        state.readerWillSleep(wantsSeveral: amount.wantsSeveral)
        if isMember, isWaitUnlimited {
          lease.flags.insert(.waiting)
          state.waitingMembers += 1
          state.closeIfQuiescent()
        }
        changed = true
      }
      if changed { slot.write(lease, next: next) }
      if state.isClosed, state.isDrained {
        return (changed, (.ended(failed: state.writerFailed), state.readersToWake(), writersToWake))
      }
      // Under the lock: a commit that makes this stale has not happened yet.
      let futex = amount.wantsSeveral ? queue.gatherersFutex : queue.readersFutex
      return (changed, (.empty(FutexWait(futex)), .none, writersToWake))
    }
    if case .taken = take { queue.slot(slotIndex).takenAt = MonotonicClock.coarseNow }
    queue.wakeReaders(wakeReaders)
    queue.wakeWriters(wakeWriters)
    return take
  }

  func stopWaiting(_ lease: inout Lease, _ state: inout QueueState, sleptInVain: Bool) -> Bool {
    var changed = false
    if sleptInVain, state.sleepingReaders > 0 {
      state.sleepingReaders -= 1
      changed = true
    }
    if lease.flags.contains(.waiting) {
      lease.flags.remove(.waiting)
      if state.waitingMembers > 0 { state.waitingMembers -= 1 }
      changed = true
    }
    return changed
  }

  /// The oldest orphaned lease, whose slot gets what this reader's slot holds (nothing, or its own orphan).
  private func takeOrphan(_ mine: Lease, state: inout QueueState, next: UInt64) -> Lease? {
    guard state.orphans > 0 else { return nil }
    var oldest: (index: Int, lease: Lease)?
    for index in 0..<queue.slotCount {
      let lease = queue.slot(index).lease(committed: next &- 1)
      if lease.isOrphaned, lease.from < oldest?.lease.from ?? .max { oldest = (index, lease) }
    }
    guard let oldest else { return nil }
    let index = oldest.index
    var lease = oldest.lease
    if let rest = splitBeforeSuspect(&lease), let place = freeSlot(for: rest, foundAt: index, mine, next: next) {
      queue.slot(place).write(rest, next: next)
      state.outstandingLeases += 1
    } else {
      lease = oldest.lease
      state.orphans -= 1
      if index != slotIndex {
        var left = mine
        left.flags.remove(.waiting)
        left.flags.formUnion(lease.flags.intersection(.waiting))
        queue.slot(index).write(left, next: next)
      }
    }
    state.redelivered += 1
    lease.flags = mine.flags.intersection(.waiting)
    return lease
  }

  /// Items before the one that a worker died at go out by themselves, so that it is the first of the next lease: if
  /// it is given up then, they are not in the way. Leaves them in `lease`, and gives the rest.
  private func splitBeforeSuspect(_ lease: inout Lease) -> Lease? {
    guard lease.deliveries > 0, lease.suspect > lease.from else { return nil }
    guard lease.suspect < lease.to,
      let front = queue.run(from: lease.from, to: lease.suspect, limit: Int(lease.items), as: holder)
    else { return nil }
    var rest = lease
    rest.from = lease.suspect
    rest.items -= min(rest.items, UInt32(front.items))
    rest.payloadByteCount -= min(rest.payloadByteCount, UInt64(front.payloadByteCount))
    rest.emitted = 0
    guard !rest.isEmpty, front.items > 0 else { return nil }
    lease.to = front.to
    lease.items = UInt32(front.items)
    lease.payloadByteCount = UInt64(front.payloadByteCount)
    lease.deliveries = 0
    return rest
  }

  /// Where the rest of a split lease stays: where the lease was, or, if that is this reader's own slot, in the
  /// shared one. `nil`: nowhere.
  private func freeSlot(for rest: Lease, foundAt index: Int, _ mine: Lease, next: UInt64) -> Int? {
    if index != slotIndex { return mine.isEmpty ? index : nil }
    return queue.slot(Queue.sharedSlot).lease(committed: next &- 1).isEmpty ? Queue.sharedSlot : nil
  }

  /// The share that this reader would get now, found without the lock: to walk over some hundred framed records takes
  /// longer than all that is done under it. `from` is where the state's `next` was.
  private func foreseenRun(_ amount: Amount) -> (from: UInt64, run: Ring.Run)? {
    guard case .share = amount, queue.ring.stride == 0 else { return nil }
    let (next, tail, limit) = queue.cell.peek { ($0.next, $0.tail, share(of: $0)) }
    return queue.ring.foreseenRun(from: next, to: tail, limit: limit).map { (next, $0) }
  }

  private func share(of state: QueueState) -> Int {
    let readers = max(1, Int(state.liveReaders))
    // Where the first death gives an item up, it must be alone: nothing else may be given up in its place.
    return queue.plan.maxDeliveries == 1 ? 1 : max(1, min(256, state.untaken / (2 * readers)))
  }

  private func takeNew(
    _ mine: Lease, _ amount: Amount, _ foreseen: (from: UInt64, run: Ring.Run)?, state: inout QueueState
  ) -> Lease? {
    let limit: Int
    switch amount {
    case .share:
      // Nobody has taken or dropped anything since: the bytes were those of the items that are still there.
      if let foreseen, foreseen.from == state.next { return lease(foreseen.run, mine, state: &state) }
      limit = share(of: state)
    case .atMost(let most): limit = min(most, share(of: state))
    case .exactly(let count, let orFewer):
      guard orFewer || state.isClosed || queue.holdsAsManyAsItCan(upTo: count, state) else { return nil }
      limit = count
    }
    // A share is contiguous, so that it can be lent as one run; an exact number may wrap.
    let run: Ring.Run?
    if case .exactly = amount {
      run = queue.run(from: state.next, to: state.tail, limit: limit, as: holder)
    } else {
      run = queue.ring.run(from: state.next, to: state.tail, limit: limit)
    }
    return run.flatMap { $0.items > 0 ? lease($0, mine, state: &state) : nil }
  }

  private func lease(_ run: Ring.Run, _ mine: Lease, state: inout QueueState) -> Lease {
    state.didTake(run)
    state.outstandingLeases += 1
    return Lease(run, flags: mine.flags.intersection(.waiting))
  }

  package var version: UInt64 { queue.cell.committedVersion }
  package var available: Int { queue.count }
  package var isClosed: Bool { queue.cell.snapshot().isClosed }

  /// Others read the queue too.
  package var isShared: Bool { queue.plan.readers.count > 1 }

  /// Waits no more. A wake-up that was meant for this reader may be lost: so the others look again, and count anew.
  package func stopSleeping() {
    queue.cell.update(as: holder) { state, _ in
      state.sleepingReaders = 0
      return (true, ())
    }
    queue.wakeReaders(ReaderWakes(count: .max, gatherers: false))
  }

  /// The lease as committed; under the lock, since others put what they give back into the slots of those who have none.
  func lease(as holder: HolderID) -> Lease {
    queue.cell.update(as: holder) { _, next in (false, queue.slot(slotIndex).lease(committed: next &- 1)) }
  }

  package func advance(_ progress: InputProgress) { advance(progress, as: holder) }

  /// Moves the lease on from `old`: items before `position` are finished, `emitted` answers of the one there are
  /// published. Without effect where it was done already, so that a redo may repeat it.
  func advance(
    _ progress: InputProgress, givenUp: GivenUp = .no, _ attempt: Redo.Attempt = .first, as holder: HolderID
  ) {
    let (wakeReaders, wakeWriters) = queue.update(as: holder, orIfDamaged: (.none, 0)) {
      state, next -> (Bool, (ReaderWakes, Int)) in
      let slot = queue.slot(slotIndex)
      var lease = slot.lease(committed: next &- 1)
      guard finish(progress, &lease, &state, givenUp, as: holder) else {
        precondition(attempt == .repeated || holder.rescue != nil, "what is to be finished was not taken")
        return (false, (.none, 0))
      }
      slot.write(lease, next: next)
      return (true, (state.readersToWake(), state.writersToWake()))
    }
    queue.wakeReaders(wakeReaders)
    queue.wakeWriters(wakeWriters)
  }

  /// False: the lease has moved on from there already.
  private func finish(
    _ progress: InputProgress, _ lease: inout Lease, _ state: inout QueueState, _ givenUp: GivenUp = .no,
    as holder: HolderID
  ) -> Bool {
    guard !lease.isEmpty, lease.from == progress.oldPosition, lease.emitted == progress.oldEmitted else { return false }
    guard queue.ring.isPlace(progress.newPosition), lease.from <= progress.newPosition,
      progress.newPosition <= lease.to, progress.items <= lease.items,
      state.outstandingLeases > 0
    else {
      queue.tellDamage(to: holder)
      return false
    }
    if progress.newPosition > lease.suspect { lease.deliveries = 0 }
    let finished = queue.ring.payloadByteCount(from: lease.from, to: progress.newPosition, of: lease)
    lease.payloadByteCount -= min(finished, lease.payloadByteCount)
    lease.from = progress.newPosition
    lease.emitted = progress.newEmitted
    lease.items -= min(lease.items, progress.items)
    state.didFinish(progress.items, givenUp)
    if lease.isEmpty {
      state.outstandingLeases -= 1
      lease.empty()
      state.closeIfQuiescent()
    }
    return true
  }

  /// Gives back what is not finished, in its old order; nobody failed at it.
  package func giveBack() {
    orphan(as: holder, blaming: nil)
  }

  /// The lease becomes free for others; gives it as it is then. The item at `position` was delivered in vain.
  @discardableResult
  func orphan(as holder: HolderID, blaming position: UInt64?) -> Lease? {
    let (orphaned, wake) = queue.update(as: holder, orIfDamaged: (nil, .none)) {
      state, next -> (Bool, (Lease?, ReaderWakes)) in
      let slot = queue.slot(slotIndex)
      var lease = slot.lease(committed: next &- 1)
      let changed = stopWaiting(&lease, &state, sleptInVain: false)
      guard !lease.isEmpty, !lease.isOrphaned else {
        if changed { slot.write(lease, next: next) }
        return (changed, (nil, .none))
      }
      lease.flags.insert(.orphaned)
      if let position { lease.blame(position) }
      state.orphans += 1
      slot.write(lease, next: next)
      return (true, (lease, state.readersToWake()))
    }
    queue.wakeReaders(wake)
    return orphaned
  }
}

/// What becomes of an item that a step is done with.
package enum GivenUp: UInt8, BitwiseCopyable, Sendable {
  /// It is finished.
  case no
  /// It is in the dead-letter queue.
  case toDeadLetters
  /// Nothing has it any more.
  case forGood
}

/// How far a reader is with its lease, before and after a step.
package struct InputProgress: BitwiseCopyable, Sendable {
  package var oldPosition: UInt64
  package var newPosition: UInt64
  /// Finished by the step.
  package var items: UInt32
  package var oldEmitted: UInt64
  package var newEmitted: UInt64

  package init(oldPosition: UInt64, newPosition: UInt64, items: Int, oldEmitted: UInt64, newEmitted: UInt64) {
    self.oldPosition = oldPosition
    self.newPosition = newPosition
    self.items = UInt32(items)
    self.oldEmitted = oldEmitted
    self.newEmitted = newEmitted
  }
}
