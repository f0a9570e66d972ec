internal import Topology

/// Numbers of the file to and from the bytes that shared memory holds.
enum ElementBytes {
  /// Little-endian. The check of the file has seen that the literal fits; `nil` where it does not.
  static func encode(_ literal: Literal, as type: ElementType) -> [UInt8]? {
    switch type {
    case .bool:
      if case .bool(let value) = literal { [value ? 1 : 0] } else { nil }
    case .int8: integer(literal, Int8.self)
    case .int16: integer(literal, Int16.self)
    case .int32: integer(literal, Int32.self)
    case .int64: integer(literal, Int64.self)
    case .uint8: integer(literal, UInt8.self)
    case .uint16: integer(literal, UInt16.self)
    case .uint32: integer(literal, UInt32.self)
    case .uint64: integer(literal, UInt64.self)
    case .float32: number(literal).flatMap(narrow).map { bytes($0.bitPattern) }
    case .float64: number(literal).map { bytes($0.bitPattern) }
    }
  }

  /// Whole elements; what is left over is ignored.
  static func decode(_ bytes: [UInt8], as type: ElementType) -> [ResourceStatus.Number] {
    let size = type.byteCount
    return (0..<(bytes.count / size)).map { index in
      let pattern = bytes[(index * size)..<((index + 1) * size)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return decode(pattern, as: type)
    }
  }

  private static func decode(_ pattern: UInt64, as type: ElementType) -> ResourceStatus.Number {
    switch type {
    case .bool: .bool(pattern != 0)
    case .int8: .int(Int64(Int8(truncatingIfNeeded: pattern)))
    case .int16: .int(Int64(Int16(truncatingIfNeeded: pattern)))
    case .int32: .int(Int64(Int32(truncatingIfNeeded: pattern)))
    case .int64: .int(Int64(bitPattern: pattern))
    case .uint8, .uint16, .uint32, .uint64: .unsigned(pattern)
    // The float64 whose text is the shortest one of the float32: it is shown.
    case .float32: .float(Double(Float(bitPattern: UInt32(truncatingIfNeeded: pattern)).description) ?? .nan)
    case .float64: .float(Double(bitPattern: pattern))
    }
  }

  private static func integer<Value: FixedWidthInteger>(_ literal: Literal, _ type: Value.Type) -> [UInt8]? {
    let value: Value? =
      switch literal {
      case .int(let value): Value(exactly: value)
      case .unsigned(let value): Value(exactly: value)
      case .float(let value): Value(exactly: value)
      default: nil
      }
    guard let value else { return nil }
    return bytes(value)
  }

  private static func number(_ literal: Literal) -> Double? {
    switch literal {
    case .int(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }

  private static func narrow(_ value: Double) -> Float? {
    Float(value).isFinite || !value.isFinite ? Float(value) : nil
  }

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
