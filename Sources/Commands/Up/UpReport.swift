import ArgumentParser
import Supervisor

/// The last words about a run: who failed and why, and what each took.
struct UpReport {
  enum Summary: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  var result: RunResult

  /// One line for each instance that failed.
  func failures() -> String {
    result.instances.filter { $0.state == .failed || $0.state == .neverStarted }
      .map { instance in
        let verb = instance.state == .failed ? "failed" : "did not start"
        return "mporch: \(instance.name) \(verb): \(instance.reason ?? Self.reason(of: instance))\n"
      }.joined()
  }

  /// One line for each instance with whose command items were lost.
  func commandLosses() -> String {
    result.losses.commands.map { "mporch: \($0.sentence)\n" }.joined()
  }

  /// Empty if every instance stopped when it was asked to.
  func killed() -> String {
    guard !result.killed.isEmpty else { return "" }
    return "mporch: killed, as the grace period was over: \(result.killed.joined(separator: ", "))\n"
  }

  /// What queues have lost, too: for who has not seen the events of the run.
  func losses() -> String {
    result.losses.sentences.map { "mporch: \($0)\n" }.joined()
  }

  /// Behind the instances what was lost; for programs, with those that are no more, and by queues: the rows say the rest.
  func summary(_ form: Summary, width: Int?) throws -> String {
    switch form {
    case .text:
      SummaryTable.render(result.instances, width: width)
        + result.losses.sentences.map { "\($0)\n" }.joined()
    case .json:
      result.instances.map { JSONOutput.line(SummaryRecord($0)) }.joined()
        + result.losses.commands.filter(\.isRemoved).map { JSONOutput.line($0) }.joined()
        + result.losses.queues.map { JSONOutput.line($0) }.joined()
    }
  }

  private static func reason(of instance: InstanceSummary) -> String {
    if let signal = instance.signal { return Ending.signalled(signal).description }
    return instance.exit.map { Ending.exited($0).description } ?? "it never ran"
  }
}
