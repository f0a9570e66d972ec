/// The type of one number in a value, an array, or a queue or pipe of numbers.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  case bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64

  /// Bytes of one element in memory, little-endian, naturally aligned.
  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  public var isInteger: Bool { self != .bool && !isFloatingPoint }
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }
}

/// The type of an item of a queue or a message of a pipe.
public enum ItemType: Sendable, Hashable {
  /// null, bool, int64, float64, string, bytes, list, map; in memory CBOR (RFC 8949).
  case any
  /// Bytes meant as UTF-8; passed as they are.
  case string
  case bytes
  case number(ElementType)

  public static let int64 = ItemType.number(.int64)
  public static let float64 = ItemType.number(.float64)

  /// The word that the file uses.
  public var name: String {
    switch self {
    case .any: "any"
    case .string: "string"
    case .bytes: "bytes"
    case .number(let type): type.rawValue
    }
  }

  public init?(name: String) {
    switch name {
    case "any": self = .any
    case "string": self = .string
    case "bytes": self = .bytes
    default:
      guard let type = ElementType(rawValue: name) else { return nil }
      self = .number(type)
    }
  }
}

/// A value written in the file: of the YAML 1.2 core schema, substituted and typed.
public indirect enum Literal: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  /// Above `Int64.max`.
  case unsigned(UInt64)
  case float(Double)
  case string(String)
  case list([Literal])
  /// In order of the file.
  case map([(key: String, value: Literal)])

  /// Texts and keys by their bytes.
  public static func == (left: Literal, right: Literal) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.unsigned(let a), .unsigned(let b)): a == b
    case (.float(let a), .float(let b)): a == b
    case (.string(let a), .string(let b)): a.isExactly(b)
    case (.list(let a), .list(let b)): a == b
    case (.map(let a), .map(let b)): a.elementsEqual(b) { $0.key.isExactly($1.key) && $0.value == $1.value }
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .int(let value): hasher.combine(value)
    case .unsigned(let value): hasher.combine(value)
    case .float(let value): hasher.combine(value)
    case .string(let value): hasher.combine(value)
    case .list(let values): hasher.combine(values)
    case .map(let entries): for entry in entries { hasher.combine(entry.key) }
    }
  }
}
