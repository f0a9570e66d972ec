internal import Sharing
internal import Topology
internal import Workers

extension [Resource] {
  /// How an item that is given up goes into a queue that may be of another type.
  func recast(_ payload: UnsafeRawBufferPointer, _ source: Int, _ target: QueueWriter) -> [UInt8]? {
    let resource = self[target.queue.resource]
    let writer = ItemWriter(target, type: resource.storedType, resourceName: resource.name)
    return try? writer.recast(payload, of: self[source].storedType)
  }
}

extension Resource {
  /// Of a queue's records in memory.
  var storedType: ItemType { if case .queue(let queue) = kind { queue.storedType } else { .any } }
}
