/// The product of numbers; 1 of none. A float where any number is one.
struct Multiplication: Reduction {
  private var magnitude: UInt64 = 1
  private var isNegative = false
  /// The integers' product, zeroes left out, fits no 64 bits; a zero may still come.
  private var overflowed = false
  private var hasZero = false
  private var floatProduct = 1.0
  private var integersAsFloat = 1.0
  private var hasFloats = false

  mutating func take(_ number: Int64) {
    if number < 0 { isNegative.toggle() }
    multiply(by: number.magnitude)
  }

  mutating func take(_ number: UInt64) { multiply(by: number) }

  mutating func take(_ number: Double) {
    hasFloats = true
    floatProduct *= number
  }

  mutating func combine(_ other: Self) {
    isNegative = isNegative != other.isNegative
    hasZero = hasZero || other.hasZero
    overflowed = overflowed || other.overflowed
    (magnitude, overflowed) = Self.product(magnitude, other.magnitude, overflowed)
    integersAsFloat *= other.integersAsFloat
    hasFloats = hasFloats || other.hasFloats
    floatProduct *= other.floatProduct
  }

  private mutating func multiply(by factor: UInt64) {
    guard factor != 0 else {
      hasZero = true
      return
    }
    (magnitude, overflowed) = Self.product(magnitude, factor, overflowed)
    integersAsFloat *= Double(factor)
  }

  private static func product(_ left: UInt64, _ right: UInt64, _ overflowed: Bool) -> (UInt64, Bool) {
    let (product, overflows) = left.multipliedReportingOverflow(by: right)
    return (product, overflowed || overflows)
  }

  func result() throws -> Number {
    if hasFloats {
      let integers = hasZero ? 0 : isNegative ? -integersAsFloat : integersAsFloat
      return .float(floatProduct * integers)
    }
    if hasZero { return .int(0) }
    if !overflowed {
      if !isNegative { return Number(magnitude) }
      if magnitude <= Int64.min.magnitude { return .int(Int64(truncatingIfNeeded: 0 &- magnitude)) }
    }
    throw KindFailure(
      "the product of the integers is out of the range of 64 bits",
      help: "use an array of float64 for a rounded product")
  }
}
