import Logs
import Supervisor

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
