import Topology

/// Numbers in the records of ports.
enum NumberRecord {
  /// The number that a record of a port of `type` holds: raw little-endian where the port has a number type, CBOR
  /// (RFC 8949) where it is `any`.
  static func read(_ record: UnsafeRawBufferPointer, type: ItemType) throws -> Number {
    switch type {
    case .any: return try readCBOR(record)
    case .number(let element):
      guard record.count == element.byteCount else {
        throw KindFailure("a record of \(record.count) bytes is not of type \(element.rawValue)")
      }
      return readRaw(record, element)
    case .string, .bytes: throw KindFailure(refusal("a \(type.name)"))
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

  private static func readCBOR(_ record: UnsafeRawBufferPointer) throws -> Number {
    guard let head = CBORHead(record) else {
      throw KindFailure("an item of \(record.count) bytes is not well-formed CBOR")
    }
    switch (head.major, head.info) {
    case (0, _): return Number(head.argument)
    case (1, _):
      // -1 - n.
      guard let value = Int64(exactly: head.argument) else {
        throw KindFailure("the item -1-\(head.argument) is below the least int64; numbers of 'any' items are int64")
      }
      return .int(~value)
    case (7, 25): return .float(halfPrecision(UInt16(truncatingIfNeeded: head.argument)))
    case (7, 26): return .float(Double(Float(bitPattern: UInt32(truncatingIfNeeded: head.argument))))
    case (7, 27): return .float(Double(bitPattern: head.argument))
    default: throw KindFailure(refusal(head.noun(in: record)))
    }
  }

  /// IEEE 754 binary16, by hand: `Float16` is not there on every processor.
  static func halfPrecision(_ bits: UInt16) -> Double {
    let exponent = Int(bits >> 10) & 0x1f
    let fraction = Double(bits & 0x3ff)
    let magnitude: Double =
      switch exponent {
      case 0: Double(sign: .plus, exponent: -24, significand: fraction)
      case 31: fraction == 0 ? .infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 25, significand: fraction + 1024)
      }
    return bits >> 15 == 0 ? magnitude : -magnitude
  }

  private static func refusal(_ found: String) -> String {
    "expected a number as item, found \(found); convert or leave out such items before, or give the queue a number "
      + "type so that they are refused where they are put"
  }
}
