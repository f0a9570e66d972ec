/// What an outlet writes to.
package enum OutputPort: Sendable {
  case queue(QueueWriter)
  case pipe(PipeDirection)

  package var resource: Int {
    switch self {
    case .queue(let writer): writer.queue.resource
    case .pipe(let direction): direction.resource
    }
  }

  package var format: RecordFormat {
    switch self {
    case .queue(let writer): writer.queue.plan.format
    case .pipe(let direction): direction.ring.format
    }
  }

  /// The largest payload of one item.
  package var itemByteLimit: Int {
    switch self {
    case .queue(let writer): writer.queue.itemByteLimit
    case .pipe(let direction): direction.messageByteLimit
    }
  }

  package var whenFull: ArenaPlan.WhenFull {
    if case .queue(let writer) = self { writer.queue.plan.whenFull } else { .block }
  }

  /// Items that fit at once, at most.
  package var capacity: Int {
    if case .queue(let writer) = self { writer.queue.plan.capacity } else { .max }
  }

  package var readers: QueueWriter.Readers {
    switch self {
    case .queue(let writer): return writer.readers
    case .pipe(let direction):
      let ends = direction.ends
      return ends.contains(.readerEnded) ? .ended(failed: ends.contains(.readerFailed)) : .live
    }
  }
}

extension OutputPort {
  /// To be told before its worker ends: readers find a failure at the end of the stream.
  package func tellIncomplete() {
    switch self {
    case .queue(let writer): writer.tellIncomplete()
    case .pipe(let direction): direction.end(.writerFailed)
    }
  }

  /// What a writer with these records waits for.
  func need(of pending: PendingRecords) -> WaitNeed {
    switch self {
    case .queue: .room(forItemOf: pending.prefix(1).payloadByteCount)
    case .pipe(let direction): direction.need(of: pending)
    }
  }
}

/// What an inlet reads from.
package enum InputPort: Sendable {
  case queue(QueueReader)
  case pipe(PipeDirection)

  package var resource: Int {
    switch self {
    case .queue(let reader): reader.queue.resource
    case .pipe(let direction): direction.resource
    }
  }

  package var ring: Ring {
    switch self {
    case .queue(let reader): reader.ring
    case .pipe(let direction): direction.ring
    }
  }
}
