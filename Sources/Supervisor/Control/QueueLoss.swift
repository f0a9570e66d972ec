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
