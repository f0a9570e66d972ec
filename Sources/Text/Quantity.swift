/// Numbers as people read them, in few characters.
package enum Quantity {
  /// `0B`, `812B`, `20.1KiB`, `3.0GiB`.
  package static func bytes(_ count: UInt64) -> String {
    scaled(Double(count), by: 1024, units: ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"])
  }

  /// `0`, `812`, `20.1k`, `3.0M`, `52.3G`.
  package static func count(_ count: Double) -> String { scaled(count, by: 1000, units: ["", "k", "M", "G", "T"]) }

  /// `0.02s`, `12.3s`, `4m07s`, `2h05m`.
  package static func duration(seconds: Double) -> String {
    if seconds < 10 { return decimals(seconds, 2) + "s" }
    if seconds < 60 { return decimals(seconds, 1) + "s" }
    let whole = Int(min(seconds, 1e15))
    if whole < 3600 { return "\(whole / 60)m\(twoDigits(whole % 60))s" }
    return "\(whole / 3600)h\(twoDigits(whole / 60 % 60))m"
  }

  /// Rounded half up.
  package static func decimals(_ value: Double, _ places: Int) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "\(value)" }
    let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int((value.magnitude * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    let digits = places == 0 ? "" : "." + String(repeating: "0", count: places - fraction.count) + fraction
    return (value < 0 && scaled > 0 ? "-" : "") + "\(scaled / scale)" + digits
  }

  private static func scaled(_ value: Double, by step: Double, units: [String]) -> String {
    var value = value
    var unit = 0
    // What would round to the next unit is shown in it.
    while value >= step - 0.05, unit < units.count - 1 {
      if unit == 0, value < step { break }
      value /= step
      unit += 1
    }
    return decimals(value, unit == 0 ? 0 : 1) + units[unit]
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

// MARK: Durations

extension Duration {
  /// `250ms`, `10s`, `1m30s`, `2h`; units `ns`, `us`, `ms`, `s`, `m`, `h`, fractions as in `1.5s`. A lone `0` needs no
  /// unit. At most `Int64.max` nanoseconds (292 years), so that a clock's arithmetic holds it.
  package static func parse(_ text: String) throws(InvalidText) -> Duration {
    if text == "0" { return .zero }
    var rest = text[...]
    var total: Int64 = 0
    repeat {
      let nanoseconds = try nanoseconds(takenFrom: &rest, of: text)
      let (sum, overflow) = total.addingReportingOverflow(nanoseconds)
      guard !overflow else { throw tooLong(text) }
      total = sum
    } while !rest.isEmpty
    return .nanoseconds(total)
  }

  /// As a file writes it, exact to the nanosecond: `1m30s`, `250ms`.
  package var exactText: String {
    let (seconds, attoseconds) = components
    let units: [(Int64, String)] = [
      (seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"), (attoseconds / 1_000_000_000_000_000, "ms"),
      (attoseconds / 1_000_000_000_000 % 1000, "us"), (attoseconds / 1_000_000_000 % 1000, "ns"),
    ]
    let parts = units.filter { $0.0 != 0 }.map { "\($0.0)\($0.1)" }
    return parts.isEmpty ? "0s" : parts.joined()
  }

  package var inSeconds: Double {
    let (seconds, attoseconds) = components
    return (Double(seconds) * 1e9 + Double(attoseconds / 1_000_000_000)) / 1e9
  }

  /// 0 for a negative one; as many as fit for one of centuries.
  package var nanoseconds: UInt64 {
    guard self > .zero else { return 0 }
    let (seconds, attoseconds) = components
    let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max >> 1 : min(whole + UInt64(attoseconds) / 1_000_000_000, .max >> 1)
  }

  private static let forms = "write a number with a unit, 'ms', 's', 'm' or 'h': 250ms, 10s, 1m30s, 2h"

  private static func nanoseconds(takenFrom rest: inout Substring, of text: String) throws(InvalidText) -> Int64 {
    guard let number = NumberWithUnit(takenFrom: &rest) else {
      let reason = text.hasPrefix("-") ? "'\(text)' is negative" : "'\(text)' is not a duration"
      throw InvalidText(reason, help: forms)
    }
    guard let scale = nanosecondsByUnit[String(number.unit)] else {
      let reason = number.unit.isEmpty ? "has no unit" : "has an unknown unit, '\(number.unit)'"
      throw InvalidText("duration '\(text)' \(reason)", help: forms)
    }
    guard let nanoseconds = number.scaled(by: scale) else { throw tooLong(text) }
    return nanoseconds
  }

  private static func tooLong(_ text: String) -> InvalidText {
    InvalidText("duration '\(text)' is too long", help: "the longest is 292 years, 2562047h")
  }

  private static let nanosecondsByUnit: [String: Int64] = [
    "ns": 1, "us": 1000, "µs": 1000, "μs": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
    "h": 3_600_000_000_000,
  ]
}

// MARK: Sizes

/// Sizes in bytes as a file writes them.
package enum ByteCount {
  /// `4096`, `64KiB`, `10MB`, `1GiB`: `k`, `M`, `G`, `T` (also `kB` …) are powers of 1000, `Ki`, `Mi` … (also
  /// `KiB` …) of 1024, in any case; fractions as in `1.5MiB`, rounded down to whole bytes.
  package static func parse(_ text: String) throws(InvalidText) -> Int {
    var rest = text[...]
    guard let number = NumberWithUnit(takenFrom: &rest), rest.isEmpty else {
      let reason = text.hasPrefix("-") ? "'\(text)' is negative" : "'\(text)' is not a size"
      throw InvalidText(reason, help: forms)
    }
    let unit = number.unit.drop { $0 == " " }
    guard let scale = bytesByUnit[unit.lowercased()] else {
      throw InvalidText("size '\(text)' has an unknown unit, '\(unit)'", help: forms)
    }
    guard let bytes = number.scaled(by: scale) else {
      throw InvalidText("size '\(text)' is too large", help: "the largest is \(Int64.max) bytes, just under 8388608TiB")
    }
    return Int(bytes)
  }

  private static let forms = "write bytes, or a number with a unit: 4096, 64KiB, 10MB, 1GiB"

  private static let bytesByUnit: [String: Int64] = {
    var scales: [String: Int64] = ["": 1, "b": 1]
    for (power, letter) in ["k", "m", "g", "t"].enumerated() {
      let decimal = repeatElement(1000, count: power + 1).reduce(1, *)
      scales[letter] = Int64(decimal)
      scales[letter + "b"] = Int64(decimal)
      scales[letter + "i"] = 1 << (10 * (power + 1))
      scales[letter + "ib"] = 1 << (10 * (power + 1))
    }
    return scales
  }()
}

// MARK: Reading both

/// Why a text is no value of the form that is due: data for a diagnostic at its place.
package struct InvalidText: Error, Equatable {
  /// What is wrong with it, quoting it: `'5 parsecs' is not a duration`.
  package var message: String
  /// The forms that are right.
  package var help: String

  package init(_ message: String, help: String) {
    self.message = message
    self.help = help
  }
}

/// One number with its unit, as durations and sizes are made of: `1.5` and `MiB`.
private struct NumberWithUnit {
  /// Digits before and after the point.
  var whole: Substring
  var fraction: Substring
  var unit: Substring

  /// Takes the first one off `text`; `nil` where no number begins.
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
  package var isASCIIDigit: Bool { self >= "0" && self <= "9" && isASCII }
}
