/// Sizes in bytes as the file writes them.
package enum ByteCount {
  /// `4096`, `64KiB`, `10MB`, `1GiB`: `k`, `M`, `G`, `T` (also `kB` …) are powers of 1000, `Ki`, `Mi` … (also
  /// `KiB` …) of 1024, in any case; fractions as in `1.5MiB`, rounded down to whole bytes.
  package static func parse(_ text: String) throws(InvalidText) -> Int {
    var rest = text[...]
    guard let quantity = Quantity(takenFrom: &rest), rest.isEmpty else {
      let reason = text.hasPrefix("-") ? "'\(text)' is negative" : "'\(text)' is not a size"
      throw InvalidText(reason, help: forms)
    }
    let unit = quantity.unit.drop { $0 == " " }
    guard let scale = bytesByUnit[unit.lowercased()] else {
      throw InvalidText("size '\(text)' has an unknown unit, '\(unit)'", help: forms)
    }
    guard let bytes = quantity.scaled(by: scale) else {
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
