import Topology

/// The type in memory of an array's elements.
protocol SharedElement: BitwiseCopyable {
  /// `nil` where the number is out of the type's range, or has a fraction that an integer can't hold.
  init?(_ number: Number)
  var number: Number { get }
  /// As printed.
  var text: String { get }
}

extension SharedElement {
  var text: String { number.description }
}

extension SharedElement where Self: FixedWidthInteger {
  init?(_ number: Number) {
    guard let integer = number.asInteger else { return nil }
    self.init(exactly: integer)
  }

  var number: Number {
    if let value = Int64(exactly: self) { .int(value) } else { .unsigned(UInt64(truncatingIfNeeded: self)) }
  }
}

extension Int8: SharedElement {}
extension Int16: SharedElement {}
extension Int32: SharedElement {}
extension Int64: SharedElement {}
extension UInt8: SharedElement {}
extension UInt16: SharedElement {}
extension UInt32: SharedElement {}
extension UInt64: SharedElement {}

extension Float: SharedElement {
  init?(_ number: Number) {
    let value = number.asDouble
    // Rounding is what a float32 is for, an infinity out of a finite number is not.
    self = Float(value)
    if isInfinite && value.isFinite { return nil }
  }
  var number: Number { .float(Double(self)) }
  /// The shortest text of the float32, not of the float64 that it becomes.
  var text: String { description }
}

extension Double: SharedElement {
  init?(_ number: Number) { self = number.asDouble }
  var number: Number { .float(self) }
}

extension Bool: SharedElement {
  init?(_ number: Number) {
    switch number.asInteger {
    case 0: self = false
    case 1: self = true
    default: return nil
    }
  }
  var number: Number { .int(self ? 1 : 0) }
  var text: String { description }
}

/// Work on elements whose type is known when it runs: one specialised copy for each type.
protocol ElementVisitor {
  mutating func visit<Element: SharedElement>(_ elements: UnsafeMutableBufferPointer<Element>) throws
}

extension SharedArray {
  func accept(_ visitor: inout some ElementVisitor) throws {
    switch type {
    case .bool: try withElements(as: Bool.self) { try visitor.visit($0) }
    case .int8: try withElements(as: Int8.self) { try visitor.visit($0) }
    case .int16: try withElements(as: Int16.self) { try visitor.visit($0) }
    case .int32: try withElements(as: Int32.self) { try visitor.visit($0) }
    case .int64: try withElements(as: Int64.self) { try visitor.visit($0) }
    case .uint8: try withElements(as: UInt8.self) { try visitor.visit($0) }
    case .uint16: try withElements(as: UInt16.self) { try visitor.visit($0) }
    case .uint32: try withElements(as: UInt32.self) { try visitor.visit($0) }
    case .uint64: try withElements(as: UInt64.self) { try visitor.visit($0) }
    case .float32: try withElements(as: Float.self) { try visitor.visit($0) }
    case .float64: try withElements(as: Double.self) { try visitor.visit($0) }
    }
  }
}
