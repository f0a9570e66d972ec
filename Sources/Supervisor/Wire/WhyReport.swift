/// What the processes of a run have waited for, and what would help; its JSON is that of `why --format json`.
package struct WhyReport: Codable, Sendable, Equatable {
  package var processes: [TimeAccount]
  /// What holds the run up most first, in words.
  package var findings: [String]
}

/// How an instance has spent its time, in all its lives.
package struct TimeAccount: Codable, Sendable, Equatable {
  package var name: String
  package var process: String
  package var seconds: Double
  /// Of its time, from 0 to 1.
  package var working: Double
  /// The longest first.
  package var waits: [Wait]
  package var now: Now?

  package struct Wait: Codable, Sendable, Equatable {
    /// As `ps` has it: `get lines`, `lock ledger`, `timer`.
    package var on: String
    package var seconds: Double
    package var share: Double
  }

  /// What it waits for at this moment.
  package struct Now: Codable, Sendable, Equatable {
    /// After `waits`.
    package var on: String
    package var seconds: Double?
  }
}
