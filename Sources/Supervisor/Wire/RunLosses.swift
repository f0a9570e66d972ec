/// Items that a run has lost, and how. Each was told when it happened, or is told at the end.
package struct RunLosses: Codable, Sendable, Equatable {
  package var commands: [CommandLoss] = []
  package var queues: [QueueLoss] = []

  package init() {}

  package var sentences: [String] { commands.map(\.sentence) + queues.flatMap(\.sentences) }
}

/// Items that were lost with the commands of one instance, in all its lives.
package struct CommandLoss: Codable, Sendable, Equatable {
  package var instance: String
  package var lost: ItemLoss
  /// The run has removed it, by a smaller scale or a changed file: no row tells of it.
  package var isRemoved: Bool

  package var sentence: String {
    "\(lost.words) that the command of \(instance) was given \(lost.atMost == 1 ? "is" : "are") lost"
  }
}

/// Items that a queue has lost: dropped where it was full, as its `on_full` says, or given up after all their deliveries.
package struct QueueLoss: Codable, Sendable, Equatable {
  package var queue: String
  package var droppedNew: UInt64
  package var droppedOld: UInt64
  package var givenUp: UInt64

  var isEmpty: Bool { droppedNew == 0 && droppedOld == 0 && givenUp == 0 }

  /// A sentence for each way in which it has lost some.
  package var sentences: [String] { dropped + (givenUp > 0 ? [givenUpWords] : []) }

  /// What was asked for, and is no failure.
  var dropped: [String] {
    [(droppedNew, "new", "drop_new"), (droppedOld, "old", "drop_old")].filter { $0.0 > 0 }
      .map { count, age, policy in "queue '\(queue)' dropped \(Self.items(count, age)) (on_full: \(policy))" }
  }

  private var givenUpWords: String {
    "queue '\(queue)' lost \(Self.items(givenUp, "")), given up after all deliveries (max_deliveries)"
  }

  private static func items(_ count: UInt64, _ age: String) -> String {
    "\(count) \(age.isEmpty ? "" : age + " ")\(count == 1 ? "item" : "items")"
  }
}

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
