import Topology

/// Numbers in the records of ports.
enum NumberRecord {
  /// The number that a record of a port of `type` holds: raw little-endian where the port has a number type, CBOR
  /// (RFC 8949) where it is `any`.
  static func read(
    _ record: UnsafeRawBufferPointer, type: ItemType, expecting expected: String = "a number"
  ) throws -> Number {
    switch type {
    case .any: return try readCBOR(record, expected)
    case .number(let element):
      guard record.count == element.byteCount else {
        throw KindFailure("a record of \(record.count) bytes is not of type \(element.rawValue)")
      }
      return readRaw(record, element)
    case .string, .bytes: throw refusal("a \(type.name)", expected)
    }
  }

  private static func readRaw(_ record: UnsafeRawBufferPointer, _ type: ElementType) -> Number {
    switch type {
    case .bool: .int(record[0] == 0 ? 0 : 1)
    case .int8: .int(Int64(record.loadUnaligned(as: Int8.self)))
    case .int16: .int(Int64(record.loadUnaligned(as: Int16.self)))
    case .int32: .int(Int64(record.loadUnaligned(as: Int32.self)))
    case .int64: .int(record.loadUnaligned(as: Int64.self))
    case .uint8: .int(Int64(record.loadUnaligned(as: UInt8.self)))
    case .uint16: .int(Int64(record.loadUnaligned(as: UInt16.self)))
    case .uint32: .int(Int64(record.loadUnaligned(as: UInt32.self)))
    case .uint64: Number(record.loadUnaligned(as: UInt64.self))
    case .float32: .float(Double(record.loadUnaligned(as: Float.self)))
    case .float64: .float(record.loadUnaligned(as: Double.self))
    }
  }

  private static func readCBOR(_ record: UnsafeRawBufferPointer, _ expected: String) throws -> Number {
    guard let head = CBORHead(record) else {
      throw KindFailure("an item of \(record.count) bytes is not well-formed CBOR")
    }
    if head.major == .unsigned { return Number(head.argument) }
    if let value = head.int { return .int(value) }
    if let value = head.float { return .float(value) }
    guard head.major != .negative else {
      throw KindFailure("the item -1-\(head.argument) is below the least int64; numbers of 'any' items are int64")
    }
    let found = try? Item(record: record, type: .any)
    throw refusal("'\((found?.json ?? "an item").prefix(60))'", expected)
  }

  private static func refusal(_ found: String, _ expected: String) -> KindFailure {
    KindFailure(
      "expected \(expected) as item, found \(found)",
      help:
        "convert or leave out such items before, or give the queue a type so that they are refused where they are put")
  }
}
