extension QueueReader {
  /// The payload of one record of this reader's lease.
  package func payload(of record: Ring.Run) -> UnsafeRawBufferPointer { ring.payload(of: record) }

  /// For the supervisor, which no stray word may stop: of a lease of its own; `nil`, and told: it is damaged.
  package func firstPayload(of lease: Lease) -> UnsafeRawBufferPointer? {
    queue.run(from: lease.from, to: lease.to, limit: 1, as: holder).flatMap { $0.items == 1 ? payload(of: $0) : nil }
  }

  /// Gives back the items of its lease from `position` on, in their old order; `kept` items before it stay. Gives how
  /// many went; `nil`: there is no place for them now.
  package func giveBackRest(behind position: UInt64, keeping kept: Int) -> Int? {
    let (given, wake) = queue.update(as: holder, orIfDamaged: (nil, .none)) {
      state, next -> (Bool, (Int?, ReaderWakes)) in
      let slot = queue.slot(slotIndex)
      var lease = slot.lease(committed: next &- 1)
      guard !lease.isEmpty, !lease.isOrphaned, Int(lease.items) > kept else { return (false, (nil, .none)) }
      let run = queue.ring.wrappingRun(from: position, to: lease.to, limit: Int(lease.items) - kept)
      guard untake(run, of: lease, &state) || orphan(run, of: lease, &state, next: next) else {
        return (false, (nil, .none))
      }
      lease.to = position
      lease.items -= UInt32(run.items)
      lease.payloadByteCount -= min(lease.payloadByteCount, UInt64(run.payloadByteCount))
      if lease.isEmpty {
        state.outstandingLeases -= 1
        lease.empty()
      }
      slot.write(lease, next: next)
      return (true, (run.items, state.readersToWake()))
    }
    queue.wakeReaders(wake)
    return given
  }

  /// As if they had not been taken: where nobody has taken later ones.
  private func untake(_ run: Ring.Run, of lease: Lease, _ state: inout QueueState) -> Bool {
    guard lease.to == state.next, lease.deliveries == 0 || lease.suspect < run.from else { return false }
    state.next = run.from
    state.takes -= UInt64(run.items)
    state.untakenByteCount += UInt64(run.payloadByteCount)
    return true
  }

  /// In the slot of a reader that has nothing, or the shared one: from there any reader takes it.
  private func orphan(_ run: Ring.Run, of lease: Lease, _ state: inout QueueState, next: UInt64) -> Bool {
    let free = (Array(1..<queue.slotCount) + [Queue.sharedSlot]).first { index in
      index != slotIndex && queue.slot(index).lease(committed: next &- 1).isEmpty
    }
    guard let free else { return false }
    let slot = queue.slot(free)
    var rest = Lease(run, flags: slot.lease(committed: next &- 1).flags.union(.orphaned))
    if lease.suspect >= run.from {
      rest.suspect = lease.suspect
      rest.deliveries = lease.deliveries
    }
    slot.write(rest, next: next)
    state.orphans += 1
    state.outstandingLeases += 1
    return true
  }
}
