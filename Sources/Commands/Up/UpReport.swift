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
    result.instances.map { instance in
      instance.lost.map { "mporch: \(LossText.line($0, with: instance.name))\n" } ?? ""
    }.joined()
  }

  /// Empty if every instance stopped when it was asked to.
  func killed() -> String {
    guard !result.killed.isEmpty else { return "" }
    return "mporch: killed, as the grace period was over: \(result.killed.joined(separator: ", "))\n"
  }

  /// What queues have lost, too: for who has not seen the events of the run.
  func losses() -> String {
    commandLosses() + result.queueLosses.flatMap(\.sentences).map { "mporch: \($0)\n" }.joined()
  }

  /// Behind the instances the queues that have lost items.
  func summary(_ form: Summary, width: Int?) throws -> String {
    switch form {
    case .text:
      SummaryTable.render(result.instances, width: width)
        + result.queueLosses.flatMap(\.sentences).map { "\($0)\n" }.joined()
    case .json:
      try result.instances.map { try JSONOutput.line(SummaryRecord($0)) }.joined()
        + result.queueLosses.map { try JSONOutput.line($0) }.joined()
    }
  }

  private static func reason(of instance: InstanceSummary) -> String {
    if let signal = instance.signal { return Ending.signalled(signal).description }
    return instance.exit.map { Ending.exited($0).description } ?? "it never ran"
  }
}
