/// What does not hold, and where the victim was.
struct Finding: Error, CustomStringConvertible {
  var scenario: String
  /// Writes to the arena that the victim had made.
  var write: Int
  /// Of the victim's next instruction, for `addr2line`.
  var address: UInt64
  /// Those of the scavenger, where it was killed too.
  var repairWrite: Int?
  /// Of the victim's next life, where that was killed too.
  var nextLifesChange: Int?
  var what: String

  var description: String {
    let repair = repairWrite.map { ", and the scavenger after its write \($0)" } ?? ""
    let next = nextLifesChange.map { ", and its next life after its change \($0)" } ?? ""
    return "\(scenario): killed after write \(write) (0x\(String(address, radix: 16)))\(repair)\(next): \(what)"
  }
}

/// What does not hold where nobody needed to die.
struct Disturbance: Error, CustomStringConvertible {
  var scenario: String
  var schedule: Schedule
  /// Of the victim's instruction that was to be the next at its last stop, for `addr2line`.
  var address: UInt64
  var what: String

  var description: String { "\(scenario): \(schedule) (0x\(String(address, radix: 16))): \(what)" }
}

/// A scenario that can't be played: a mistake in itself.
struct Unplayable: Error, CustomStringConvertible {
  var description: String
}
