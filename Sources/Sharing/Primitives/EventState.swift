/// What an event's processes agree on. Pure.
package struct EventState: PrimitiveState {
  /// None.
  package typealias Part = UInt8

  package private(set) var isSet: Bool
  /// Grows with each setting: who waited then may pass, also if it was cleared at once.
  package private(set) var generation: UInt64 = 0
  var hasSleepers = false

  package init(isSet: Bool) { self.isSet = isSet }

  /// Whether there are sleepers to wake.
  mutating func set() -> Bool {
    guard !isSet else { return false }
    isSet = true
    generation += 1
    defer { hasSleepers = false }
    return hasSleepers
  }

  mutating func clear() { isSet = false }

  package func isSound(_ parts: some PartList<UInt8>) -> Bool { generation < 1 << 62 }

  package mutating func repair(after user: Int, _ parts: inout some PartList<UInt8>) -> PrimitiveRepair {
    PrimitiveRepair(wokenWords: [0])
  }

  /// For one that waits since `start`.
  func hasPassed(since start: UInt64) -> Bool { isSet || generation != start }
}
