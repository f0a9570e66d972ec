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
