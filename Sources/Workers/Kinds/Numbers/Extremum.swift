/// The least or the greatest number; NaN where any is NaN, so that none is passed over in silence.
struct Extremum<Side: ExtremumSide>: Reduction, BitwiseCopyable {
  private var best: Number?

  mutating func take(_ number: Int64) {
    guard case .int(let current) = best else { return consider(.int(number)) }
    if Side.improves(number, current) { best = .int(number) }
  }

  mutating func take(_ number: UInt64) { consider(Number(number)) }
  mutating func take(_ number: Double) { consider(.float(number)) }

  mutating func combine(_ other: Self) {
    if let number = other.best { consider(number) }
  }

  private mutating func consider(_ number: Number) {
    guard let current = best else {
      best = number
      return
    }
    if current.isNaN { return }
    if number.isNaN || Side.improves(number, current) { best = number }
  }

  func result() throws -> Number {
    guard let best else { throw KindFailure.noNumbers(for: Side.name) }
    return best
  }
}

/// Which end of the order is looked for.
protocol ExtremumSide {
  static var name: String { get }
  static func improves(_ new: Int64, _ old: Int64) -> Bool
  static func improves(_ new: Number, _ old: Number) -> Bool
}

enum Least: ExtremumSide {
  static let name = "min"
  static func improves(_ new: Int64, _ old: Int64) -> Bool { new < old }
  static func improves(_ new: Number, _ old: Number) -> Bool { new.precedes(old) }
}

enum Greatest: ExtremumSide {
  static let name = "max"
  static func improves(_ new: Int64, _ old: Int64) -> Bool { new > old }
  static func improves(_ new: Number, _ old: Number) -> Bool { old.precedes(new) }
}
