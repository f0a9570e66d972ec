public import Topology

/// An item of an `any` queue as a value: exists at the edges only (Lua, JSON, the command line).
public indirect enum Item: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  /// Above `Int64.max`.
  case unsigned(UInt64)
  case float(Double)
  case string(String)
  case bytes([UInt8])
  case list([Item])
  /// In order of insertion; keys are distinct.
  case map([Entry])

  public struct Entry: Sendable, Equatable {
    public var key: ByteString
    public var value: Item
    public init(_ key: String, _ value: Item) { self.init(key: ByteString(key), value) }
    public init(key: ByteString, _ value: Item) {
      self.key = key
      self.value = value
    }
  }

  /// `Int64` where it fits, so that each number is one item.
  public init(_ value: UInt64) {
    self = if let small = Int64(exactly: value) { .int(small) } else { .unsigned(value) }
  }

  public init(_ literal: Literal) {
    switch literal {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .unsigned(let value): self = Item(value)
    case .float(let value): self = .float(value)
    case .string(let value): self = .string(value)
    case .list(let values): self = .list(values.map { Item($0) })
    case .map(let entries): self = .map(entries.map { Entry($0.key, Item($0.value)) })
    }
  }
}

extension Item: Equatable {
  /// Strings by their bytes.
  public static func == (left: Item, right: Item) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.unsigned(let a), .unsigned(let b)): a == b
    case (.float(let a), .float(let b)): a == b
    case (.string(let a), .string(let b)): a.isExactly(b)
    case (.bytes(let a), .bytes(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.map(let a), .map(let b)): a == b
    default: false
    }
  }
}
