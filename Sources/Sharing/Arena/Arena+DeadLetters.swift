/// A payload of queue `source` as a record of `target`, in the form of its ring; `nil`: that one can't hold it. What is in
/// a payload is known above: here records are bytes.
package typealias Recast = (_ payload: UnsafeRawBufferPointer, _ source: Int, _ target: QueueWriter) -> [UInt8]?

extension Arena {
  /// Between queues of one type.
  package static func asItIs(_ payload: UnsafeRawBufferPointer, _ source: Int, _ target: QueueWriter) -> [UInt8]? {
    target.queue.ring.record(of: payload)
  }

  /// The first item of a lease goes to the dead-letter queue, or is dropped: in one step, by the dead worker's redo.
  func giveUpFirst(of lease: Lease, _ reader: QueueReader, _ recast: Recast) -> Repair {
    let queue = reader.queue
    guard let run = queue.run(from: lease.from, to: lease.to, limit: 1, as: supervisor) else {
      return .dropped(resource: queue.resource, payload: [], .noDeadLetterQueue)
    }
    let payload = queue.ring.payload(of: run)
    var header = Redo.Header()
    header.hasInput = true
    header.inputResource = UInt32(queue.resource)
    header.input = InputProgress(
      oldPosition: lease.from, newPosition: run.to, items: 1, oldEmitted: lease.emitted, newEmitted: 0)
    let redo = entry(reader.worker).redo
    let target = deadLetterQueue(of: queue, for: payload)
    target?.writersLock.lock(as: supervisor)
    defer { target?.writersLock.unlock() }
    let repair: Repair
    switch stage(payload, of: queue, in: target, recast) {
    case .staged(let output):
      redo.output(0).pointee = output
      header.outputs = 1
      header.givenUp = .toDeadLetters
      repair = .deadLettered(resource: queue.resource, into: Int(output.resource))
    case .refused(let reason):
      header.givenUp = .forGood
      repair = .dropped(resource: queue.resource, payload: Array(payload), reason)
    }
    redo.header.pointee = header
    redo.arm()
    carryOut(redo, of: reader.worker, .repeated, as: supervisor)
    redo.disarm()
    return repair
  }

  private enum Staging {
    case staged(Redo.Output)
    case refused(Repair.DropReason)
  }

  private func stage(
    _ payload: UnsafeRawBufferPointer, of queue: Queue, in target: Queue?, _ recast: Recast
  ) -> Staging {
    guard let target else { return .refused(.noDeadLetterQueue) }
    let writer = QueueWriter(queue: target, holder: supervisor)
    guard let record = recast(payload, queue.resource, writer) else { return .refused(.unfit(for: target.resource)) }
    return record.withUnsafeBytes { bytes in
      let pending = target.ring.pending(bytes)
      let kept =
        target.plan.whenFull == .dropOld ? writer.makeRoom(for: pending) : pending.prefix(writer.room(for: pending))
      guard kept.count == 1 else { return .refused(.noRoom(in: target.resource)) }
      return .staged(
        Redo.Output(
          resource: UInt32(target.resource), isPipe: false, direction: 0, dropped: 0, staged: writer.stage(kept)))
    }
  }

  private func deadLetterQueue(of queue: Queue, for payload: UnsafeRawBufferPointer) -> Queue? {
    (queue.plan.deadLetterQueue ?? replyQueue(of: queue, to: payload)).flatMap { self.queue($0) }
  }

  /// A request is a list in CBOR (RFC 8949) whose first element is the client's number.
  func replyQueue(of queue: Queue, to payload: UnsafeRawBufferPointer) -> Int? {
    guard !queue.plan.repliesToGivenUp.isEmpty, payload.count > 4 else { return nil }
    let client: Int
    switch payload[1] {
    case let number where number < 24: client = Int(number)
    case 24: client = Int(payload[2])
    case 25: client = Int(payload[2]) << 8 | Int(payload[3])
    default: return nil
    }
    return queue.plan.repliesToGivenUp.indices.contains(client) ? queue.plan.repliesToGivenUp[client] : nil
  }
}

extension Ring {
  fileprivate func record(of payload: UnsafeRawBufferPointer) -> [UInt8] {
    if stride > 0 { return Array(payload) }
    var record = withUnsafeBytes(of: UInt32(payload.count)) { Array($0) } + payload
    record += repeatElement(0, count: Self.framedByteCount(payload: payload.count) - record.count)
    return record
  }

  /// One record in the form of the ring.
  fileprivate func pending(_ record: UnsafeRawBufferPointer) -> PendingRecords {
    let payload = stride > 0 ? stride : Int(record.load(as: UInt32.self))
    return PendingRecords(record, count: 1, payloadByteCount: payload, format: format)
  }
}
