package import Platform

/// How whoever writes has room for what is put: put; where there is none, look for a while; say what is waited for; sleep;
/// put again.
extension Stepper {
  /// Puts one record, visible to readers when this returns, as soon as there is room or as the port is declared; `nil`:
  /// there was none until `deadline`, a time of the monotonic clock in nanoseconds. `beforeSleep`: called each time before
  /// it sleeps.
  package mutating func put(
    _ record: PendingRecords, into port: OutputPort, until deadline: UInt64? = nil, beforeSleep: () -> Void = {}
  ) -> QueueWriter.Put? {
    while true {
      let put = port.put(record)
      guard case .full = put, port.whenFull == .block else { return put }
      if MonotonicClock.hasPassed(deadline) { return nil }
      waitForRoom(record, in: port, until: deadline, beforeSleep)
    }
  }

  /// Stages a record as soon as there is room for it; `nil`, or how the readers ended.
  package mutating func stage(_ payload: UnsafeRawBufferPointer, in writer: PipeWriter) -> Outcome? {
    let pipe = writer.pipe
    while true {
      if case .ended = OutputPort.pipe(pipe).readers { return readersEnded([.pipe(pipe)]) }
      if writer.stage(payload) { return nil }
      func isReady() -> Bool { pipe.hasRoom(for: payload.count) || pipe.ends.contains(.readerEnded) }
      waitForRoom(in: pipe, pipe.need(of: payload.count), until: nil, {}, unless: isReady)
    }
  }

  /// Until every item of a queue is finished; false: not before the deadline.
  package func awaitDrain(of writer: QueueWriter, until deadline: UInt64?) -> Bool {
    while !writer.isDrained {
      if MonotonicClock.hasPassed(deadline) { return false }
      entry.beginWait(.join(resource: writer.queue.resource), isTimed: deadline != nil)
      writer.prepareSleepUntilDrained()?.sleep(until: deadline)
      entry.endWait()
    }
    return true
  }

  /// For who waits for other things too: after `publish` has found no room, counts as sleeping, and gives what ends that
  /// and where it is; `nil`: there is room by now, or nobody left to read.
  package mutating func prepareWait(
    for ports: [OutputPort], pending: (_ port: Int) -> PendingRecords
  ) -> (wait: FutexWait, resource: Int, need: WaitNeed)? {
    for (index, port) in ports.enumerated() where port.whenFull == .block {
      guard case .live = port.readers else { continue }
      let first = pending(index).prefix(1)
      let wait =
        switch port {
        case .queue(let writer): writer.prepareSleep(for: first)
        case .pipe(let pipe): pipe.prepareSleep(.writer) { pipe.mayTake(first) }
        }
      if let wait { return (wait, port.resource, port.need(of: first)) }
    }
    return nil
  }

  /// Until there may be room for the first of `pending`, nobody is left to read, or the deadline.
  mutating func waitForRoom(
    _ pending: PendingRecords, in port: OutputPort, until deadline: UInt64?, _ beforeSleep: () -> Void = {}
  ) {
    let first = pending.prefix(1)
    switch port {
    case .queue(let writer):
      if spin.run(until: { writer.mayTake(first) }) { return }
      beforeSleep()
      entry.beginWait(.write(resource: port.resource), isTimed: deadline != nil, for: port.need(of: first))
      writer.prepareSleep(for: first)?.sleep(until: deadline)
      entry.endWait()
    case .pipe(let pipe):
      waitForRoom(in: pipe, pipe.need(of: first), until: deadline, beforeSleep) { pipe.mayTake(first) }
    }
  }

  private mutating func waitForRoom(
    in pipe: PipeDirection, _ need: WaitNeed, until deadline: UInt64?, _ beforeSleep: () -> Void,
    unless isReady: () -> Bool
  ) {
    if spin.run(until: isReady) { return }
    beforeSleep()
    let nanoseconds = entry.waiting(on: .write(resource: pipe.resource), isTimed: deadline != nil, for: need) {
      pipe.sleep(.writer, until: deadline, unless: isReady)
    }
    spin.didSleep(nanoseconds: nanoseconds)
  }
}

extension OutputPort {
  fileprivate func put(_ record: PendingRecords) -> QueueWriter.Put {
    switch self {
    case .queue(let writer): return writer.put(record)
    case .pipe(let pipe):
      if case .ended = readers { return .closed(readers) }
      return pipe.send(record) ? .done : .full
    }
  }
}
