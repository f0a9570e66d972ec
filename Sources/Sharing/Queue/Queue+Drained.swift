internal import Synchronization

extension QueueWriter {
  /// Every item that was put is finished, dropped or given up.
  package var isDrained: Bool { queue.cell.peek(\.isDrained) }

  /// Counts as sleeping with the writers, who are woken by every take and every finished item; `nil`: drained by now.
  package func prepareSleepUntilDrained() -> UInt32? {
    queue.update(as: holder, orIfDamaged: nil) { state, _ -> (Bool, UInt32?) in
      if state.isDrained { return (false, nil) }
      state.sleepingWriters += 1
      return (true, queue.writersFutex.word.pointee.load(ordering: .acquiring))
    }
  }
}
