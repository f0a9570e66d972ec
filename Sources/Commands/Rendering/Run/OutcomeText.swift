import Logs
import Supervisor

/// A run that is over, in a line.
enum OutcomeText {
  /// `'words' has ended: 2026-11-23T11:51:03Z, exit code 0`.
  static func heading(_ outcome: RunOutcome) -> String {
    let time = String(LogTime.format(outcome.endedAt).prefix(19)) + "Z"
    let cause = outcome.cause.map { "; \($0)" } ?? ""
    return "'\(outcome.status.project)' has ended: \(time), exit code \(outcome.result.exitCode)\(cause)"
  }
}
