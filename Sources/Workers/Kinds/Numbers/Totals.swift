/// Sum and number of numbers. Integers are summed exactly; floats with the lost low parts carried along (Neumaier),
/// so that the order matters as little as it can.
struct Totals: BitwiseCopyable {
  private(set) var count: UInt64 = 0
  /// An `Int128` in two words: shared memory promises alignment to 8 bytes.
  private var integerHigh: Int64 = 0
  private var integerLow: UInt64 = 0
  private var floatSum = 0.0
  private var floatCarry = 0.0
  private var hasFloats = false

  private var integers: Int128 {
    Int128(integerHigh) << 64 | Int128(integerLow)
  }

  mutating func take(_ number: Int64) {
    count += 1
    addInteger(high: number >> 63, low: UInt64(bitPattern: number))
  }

  mutating func take(_ number: UInt64) {
    count += 1
    addInteger(high: 0, low: number)
  }

  mutating func take(_ number: Double) {
    count += 1
    hasFloats = true
    addFloat(number)
  }

  mutating func combine(_ other: Totals) {
    count += other.count
    addInteger(high: other.integerHigh, low: other.integerLow)
    hasFloats = hasFloats || other.hasFloats
    addFloat(other.floatSum)
    if other.floatSum.isFinite { addFloat(other.floatCarry) }
  }

  /// 2^63 numbers of 64 bits fit, so this can't overflow.
  private mutating func addInteger(high: Int64, low: UInt64) {
    let (sum, carries) = integerLow.addingReportingOverflow(low)
    integerLow = sum
    integerHigh &+= high &+ (carries ? 1 : 0)
  }

  private mutating func addFloat(_ number: Double) {
    let sum = floatSum + number
    floatCarry += abs(floatSum) >= abs(number) ? (floatSum - sum) + number : (number - sum) + floatSum
    floatSum = sum
  }

  /// An infinite sum makes the carry a NaN that says nothing.
  private var floats: Double { floatSum.isFinite ? floatSum + floatCarry : floatSum }

  /// A float where any number was one; NaN where any was NaN. `nil` where an integer sum fits no 64 bits.
  var sum: Number? {
    if hasFloats { return .float(floats + Double(integers)) }
    if let sum = Int64(exactly: integers) { return .int(sum) }
    return UInt64(exactly: integers).map { .unsigned($0) }
  }

  /// `nil` of no numbers.
  var mean: Double? {
    count == 0 ? nil : (hasFloats ? floats + Double(integers) : Double(integers)) / Double(count)
  }
}

/// The sum of numbers; 0 of none.
struct Summation: Reduction {
  private var totals = Totals()

  mutating func take(_ number: Int64) { totals.take(number) }
  mutating func take(_ number: UInt64) { totals.take(number) }
  mutating func take(_ number: Double) { totals.take(number) }
  mutating func combine(_ other: Self) { totals.combine(other.totals) }

  func result() throws -> Number {
    guard let sum = totals.sum else {
      throw KindFailure(
        "the sum of \(totals.count) integers is out of the range of 64 bits",
        help: "put float64 numbers for a rounded sum")
    }
    return sum
  }
}

/// The arithmetic mean, a float.
struct Averaging: Reduction {
  private var totals = Totals()

  mutating func take(_ number: Int64) { totals.take(number) }
  mutating func take(_ number: UInt64) { totals.take(number) }
  mutating func take(_ number: Double) { totals.take(number) }
  mutating func combine(_ other: Self) { totals.combine(other.totals) }

  func result() throws -> Number {
    guard let mean = totals.mean else { throw KindFailure.noNumbers(for: "mean") }
    return .float(mean)
  }
}

extension KindFailure {
  static func noNumbers(for operation: String) -> KindFailure {
    KindFailure(
      "there was no number, and '\(operation)' of none is not defined",
      help: "see that its input has at least one")
  }
}
