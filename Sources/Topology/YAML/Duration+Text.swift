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

  private static let forms = "write a number with a unit, 'ms', 's', 'm' or 'h': 250ms, 10s, 1m30s, 2h"

  private static func nanoseconds(takenFrom rest: inout Substring, of text: String) throws(InvalidText) -> Int64 {
    guard let quantity = Quantity(takenFrom: &rest) else {
      let reason = text.hasPrefix("-") ? "'\(text)' is negative" : "'\(text)' is not a duration"
      throw InvalidText(reason, help: forms)
    }
    guard let scale = nanosecondsByUnit[String(quantity.unit)] else {
      let reason = quantity.unit.isEmpty ? "has no unit" : "has an unknown unit, '\(quantity.unit)'"
      throw InvalidText("duration '\(text)' \(reason)", help: forms)
    }
    guard let nanoseconds = quantity.scaled(by: scale) else { throw tooLong(text) }
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
