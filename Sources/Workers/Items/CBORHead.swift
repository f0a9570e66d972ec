/// The first bytes of a CBOR data item (RFC 8949, section 3): its major type and its argument.
struct CBORHead {
  enum Major: UInt8 {
    case unsigned, negative, bytes, text, array, map, tag, simple
  }

  var major: Major
  /// The five low bits of the first byte: tells a half, a float and a double of major type `simple` apart.
  var information: UInt8
  var argument: UInt64
  /// Of the head alone.
  var byteCount: Int

  /// `nil` where the head is cut off, reserved or of indefinite length, which nothing here writes.
  init?(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
    guard offset < bytes.count, let major = Major(rawValue: bytes[offset] >> 5) else { return nil }
    self.major = major
    information = bytes[offset] & 31
    guard information >= 24 else {
      argument = UInt64(information)
      byteCount = 1
      return
    }
    guard information < 28 else { return nil }
    let argumentByteCount = 1 << Int(information - 24)
    guard bytes.count - offset > argumentByteCount else { return nil }
    var argument: UInt64 = 0
    for index in 1...argumentByteCount { argument = argument << 8 | UInt64(bytes[offset + index]) }
    self.argument = argument
    byteCount = 1 + argumentByteCount
  }

  /// The value of an integer that fits.
  var int: Int64? {
    guard argument <= UInt64(Int64.max) else { return nil }
    switch major {
    case .unsigned: return Int64(argument)
    case .negative: return -1 - Int64(argument)
    default: return nil
    }
  }

  /// The value of a half, a float or a double.
  var float: Double? {
    guard major == .simple else { return nil }
    switch information {
    case 25: return Self.widen(half: UInt16(argument))
    case 26: return Double(Float(bitPattern: UInt32(argument)))
    case 27: return Double(bitPattern: argument)
    default: return nil
    }
  }

  /// By hand: `Float16` does not exist on every processor.
  private static func widen(half: UInt16) -> Double {
    let exponent = Int(half >> 10 & 31)
    let fraction = Double(half & 1023)
    let magnitude =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? Double.infinity : Double.nan
      default: Double(sign: .plus, exponent: exponent - 25, significand: fraction + 1024)
      }
    return half >> 15 == 1 ? -magnitude : magnitude
  }
}
