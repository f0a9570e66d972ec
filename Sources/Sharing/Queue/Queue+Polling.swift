package import Platform

// For a worker that waits for descriptors beside its queues, and so never sleeps on a futex itself.

extension QueueReader {
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
}

extension Stepper {
  /// After `publish` has found no room: counts as sleeping, and gives what ends that and where it is; `nil`: there is
  /// room by now, or nobody left to read.
  package mutating func prepareWait(
    for ports: [OutputPort], pending: (_ port: Int) -> PendingRecords
  ) -> (wait: FutexWait, resource: Int, need: WaitNeed)? {
    for (index, port) in ports.enumerated() where port.whenFull == .block {
      guard case .live = port.readers else { continue }
      let first = pending(index).prefix(1)
      let wait =
        switch port {
        case .queue(let writer):
          writer.prepareSleep(for: first)
        case .pipe(let pipe):
          pipe.prepareSleep(.writer) { pipe.room(for: first) > 0 || pipe.ends.contains(.readerEnded) }
        }
      if let wait { return (wait, port.resource, port.need(of: first)) }
    }
    return nil
  }
}
