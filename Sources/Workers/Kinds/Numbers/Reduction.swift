import Topology

/// State that numbers are folded into: what `sum`, `min`, `reduce` and their like keep in shared memory, so at most
/// 64 bytes. The result depends on neither the order of the numbers (rounding of floats apart) nor how replicas
/// share them.
protocol Reduction: BitwiseCopyable {
  /// Of no numbers.
  init()
  mutating func take(_ number: Int64)
  mutating func take(_ number: UInt64)
  mutating func take(_ number: Double)
  mutating func combine(_ other: Self)
  func result() throws -> Number
}

extension Reduction {
  mutating func take(_ number: Number) {
    switch number {
    case .int(let value): take(value)
    case .unsigned(let value): take(value)
    case .float(let value): take(value)
    }
  }

  /// All numbers of a batch that a port of `type` lent.
  mutating func take(_ batch: Batch, type: ItemType) throws {
    switch type {
    // The types of most streams of numbers, without the detour over `Number`.
    case .number(.int64): batch.forEach { take($0.loadUnaligned(as: Int64.self)) }
    case .number(.int32): batch.forEach { take(Int64($0.loadUnaligned(as: Int32.self))) }
    case .number(.float64): batch.forEach { take($0.loadUnaligned(as: Double.self)) }
    default: try batch.forEach { take(try NumberRecord.read($0, type: type)) }
    }
  }

  static func combining(_ states: [Self]) -> Self {
    states.reduce(into: Self()) { $0.combine($1) }
  }
}
