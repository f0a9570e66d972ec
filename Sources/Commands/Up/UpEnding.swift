import Glibc
import Supervisor
import Text
import Topology

/// What `up` says and exits with once its part is over.
struct UpEnding {
  var end: UpSession.End
  /// Whether it is done when all of the run is ready.
  var awaitsReadiness: Bool
  var supervisor: Int32
  var topology: Topology
  var summary: UpReport.Summary?

  func report(in context: CommandContext) throws -> ExitStatus {
    switch end {
    case .detached:
      context.errorOutput.write("mporch: '\(topology.name)' is up\n")
      return .success
    case .result(let result):
      _ = reap()
      try tell(result, to: context.errorOutput)
      if awaitsReadiness, let failure = UnreadyReport.failure(ofEnded: result, project: topology.name) { throw failure }
      return ExitStatus(code: result.exitCode)
    case .refused(let refusal):
      _ = reap()
      throw CommandFailure(refusal)
    case .notReady(let instances):
      let report = UnreadyReport(instances: instances, project: topology.name)
      report.showLogs(in: context)
      throw report.failure
    case .lost: throw lost()
    case .abandoned(let signal): return .signal(signal)
    }
  }

  private func tell(_ result: RunResult, to stream: OutputStream) throws {
    let report = UpReport(result: result)
    // Who failed, and why, was told when it happened, with its place in the file.
    stream.write(report.killed() + report.commandLosses())
    if let summary { stream.write(try report.summary(summary, width: stream.width)) }
  }

  /// Returns when the supervisor has gone, and with it everything that it cleans up.
  private func reap() -> Int32 {
    var status: Int32 = 0
    while waitpid(supervisor, &status, 0) < 0, errno == EINTR {}
    return status
  }

  private func lost() -> CommandFailure {
    let status = reap()
    let signal = status & 0x7F
    let cause =
      signal != 0 ? "was killed by \(SignalName.words(for: signal))" : "exited with code \(status >> 8 & 0xFF)"
    return CommandFailure(
      "the supervisor of '\(topology.name)' (process \(supervisor)) \(cause); its processes end with it",
      help: "'mporch logs -p \(topology.name)' shows what they printed until then")
  }
}
