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
    let room = queue.cell.update(as: holder) { state, _ in
      let oldHead = state.head
      let room = queue.room(for: pending, in: &state)
      return (state.head != oldHead, room)
    }
    announceHead()
    return room
  }

  /// The head has moved before anything is written where it was (pairs with the fence in `QueueTap`).
  private func announceHead() { atomicMemoryFence(ordering: .acquiringAndReleasing) }

  /// A look without the lock: room for all of them. Bytes that only a lease held till now do not count as free.
  func hasRoom(for records: PendingRecords) -> Bool {
    queue.cell.peek { state in
      state.untaken + records.count <= queue.plan.capacity
        && records.payloadByteCount <= queue.plan.byteCount - Int(clamping: state.untakenByteCount)
        && queue.ring.advance(state.tail, by: records.bytes) &- state.head <= queue.ring.byteCount
    }
  }

  /// Drops the oldest untaken items until the first of `pending` have room. Gives for how many.
  func makeRoom(for pending: PendingRecords) -> Int {
    let (room, wake) = queue.cell.update(as: holder) { state, _ -> (Bool, (Int, Int)) in
      var room = queue.room(for: pending, in: &state)
      while room < pending.count, state.untaken > 0 {
        let run = queue.ring.run(from: state.next, to: state.tail, limit: 1)
        state.didDropOldest(run)
        room = queue.room(for: pending, in: &state)
      }
      return (true, (room, 0))
    }
    announceHead()
    queue.wakeReaders(wake)
    return room
  }

  /// Counts the writer as sleeping; gives the value of `writersFutex` to wait on, or `nil` if there is room by now or
  /// nobody left to read.
  func prepareSleep(for pending: PendingRecords) -> UInt32? {
    queue.cell.update(as: holder) { state, _ -> (Bool, UInt32?) in
      if state.liveReaders == 0 || queue.room(for: pending, in: &state) > 0 { return (true, nil) }
      state.sleepingWriters += 1
      return (true, queue.writersFutex.word.pointee.load(ordering: .acquiring))
    }
  }

  /// Copies records behind the tail, where nobody reads yet. Under the writers' lock.
  func stage(_ records: PendingRecords) -> StagedRecords {
    // Only who holds the writers' lock moves it.
    let tail = queue.cell.peek(\.tail)
    let newTail = queue.ring.write(records.bytes, at: tail)
    return StagedRecords(
      oldTail: tail, newTail: newTail, items: UInt32(records.count),
      payloadByteCount: UInt64(records.payloadByteCount))
  }

  /// Makes staged records items of the queue, once: a redo may repeat it.
  func publish(_ staged: StagedRecords, dropped: Int, _ attempt: Redo.Attempt, as holder: HolderID) {
    let wake = queue.cell.update(as: holder) { state, _ -> (Bool, Int) in
      guard state.tail == staged.oldTail else {
        precondition(attempt == .repeated, "what was staged for a queue is not behind its tail")
        return (false, 0)
      }
      state.didPublish(
        tail: staged.newTail, items: Int(staged.items), payloadByteCount: Int(staged.payloadByteCount))
      state.droppedNew += UInt64(dropped)
      return (true, state.readersToWake())
    }
    queue.wakeReaders(wake)
  }

  /// Counts items that found no room and are given up.
  func countDropped(_ count: Int) {
    queue.cell.update(as: holder) { state, _ in
      state.droppedNew += UInt64(count)
      return (true, ())
    }
  }
}

/// Records behind the tail, not items yet.
package struct StagedRecords: BitwiseCopyable, Sendable {
  var oldTail: UInt64
  var newTail: UInt64
  var items: UInt32
  package var payloadByteCount: UInt64
}
