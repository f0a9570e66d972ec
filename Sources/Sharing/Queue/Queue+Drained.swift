package import Platform

extension QueueWriter {
  /// Every item that was put is finished, dropped or given up.
  package var isDrained: Bool { queue.cell.peek(\.isDrained) }

  /// Counts as sleeping with the writers, who are woken by every take and every finished item; `nil`: drained by now.
  package func prepareSleepUntilDrained() -> FutexWait? {
    queue.update(as: holder, orIfDamaged: nil) { state, _ -> (Bool, FutexWait?) in
      if state.isDrained { return (false, nil) }
      state.sleepingWriters += 1
      return (true, FutexWait(queue.writersFutex))
    }
  }
}
