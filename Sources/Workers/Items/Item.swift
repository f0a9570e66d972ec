/// An item of an `any` queue as a value: exists at the edges only (Lua, JSON, the command line).
public indirect enum Item: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case float(Double)
  case string(String)
  case bytes([UInt8])
  case list([Item])
  /// In order of insertion; keys are distinct.
  case map([Entry])

  public struct Entry: Sendable, Hashable {
    public var key: String
    public var value: Item
    public init(_ key: String, _ value: Item) {
      self.key = key
      self.value = value
    }
  }
}
