import Logs
import Platform
import Supervisor
import SystemPackage

/// `mporch up` of a project that runs already: what has changed in its processes takes effect, then, in the foreground,
/// what they print from now on is shown.
///
/// The run belongs to the `up` that started it: Ctrl-C ends this command, and the run goes on.
struct UpAgain {
  let run: RunStatus
  /// With this command's variables and folder.
  let request: StartRequest
  let isDryRun: Bool
  let stay: UpSession.Stay
  /// Of the given instances, those whose output is shown.
  let shown: ([String]) -> [String]
  let style: LogStyle

  func apply(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    let since = WallClock.now
    let connection = try locator.connect(to: run)
    guard case .changed(let report) = try connection.ask(.change(request, isDryRun: isDryRun)) else {
      throw CommandFailure.unexpectedReply
    }
    context.errorOutput.write(ChangeText.render(report, isDryRun: isDryRun))
    if isDryRun { return .success }
    // A signal ends this command as it is, also where who started it has blocked them: the run does not depend on it.
    CurrentProcess.unblockSignals()
    switch stay {
    case .untilRunning: return .success
    case .untilReady: return try awaitReadiness(connection, in: context)
    case .untilEnd: return try follow(since: since, locator, in: context)
    }
  }

  private func awaitReadiness(_ connection: ControlConnection, in context: CommandContext) throws -> ExitStatus {
    switch try connection.ask(.awaitReadiness(patienceSeconds: request.waitLimitSeconds)) {
    case .readiness(let unready) where unready.isEmpty:
      context.errorOutput.write("mporch: '\(run.project)' is up\n")
      return .success
    case .readiness(let unready):
      let report = UnreadyReport(instances: unready, project: run.project)
      report.showLogs(in: context)
      throw report.failure
    case .ended(let result):
      if let failure = UnreadyReport.failure(ofEnded: result, project: run.project) { throw failure }
      return tell(result, in: context)
    default: throw CommandFailure.unexpectedReply
    }
  }

  private func tell(_ result: RunResult, in context: CommandContext) -> ExitStatus {
    context.errorOutput.write(UpReport(result: result).failures() + UpReport(result: result).losses())
    return ExitStatus(code: result.exitCode)
  }

  private func follow(since: Int64, _ locator: RunLocator, in context: CommandContext) throws -> ExitStatus {
    context.errorOutput.write(
      "mporch: showing the output of '\(run.project)', which runs already; Ctrl-C leaves it running\n")
    let source = try locator.logs(RunRequest(project: run.project, files: []))
    var query = LogQuery(tail: nil, since: since, until: nil)
    query.includes = { [shown] instance in !shown([instance]).isEmpty }
    let printer = LogPrinter(
      output: context.output, style: style, instances: shown(source.instances), showsNotes: false,
      words: context.errorOutput)
    if let connection = source.connection {
      try printer.follow(LogFollower(directory: source.directory, query: query), until: connection)
      if context.output.isBroken { return .success }
      guard case .ended(let result)? = try connection.next() else { throw connection.lost() }
      return tell(result, in: context)
    }
    return .success
  }
}
