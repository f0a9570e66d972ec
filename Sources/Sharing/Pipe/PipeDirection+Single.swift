extension PipeDirection {
  /// One message, visible to the reader when this returns. False: no room.
  package func send(_ message: PendingRecords) -> Bool {
    guard room(for: message) == 1 else { return false }
    publish(stage(message))
    return true
  }

  package func hasRoom(for message: PendingRecords) -> Bool { room(for: message) == 1 }
}
