internal import Topology

/// Appends items in CBOR (RFC 8949) with heads as short as they go; floats are always 64 bits wide.
package enum CBOREncoder {
  package static func append(_ item: Item, to bytes: inout [UInt8]) {
    switch item {
    case .null: bytes.append(0xF6)
    case .bool(let value): append(value, to: &bytes)
    case .int(let value): append(value, to: &bytes)
    case .unsigned(let value): appendHead(.unsigned, value, to: &bytes)
    case .float(let value): append(value, to: &bytes)
    case .string(let value): append(text: value, to: &bytes)
    case .bytes(let value):
      appendHead(.bytes, UInt64(value.count), to: &bytes)
      bytes.append(contentsOf: value)
    case .list(let values):
      appendHead(.array, UInt64(values.count), to: &bytes)
      for value in values { append(value, to: &bytes) }
    case .map(let entries):
      appendHead(.map, UInt64(entries.count), to: &bytes)
      for entry in entries {
        append(entry.key, to: &bytes)
        append(entry.value, to: &bytes)
      }
    }
  }

  package static func append(_ value: Bool, to bytes: inout [UInt8]) {
    bytes.append(value ? 0xF5 : 0xF4)
  }

  package static func append(_ value: Int64, to bytes: inout [UInt8]) {
    // `~value` is `-1 - value`, the argument that a negative integer has.
    value < 0 ? appendHead(.negative, UInt64(~value), to: &bytes) : appendHead(.unsigned, UInt64(value), to: &bytes)
  }

  package static func append(_ value: Double, to bytes: inout [UInt8]) {
    bytes.append(0xFB)
    withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// As text, whether or not it is valid UTF-8: a string is bytes that are meant as UTF-8.
  package static func append(text: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
    appendHead(.text, UInt64(text.count), to: &bytes)
    bytes.append(contentsOf: text)
  }

  package static func append(bytes value: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
    appendHead(.bytes, UInt64(value.count), to: &bytes)
    bytes.append(contentsOf: value)
  }

  static func append(text: String, to bytes: inout [UInt8]) {
    appendHead(.text, UInt64(text.utf8.count), to: &bytes)
    bytes.append(contentsOf: text.utf8)
  }

  /// A key that is no UTF-8 is bytes, as any such string.
  private static func append(_ key: ByteString, to bytes: inout [UInt8]) {
    appendHead(
      String(validating: key.bytes, as: UTF8.self) == nil ? .bytes : .text, UInt64(key.bytes.count), to: &bytes)
    bytes.append(contentsOf: key.bytes)
  }

  static func appendHead(_ major: CBORHead.Major, _ argument: UInt64, to bytes: inout [UInt8]) {
    let first = major.rawValue << 5
    switch argument {
    case 0..<24: bytes.append(first | UInt8(argument))
    case 24...0xFF:
      bytes.append(first | 24)
      bytes.append(UInt8(argument))
    case 0x100...0xFFFF:
      bytes.append(first | 25)
      withUnsafeBytes(of: UInt16(argument).bigEndian) { bytes.append(contentsOf: $0) }
    case 0x1_0000...0xFFFF_FFFF:
      bytes.append(first | 26)
      withUnsafeBytes(of: UInt32(argument).bigEndian) { bytes.append(contentsOf: $0) }
    default:
      bytes.append(first | 27)
      withUnsafeBytes(of: argument.bigEndian) { bytes.append(contentsOf: $0) }
    }
  }
}
