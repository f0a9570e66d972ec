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

  /// A look without the lock: there is room for the record, or nobody left to read, so that it is worth its while to put
  /// it. Bytes that only a lease held till now do not count as free.
  package func mayTake(_ record: PendingRecords) -> Bool {
    queue.cell.peek { $0.liveReaders == 0 || queue.hasRoomAsIs(for: record, in: $0) }
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

  // MARK: One record

  package enum Put: Sendable {
    case done
    /// No room, and not dropped.
    case full
    /// Dropped, as the queue is declared.
    case dropped
    /// Nothing can come through any more.
    case closed(Readers)
  }

  /// Puts one record, visible to readers when this returns. Does not wait.
  package func put(_ record: PendingRecords) -> Put {
    queue.writersLock.lock(as: holder)
    defer { queue.writersLock.unlock() }
    return putLocked(record)
  }

  private func putLocked(_ record: PendingRecords) -> Put {
    let (isClosed, liveReaders, readerFailed, hasRoom, place) = queue.cell.peek { state in
      (
        state.isClosed, state.liveReaders, state.readerFailed, queue.hasRoomAsIs(for: record, in: state),
        (state.tail, state.dropMark)
      )
    }
    if liveReaders == 0 { return .closed(.ended(failed: readerFailed)) }
    if isClosed { return .closed(.live) }
    // Under the writers' lock room only grows, so what was there at the look still is.
    if hasRoom {
      publish(stage(record, at: place), dropped: 0, .first, as: holder)
      return .done
    }
    if room(for: record) == 1 {
      publish(stage(record), dropped: 0, .first, as: holder)
      return .done
    }
    switch queue.plan.whenFull {
    case .block, .fail: return .full
    case .dropNew:
      publish(stage(record.prefix(0)), dropped: 1, .first, as: holder)
      return .dropped
    case .dropOld:
      let kept = makeRoom(for: record)
      publish(stage(kept), dropped: UInt32(1 - kept.count), .first, as: holder)
      return .done
    }
  }

  // MARK: Until all is finished

  /// Every item that was put is finished, dropped or given up.
  package var isDrained: Bool { queue.cell.peek(\.isDrained) }

  /// Counts as sleeping with the writers, who are woken by every take and every finished item; `nil`: drained by now.
  func prepareSleepUntilDrained() -> FutexWait? {
    queue.update(as: holder, orIfDamaged: nil) { state, _ -> (Bool, FutexWait?) in
      if state.isDrained { return (false, nil) }
      state.sleepingWriters += 1
      return (true, FutexWait(queue.writersFutex))
    }
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
