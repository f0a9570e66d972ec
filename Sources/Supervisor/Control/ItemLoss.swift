/// Items that were given to a command, and of which nobody has or will have an answer, since it has ended.
package struct ItemLoss: Codable, Sendable, Equatable {
  /// It had not even read them.
  package var atLeast: UInt64
  /// It may have read the others, and been at them.
  package var atMost: UInt64

  package init(atLeast: UInt64, atMost: UInt64) {
    self.atLeast = atLeast
    self.atMost = atMost
  }

  /// What a worker's memory says may be any number.
  static func + (one: ItemLoss, other: ItemLoss) -> ItemLoss {
    func sum(_ counts: (UInt64, UInt64)) -> UInt64 {
      let (sum, isTooMuch) = counts.0.addingReportingOverflow(counts.1)
      return isTooMuch ? .max : sum
    }
    return ItemLoss(atLeast: sum((one.atLeast, other.atLeast)), atMost: sum((one.atMost, other.atMost)))
  }

  /// `3 items`, `at most 900 items`.
  package var words: String {
    let items = atMost == 1 ? "1 item" : "\(atMost) items"
    return atLeast == atMost ? items : "at most \(items)"
  }
}
