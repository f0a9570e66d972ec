package import Topology

/// A record as its port's type reads it, in place: nothing is allocated.
package struct ItemView {
  package let record: UnsafeRawBufferPointer
  package let type: ItemType

  package init(_ record: UnsafeRawBufferPointer, _ type: ItemType) {
    self.record = record
    self.type = type
  }

  /// Of a string or bytes.
  package var text: UnsafeRawBufferPointer? {
    switch type {
    case .string, .bytes: return record
    case .number: return nil
    case .any:
      guard let head = CBORHead(record), head.major == .text || head.major == .bytes,
        head.argument == UInt64(record.count - head.byteCount)
      else { return nil }
      return UnsafeRawBufferPointer(rebasing: record[head.byteCount...])
    }
  }

  /// Bytes rather than a string.
  package var isBytes: Bool {
    switch type {
    case .bytes: true
    case .any: CBORHead(record)?.major == .bytes
    case .string, .number: false
    }
  }

  /// Of an integer that fits: not of a float, a boolean, or a uint64 above 2^63-1.
  package var int: Int64? {
    switch type {
    case .string, .bytes: return nil
    case .any: return CBORHead(record)?.int
    case .number(let element):
      guard record.count == element.byteCount else { return nil }
      return switch element {
      case .int8: Int64(record.loadUnaligned(as: Int8.self))
      case .int16: Int64(record.loadUnaligned(as: Int16.self))
      case .int32: Int64(record.loadUnaligned(as: Int32.self))
      case .int64: record.loadUnaligned(as: Int64.self)
      case .uint8: Int64(record.loadUnaligned(as: UInt8.self))
      case .uint16: Int64(record.loadUnaligned(as: UInt16.self))
      case .uint32: Int64(record.loadUnaligned(as: UInt32.self))
      case .uint64: Int64(exactly: record.loadUnaligned(as: UInt64.self))
      case .bool, .float32, .float64: nil
      }
    }
  }

  /// Of an integer above 2^63-1.
  package var unsigned: UInt64? {
    let value: UInt64
    switch type {
    case .number(.uint64) where record.count == 8: value = record.loadUnaligned(as: UInt64.self)
    case .any:
      guard let head = CBORHead(record), head.major == .unsigned else { return nil }
      value = head.argument
    default: return nil
    }
    return value > UInt64(Int64.max) ? value : nil
  }

  /// Of any number, the nearest.
  package var double: Double? {
    if let int { return Double(int) }
    if let unsigned { return Double(unsigned) }
    switch type {
    case .string, .bytes: return nil
    case .any: return CBORHead(record)?.float
    case .number(let element):
      guard record.count == element.byteCount else { return nil }
      return switch element {
      case .float32: Double(record.loadUnaligned(as: Float.self))
      case .float64: record.loadUnaligned(as: Double.self)
      default: nil
      }
    }
  }

  /// A number with a fraction, even if that is zero.
  package var isFloatingPoint: Bool {
    switch type {
    case .string, .bytes: false
    case .any: CBORHead(record)?.float != nil
    case .number(let element): element.isFloatingPoint
    }
  }

  /// For people: text as it is (bytes untouched), all else as `Item.display`.
  package func appendDisplay(to bytes: inout [UInt8]) throws(ItemError) {
    if let text {
      bytes.append(contentsOf: text)
    } else if let int {
      bytes.append(contentsOf: String(int).utf8)
    } else if type == .number(.float32), record.count == 4 {
      // Its own shortest text, not that of the float64 that it becomes.
      bytes.append(contentsOf: record.loadUnaligned(as: Float.self).description.utf8)
    } else {
      bytes.append(contentsOf: try Item(record: record, type: type).display.utf8)
    }
  }

  /// As an element of something in CBOR.
  package func appendCBOR(to bytes: inout [UInt8]) throws(ItemError) {
    switch type {
    case .any: bytes.append(contentsOf: record)
    case .string: CBOREncoder.append(text: record, to: &bytes)
    case .bytes: CBOREncoder.append(bytes: record, to: &bytes)
    case .number: CBOREncoder.append(try Item(record: record, type: type), to: &bytes)
    }
  }

  /// In an error's words: short, whatever it holds.
  package var excerpt: String {
    var bytes: [UInt8] = []
    guard (try? appendDisplay(to: &bytes)) != nil else { return "(\(record.count) bytes that are no item)" }
    let shown = String(decoding: bytes.prefix(60), as: UTF8.self)
    return (text == nil ? shown : "'\(shown)'") + (bytes.count > 60 ? "…" : "")
  }
}
