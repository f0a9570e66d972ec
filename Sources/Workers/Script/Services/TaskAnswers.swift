internal import Topology

/// What a kind puts for one task of a pool.
final class TaskAnswers: ItemOutput {
  private var bytes: [UInt8] = []
  private var count = 0

  func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    count = 0
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    CBOREncoder.append(text: bytes, to: &self.bytes)
    count += 1
  }

  func append(_ value: Int64) throws {
    CBOREncoder.append(value, to: &bytes)
    count += 1
  }

  func append(_ value: Double) throws {
    CBOREncoder.append(value, to: &bytes)
    count += 1
  }

  func append(_ item: Item) throws {
    CBOREncoder.append(item, to: &bytes)
    count += 1
  }

  func append(record: UnsafeRawBufferPointer, of type: ItemType) throws {
    try ItemView(record, type).appendCBOR(to: &bytes)
    count += 1
  }

  /// In CBOR.
  func result(as sort: KindSignature.TaskResult, of kind: String) throws -> [UInt8] {
    switch sort {
    case .list:
      var list: [UInt8] = []
      CBOREncoder.appendHead(.array, UInt64(count), to: &list)
      return list + bytes
    case .value:
      if count > 1 { throw KindFailure("\(kind) put \(count) items for one task, and is declared to put one") }
      return count == 1 ? bytes : Self.null
    }
  }

  private static let null: [UInt8] = {
    var null: [UInt8] = []
    CBOREncoder.append(Item.null, to: &null)
    return null
  }()
}
