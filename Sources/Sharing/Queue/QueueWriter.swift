internal import Platform
internal import Synchronization

/// One writer instance's end of a queue.
package struct QueueWriter: Sendable {
  package let queue: Queue
  let holder: HolderID

  init(queue: Queue, worker: Int) { self.init(queue: queue, holder: HolderID(worker: worker)) }

  init(queue: Queue, holder: HolderID) {
    self.queue = queue
    self.holder = holder
  }

  package enum Readers: Sendable {
    case live
    /// All have ended for good; nobody will read.
    case ended(failed: Bool)
  }

  package var readers: Readers {
    queue.cell.peek { $0.liveReaders > 0 ? .live : .ended(failed: $0.readerFailed) }
  }

  /// Room for how many of the first records; the caller holds the writers' lock, so it can only grow.
  func room(for pending: PendingRecords) -> Int {
    let (room, wake) = queue.update(as: holder, orIfDamaged: (0, .none)) { state, _ in
      let before = (state.head, state.isFull)
      let room = queue.room(for: pending, in: &state)
      let wake = room == 0 ? state.didRefuse() : .none
      return ((state.head, state.isFull) != before, (room, wake))
    }
    announceHead()
    queue.wakeReaders(wake)
    return room
  }

  /// Of the first of `pending`, as many as have room now, or, if the first has none, as many as have none either: put
  /// one after the other, these would be dropped.
  func countAlike(_ pending: PendingRecords) -> Int {
    let room = room(for: pending)
    if room > 0 { return room }
    let (isAtCapacity, freeByteCount) = queue.cell.peek { state in
      (state.untaken >= queue.plan.capacity, queue.freeByteCount(state))
    }
    return isAtCapacity ? pending.count : max(1, pending.countExceeding(payloadByteCount: freeByteCount))
  }

  /// The head has moved before anything is written where it was (pairs with the fence in `QueueTap`).
  private func announceHead() { atomicMemoryFence(ordering: .acquiringAndReleasing) }

  /// A look without the lock: room for all of them. Bytes that only a lease held till now do not count as free.
  func hasRoom(for records: PendingRecords) -> Bool {
    queue.cell.peek { state in
      !queue.exceedsLimits(records, state)
        && queue.ring.advance(state.tail, by: records.bytes) &- state.head <= queue.ring.byteCount
    }
  }

  /// Drops the oldest items until the others have room: of the untaken ones, then of `pending` itself. Gives what is left
  /// of these, which has room: the newest.
  func makeRoom(for pending: PendingRecords) -> PendingRecords {
    let (kept, wake) = queue.update(as: holder, orIfDamaged: (pending.prefix(0), .none)) { state, _ in
      var kept = pending.newest(capacity: queue.plan.capacity, payloadByteCount: queue.plan.byteCount)
      let dropped = state.droppedOld
      // Where some of these are dropped, so is all that is older.
      let keepsAll = kept.count == pending.count
      while keepsAll ? queue.exceedsLimits(kept, state) : state.untaken > 0,
        dropOldest(&state, atMost: keepsAll ? state.untaken + kept.count - queue.plan.capacity : state.untaken)
      {}
      // What readers have taken and not finished takes room in the ring too, and can't be dropped.
      while queue.room(for: kept, in: &state) < kept.count {
        if queue.leap(&state, as: holder) { continue }
        if !dropOldest(&state, atMost: 1) { kept = kept.dropFirst((kept.count + 1) / 2) }
      }
      let hasDropped = kept.count < pending.count || state.droppedOld != dropped
      return (true, (kept, hasDropped ? state.didRefuse() : .none))
    }
    announceHead()
    queue.wakeReaders(wake)
    return kept
  }

  /// False: there is none.
  private func dropOldest(_ state: inout QueueState, atMost limit: Int) -> Bool {
    guard state.untaken > 0, let run = queue.run(from: state.next, to: state.tail, limit: max(1, limit), as: holder)
    else { return false }
    state.didDropOldest(run)
    return run.items > 0
  }

  /// Counts the writer as sleeping; gives what ends that, or `nil` if there is room by now or nobody left
  /// to read.
  func prepareSleep(for pending: PendingRecords) -> FutexWait? {
    let (value, wake) = queue.update(as: holder, orIfDamaged: (nil, .none)) {
      state, _ -> (Bool, (FutexWait?, ReaderWakes)) in
      if state.liveReaders == 0 || queue.room(for: pending, in: &state) > 0 { return (true, (nil, .none)) }
      state.sleepingWriters += 1
      let wake = state.didRefuse()
      return (true, (FutexWait(queue.writersFutex), wake))
    }
    queue.wakeReaders(wake)
    return value
  }

  /// Copies records behind the tail, where nobody reads yet. Under the writers' lock.
  func stage(_ records: PendingRecords) -> StagedRecords {
    // Only who holds the writers' lock moves it, and counts what is dropped.
    stage(records, at: queue.cell.peek { ($0.tail, $0.dropMark) })
  }

  /// As above, where that was seen under the writers' lock.
  func stage(_ records: PendingRecords, at place: (tail: UInt64, dropMark: UInt32)) -> StagedRecords {
    let newTail = queue.ring.write(records.bytes, at: place.tail)
    return StagedRecords(
      oldTail: place.tail, newTail: newTail, items: UInt32(records.count), dropMark: place.dropMark,
      payloadByteCount: UInt64(records.payloadByteCount))
  }

  /// Makes staged records items of the queue, and counts those that were dropped beside them, once: the scavenger may
  /// repeat it.
  func publish(_ staged: StagedRecords, dropped: UInt32, _ attempt: Redo.Attempt, as holder: HolderID) {
    let wake = queue.update(as: holder, orIfDamaged: .none) { state, _ -> (Bool, ReaderWakes) in
      guard state.tail == staged.oldTail, state.dropMark == staged.dropMark else {
        if attempt == .first { queue.tellDamage(to: holder, "what was staged for a queue is not behind its tail") }
        return (false, .none)
      }
      guard queue.isSound(staged, in: state) else {
        queue.tellDamage(to: holder)
        return (false, .none)
      }
      queue.lastWriter = self.holder.rawValue
      state.didPublish(staged)
      state.didDrop(dropped, asOldest: queue.plan.whenFull == .dropOld)
      return (true, state.readersToWake())
    }
    queue.wakeReaders(wake)
  }
}

/// Records behind the tail, not items yet.
package struct StagedRecords: BitwiseCopyable, Sendable {
  var oldTail: UInt64
  var newTail: UInt64
  var items: UInt32
  /// Of a queue: the state's, when they were staged.
  var dropMark: UInt32 = 0
  package var payloadByteCount: UInt64
}
