/// One number with its unit, as durations and sizes are made of: `1.5` and `MiB`.
struct Quantity {
  /// Digits before and after the point.
  var whole: Substring
  var fraction: Substring
  var unit: Substring

  /// Takes the first quantity off `text`; `nil` where no number begins.
  init?(takenFrom text: inout Substring) {
    whole = text.prefix(while: \.isASCIIDigit)
    var rest = text.dropFirst(whole.count)
    fraction = ""
    if rest.first == "." {
      fraction = rest.dropFirst().prefix(while: \.isASCIIDigit)
      guard !fraction.isEmpty else { return nil }
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    unit = rest.prefix { !$0.isASCIIDigit && $0 != "." }
    text = rest.dropFirst(unit.count)
  }

  /// The number times `scale`, rounded down where `fraction` has digits below one; `nil`: over `Int64.max`.
  func scaled(by scale: Int64) -> Int64? {
    var total: Int64 = 0
    for digit in whole {
      let (tenfold, overflow) = total.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(Int64(digit.wholeNumberValue!))
      guard !overflow, !carry else { return nil }
      total = sum
    }
    let (product, overflow) = total.multipliedReportingOverflow(by: scale)
    let (sum, carry) = product.addingReportingOverflow(scaledFraction(by: scale))
    return overflow || carry ? nil : sum
  }

  /// 18 digits and a scale under 2^63 fit 128 bits; what is below them is under one nanosecond or byte.
  private func scaledFraction(by scale: Int64) -> Int64 {
    var numerator: Int128 = 0
    var denominator: Int128 = 1
    for digit in fraction.prefix(18) {
      numerator = numerator * 10 + Int128(digit.wholeNumberValue!)
      denominator *= 10
    }
    return Int64(numerator * Int128(scale) / denominator)
  }
}

extension Character {
  var isASCIIDigit: Bool { self >= "0" && self <= "9" && isASCII }
}
