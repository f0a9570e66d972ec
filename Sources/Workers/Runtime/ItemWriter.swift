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

  /// Does not wait; `willSleep`: where there is no room, the writer counts as sleeping. An item that the queue's type
  /// or its limit of bytes does not take is thrown as a `KindFailure`.
  package func put(_ item: Item, willSleep: Bool = false) throws -> QueueWriter.Put {
    lane.buffer.removeAll()
    try lane.put(item)
    return writer.put(lane.buffer.pending, willSleep: willSleep)
  }

  /// Text, whatever its bytes.
  package func put(text: [UInt8], willSleep: Bool = false) throws -> QueueWriter.Put {
    lane.buffer.removeAll()
    try text.withUnsafeBytes { try lane.put($0) }
    return writer.put(lane.buffer.pending, willSleep: willSleep)
  }
}
