package import Sharing
package import Topology

/// Puts items into a queue one by one: for those who are no worker of a kind.
package struct ItemWriter {
  package let writer: QueueWriter
  private let lane: Outlet.Lane

  package init(_ writer: QueueWriter, type: ItemType, resourceName: String) {
    self.writer = writer
    let port = OutputPort.queue(writer)
    lane = Outlet.Lane(
      port: port, type: type, buffer: RecordBuffer(format: port.format), resourceName: resourceName)
  }

  // What is encoded is the next to be put. An item that the queue's type or its limit of bytes does not take is thrown
  // as a `KindFailure`.

  package func encode(_ item: Item) throws {
    lane.buffer.removeAll()
    try lane.put(item)
  }

  /// Whatever its bytes.
  package func encode(text: [UInt8]) throws {
    lane.buffer.removeAll()
    try text.withUnsafeBytes { try lane.put($0) }
  }

  /// As the queue's memory holds it.
  package func encode(record: [UInt8]) throws {
    lane.buffer.removeAll()
    try record.withUnsafeBytes { try lane.put(record: $0) }
  }

  /// One of a queue of `type` as a record of this one, in the form of its ring.
  package func recast(_ record: UnsafeRawBufferPointer, of type: ItemType) throws -> [UInt8] {
    lane.buffer.removeAll()
    try lane.put(record: record, of: type)
    return Array(lane.buffer.pending.bytes)
  }

  /// What is encoded, in the form of the queue's ring.
  package var record: PendingRecords { lane.buffer.pending }

  /// Does not wait.
  package func put() -> QueueWriter.Put { writer.put(record) }
}
