import Supervisor

/// Waits for the end of a run, and knows how it ended.
final class TopEnding {
  struct End: Equatable {
    var words: String
    var isFailure: Bool
    /// As it was kept; `nil`: it was not.
    var outcome: RunOutcome?
  }

  private let run: RunStatus
  /// `nil`: it is over.
  private var connection: ControlConnection?

  init(of run: RunStatus, on connection: ControlConnection) throws {
    self.run = run
    self.connection = connection
    try connection.send(.wait)
  }

  /// Readable when the run has ended; -1: it has.
  var descriptor: Int32 { connection?.descriptor ?? -1 }

  /// To be called when the descriptor is readable; `nil`: the answer is not complete.
  func receive() -> End? {
    guard let connection else { return nil }
    let isAlive = (try? connection.receive()) ?? false
    guard isAlive, !connection.hasReply else {
      self.connection = nil
      let reply = isAlive ? try? connection.next() : nil
      guard case .ended(let result)? = reply, keptOutcome == nil else { return outcome() }
      let words = "'\(run.project)' has ended, exit code \(result.exitCode)"
      return End(words: words, isFailure: result.exitCode != 0)
    }
    return nil
  }

  /// As it was kept; of a killed run that comes later, or never.
  func outcome() -> End {
    guard let kept = keptOutcome else {
      return End(words: "the supervisor of '\(run.project)' has gone", isFailure: true)
    }
    return End(words: OutcomeText.heading(kept), isFailure: kept.result.exitCode != 0, outcome: kept)
  }

  private var keptOutcome: RunOutcome? {
    try? RunOutcome(ofProject: run.project).flatMap { $0.status == run ? $0 : nil }
  }
}
