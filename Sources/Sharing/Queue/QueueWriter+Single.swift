package import Platform

extension QueueWriter {
  package enum Put: Sendable {
    case done
    /// No room, and not dropped; what ends its sleep, where the writer counts as sleeping.
    case full(FutexWait?)
    /// Dropped, as the queue is declared.
    case dropped
    /// Nothing can come through any more.
    case closed(Readers)
  }

  /// Puts one record, visible to readers when this returns. Does not wait; `willSleep`: where there is no room, the
  /// writer counts as sleeping.
  package func put(_ record: PendingRecords, willSleep: Bool) -> Put {
    queue.writersLock.lock(as: holder)
    let put = putLocked(record)
    queue.writersLock.unlock()
    guard case .full = put, willSleep, queue.plan.whenFull == .block else { return put }
    // None, if there is room by now: look again.
    return .full(prepareSleep(for: record))
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
    case .block, .fail: return .full(nil)
    case .dropNew:
      publish(stage(record.prefix(0)), dropped: 1, .first, as: holder)
      return .dropped
    case .dropOld:
      let kept = makeRoom(for: record)
      publish(stage(kept), dropped: UInt32(1 - kept.count), .first, as: holder)
      return .done
    }
  }

  /// A guess without the lock, for spinning: whether looking again is worth its while.
  package func mayHaveRoom(for record: PendingRecords) -> Bool {
    queue.cell.peek { queue.hasRoomAsIs(for: record, in: $0) || $0.liveReaders == 0 || $0.isClosed }
  }
}

extension Queue {
  /// Room for one record without moving the head.
  @inline(__always)
  func hasRoomAsIs(for record: PendingRecords, in state: QueueState) -> Bool {
    state.untaken < plan.capacity && record.payloadByteCount <= plan.byteCount - Int(clamping: state.untakenByteCount)
      && ring.advance(state.tail, by: record.bytes) &- state.head <= ring.byteCount
  }
}
