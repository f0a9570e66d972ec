import ArgumentParser
import Logs
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

/// What `up --wait` says of a run that has not come up: who is not ready, and the last that those printed who will not be.
struct UnreadyReport {
  static let lineCount = 10

  var instances: [UnreadyInstance]
  var project: String

  var failure: CommandFailure {
    CommandFailure(
      "'\(project)' has not come up: " + instances.map(Self.words).joined(separator: ", "),
      help: "'mporch ps -a -p \(project)' shows it; what lives goes on until 'mporch down -p \(project)'")
  }

  /// That of a run which was asked to end before all of it was there; `nil`: it has ended as its processes did.
  static func failure(ofEnded result: RunResult, project: String) -> CommandFailure? {
    let stopped = result.instances.filter { $0.state == .stopped || $0.state == .neverStarted }
    guard result.exitCode == 0, !stopped.isEmpty else { return nil }
    return CommandFailure(
      "'\(project)' has not come up: the run was ended before", help: "'mporch events -p \(project)' shows by what")
  }

  /// Why they failed was told when it happened.
  func showLogs(in context: CommandContext) {
    let names = Set(instances.filter { $0.state == .failed || $0.health == .unhealthy }.map(\.name))
    guard !names.isEmpty else { return }
    let query = LogQuery(includes: names.contains, tail: Self.lineCount)
    let style = LogStyle(
      for: context.errorOutput, environment: context.environment, hasPrefix: true, hasTimestamp: false)
    // A log that can't be read is no reason to say less of the rest.
    try? LogPrinter(output: context.errorOutput, style: style, instances: names.sorted(), showsNotes: false)
      .printAll(LogMerge(directory: LogDirectory(ofProject: project), query: query))
  }

  private static func words(for instance: UnreadyInstance) -> String {
    switch (instance.state, instance.health) {
    case (.failed, _): "\(instance.name) has failed"
    case (.neverStarted, _): "\(instance.name) never started"
    case (.pending, _): "\(instance.name) waits for what it depends on"
    case (.restarting, _), (.stopping, _): "\(instance.name) is being restarted"
    case (_, .unhealthy): "\(instance.name) is unhealthy"
    case (_, .starting): "\(instance.name) is not healthy yet"
    default: "\(instance.name) has just started"
    }
  }
}
