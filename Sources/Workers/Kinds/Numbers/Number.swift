import Topology

/// A number as it came: integers stay exact.
enum Number: BitwiseCopyable, Hashable {
  case int(Int64)
  /// Above `Int64.max`.
  case unsigned(UInt64)
  case float(Double)

  init(_ value: UInt64) {
    self = if let small = Int64(exactly: value) { .int(small) } else { .unsigned(value) }
  }

  /// Of a parameter; `nil` where it is no number.
  init?(_ literal: Literal) {
    switch literal {
    case .int(let value): self = .int(value)
    case .unsigned(let value): self = Number(value)
    case .float(let value): self = .float(value)
    default: return nil
    }
  }

  var isNaN: Bool {
    if case .float(let value) = self { value.isNaN } else { false }
  }

  var asDouble: Double {
    switch self {
    case .int(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .float(let value): value
    }
  }

  /// `nil` where it has a fraction, or is not finite.
  var asInteger: Int128? {
    switch self {
    case .int(let value): Int128(value)
    case .unsigned(let value): Int128(value)
    case .float(let value): Int128(exactly: value)
    }
  }

  var literal: Literal {
    switch self {
    case .int(let value): .int(value)
    case .unsigned(let value): .unsigned(value)
    case .float(let value): .float(value)
    }
  }

  /// By value, exactly, across integers and floats; a NaN is greater than every other number, so that this is a
  /// strict weak order.
  func precedes(_ other: Number) -> Bool {
    switch (self, other) {
    case (.int(let left), .int(let right)): left < right
    case (.unsigned(let left), .unsigned(let right)): left < right
    case (.int, .unsigned): true
    case (.unsigned, .int): false
    case (.float(let left), .float(let right)): left < right || (right.isNaN && !left.isNaN)
    case (.int(let left), .float(let right)): right.isNaN || Number.isLess(left, right)
    case (.unsigned(let left), .float(let right)): right.isNaN || Number.isLess(left, right)
    case (.float(let left), .int(let right)): !left.isNaN && Number.isGreater(right, left)
    case (.float(let left), .unsigned(let right)): !left.isNaN && Number.isGreater(right, left)
    }
  }

  /// `integer < float`, exactly: an integer is below a float when it is below that float rounded up.
  private static func isLess<Integer: FixedWidthInteger>(_ integer: Integer, _ float: Double) -> Bool {
    let ceiling = float.rounded(.up)
    guard let bound = Integer(exactly: ceiling) else { return ceiling > 0 }
    return integer < bound
  }

  /// `integer > float`, exactly.
  private static func isGreater<Integer: FixedWidthInteger>(_ integer: Integer, _ float: Double) -> Bool {
    let floor = float.rounded(.down)
    guard let bound = Integer(exactly: floor) else { return floor < 0 }
    return integer > bound
  }
}

extension Number {
  /// For people, of one that came from a port or array of `type`: of a float32 the shortest text of its own.
  func text(cameAs type: ItemType) -> String {
    guard type == .number(.float32), case .float(let value) = self, value.isNaN || Double(Float(value)) == value else {
      return description
    }
    return Float(value).description
  }
}

extension Number: CustomStringConvertible {
  var description: String {
    switch self {
    case .int(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .float(let value): "\(value)"
    }
  }
}
