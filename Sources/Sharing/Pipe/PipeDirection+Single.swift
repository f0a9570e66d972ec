extension PipeDirection {
  /// One message, visible to the reader when this returns. False: no room.
  package func send(_ message: PendingRecords) -> Bool {
    guard room(for: message) == 1 else { return false }
    stage(message)
    publish(staged, .first)
    return true
  }

  package func hasRoom(for message: PendingRecords) -> Bool { room(for: message) == 1 }

  /// The payload of one message that is not advanced past yet.
  package func payload(of message: Ring.Run) -> UnsafeRawBufferPointer { ring.payload(of: message) }
}

extension Ring {
  /// Of a run of one record.
  func payload(of record: Run) -> UnsafeRawBufferPointer {
    let start = stride > 0 ? 0 : Ring.headerByteCount
    return UnsafeRawBufferPointer(
      rebasing: bytes(from: record.from, to: record.to)[start..<(start + record.payloadByteCount)])
  }
}
