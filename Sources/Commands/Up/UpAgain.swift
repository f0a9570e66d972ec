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
  let isDetached: Bool
  /// Of the given instances, those whose output is shown.
  let shown: ([String]) -> [String]
  let style: LogStyle

  func apply(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    let since = LogTime.now()
    guard case .changed(let report) = try locator.connect(to: run).ask(.change(request, isDryRun: isDryRun)) else {
      throw CommandFailure.unexpectedReply
    }
    context.errorOutput.write(ChangeText.render(report, isDryRun: isDryRun))
    if isDryRun || isDetached { return .success }
    context.errorOutput.write(
      "mporch: showing the output of '\(run.project)', which runs already; Ctrl-C leaves it running\n")
    // A signal ends this command as it is, also where who started it has blocked them: the run does not depend on it.
    CurrentProcess.unblockSignals()
    return try follow(since: since, locator, in: context)
  }

  private func follow(since: Int64, _ locator: RunLocator, in context: CommandContext) throws -> ExitStatus {
    let source = try locator.logs(RunRequest(project: run.project, files: []))
    var query = LogQuery(tail: nil, since: since, until: nil)
    query.includes = { [shown] instance in !shown([instance]).isEmpty }
    let printer = LogPrinter(
      output: context.output, style: style, instances: shown(source.instances), showsNotes: false)
    if let connection = source.connection {
      try printer.follow(LogFollower(directory: source.directory, query: query), until: connection)
      guard case .ended(let result)? = try connection.next() else { return .success }
      context.errorOutput.write(UpReport(result: result).failures())
      return ExitStatus(code: result.exitCode)
    }
    return .success
  }
}
