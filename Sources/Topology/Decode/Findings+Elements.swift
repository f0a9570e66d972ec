// Initial elements of values and arrays.

extension ElementType {
  /// Where nothing is given.
  var zero: Literal {
    switch self {
    case .bool: .bool(false)
    case .float32, .float64: .float(0)
    default: .int(0)
    }
  }

  /// Follows its name.
  package var rangeWords: String {
    switch self {
    case .bool: "is true or false"
    case .float32: "ends at 3.4e38"
    case .float64: "ends at 1.8e308"
    default: integerRange.map { "goes from \($0.lowest) to \($0.highest)" }!
    }
  }

  /// Of an integer type.
  var integerRange: (lowest: Int64, highest: UInt64)? {
    switch self {
    case .int8: (Int64(Int8.min), UInt64(Int8.max))
    case .int16: (Int64(Int16.min), UInt64(Int16.max))
    case .int32: (Int64(Int32.min), UInt64(Int32.max))
    case .int64: (Int64.min, UInt64(Int64.max))
    case .uint8: (0, UInt64(UInt8.max))
    case .uint16: (0, UInt64(UInt16.max))
    case .uint32: (0, UInt64(UInt32.max))
    case .uint64: (0, UInt64.max)
    case .bool, .float32, .float64: nil
    }
  }
}

extension Findings {
  /// `nil` and reported: out of the range of `type`, or not of it.
  func element(_ node: Node, _ type: ElementType, _ subject: String) -> Literal? {
    if type == .bool { return boolean(node, subject).map { .bool($0) } }
    if type.isFloatingPoint { return float(node, type, subject) }
    guard let value = node.scalar?.integer ?? node.scalar?.integralFloat else {
      if node.scalar?.looksLikeNumber == true, node.scalar?.number == nil {
        reportRange(node, type, subject)
      } else {
        wrong(node, subject, mustBe: "a whole number")
      }
      return nil
    }
    guard let range = type.integerRange, value.isWithin(range) else {
      reportRange(node, type, subject)
      return nil
    }
    return value
  }

  private func float(_ node: Node, _ type: ElementType, _ subject: String) -> Literal? {
    let value: Double
    switch node.scalar?.number {
    case .int(let number)?: value = Double(number)
    case .unsigned(let number)?: value = Double(number)
    case .float(let number)?: value = number
    default:
      wrong(node, subject, mustBe: "a number")
      return nil
    }
    if type == .float32, value.isFinite, Float(value).isInfinite {
      reportRange(node, type, subject)
      return nil
    }
    return .float(value)
  }

  private func reportRange(_ node: Node, _ type: ElementType, _ subject: String) {
    guard !node.isInvalid else { return }
    error(
      at: node.place, "\(subject), \(node.scalar?.text ?? ""), is out of the range of \(type.rawValue)",
      help: "\(type.rawValue) \(type.rangeWords)")
  }
}

extension Literal {
  func isWithin(_ range: (lowest: Int64, highest: UInt64)) -> Bool {
    switch self {
    case .int(let value): value >= range.lowest && (value < 0 || UInt64(value) <= range.highest)
    case .unsigned(let value): value <= range.highest
    default: false
    }
  }
}
