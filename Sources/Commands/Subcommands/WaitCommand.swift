import ArgumentParser
import Supervisor

struct WaitCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "wait", abstract: "Wait until a run has ended; exit as 'mporch up' would.",
    discussion: """
      Of a run that has ended already it says so, and exits as that run did; how a run ended is kept until the next \
      'mporch up' of the project.

      Example:
        mporch up -d && mporch wait && echo all went well
      """)

  @OptionGroup var run: RunOptions

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    if let result = try live(locator) { return tell(result, to: context.errorOutput) }
    guard let outcome = try locator.outcome(run.request) else {
      throw CommandFailure(
        try locator.noRun(run.request) + "; how it ended is not known either",
        help: "'mporch up -d' starts one; one that has ended is named by -p")
    }
    context.errorOutput.write("mporch: \(OutcomeText.heading(outcome))\n")
    return tell(outcome.result, to: context.errorOutput)
  }

  /// `nil`: the run is over already.
  private func live(_ locator: RunLocator) throws -> RunResult? {
    guard case .alive(let status) = try locator.find(run.request),
      let connection = try locator.connectIfAlive(to: status)
    else { return nil }
    switch try connection.askUnlessOver(.wait) {
    case .ended(let result)?: return result
    case nil: return nil
    default: throw CommandFailure.unexpectedReply
    }
  }

  private func tell(_ result: RunResult, to stream: OutputStream) -> ExitStatus {
    stream.write(UpReport(result: result).failures() + UpReport(result: result).losses())
    return ExitStatus(code: result.exitCode)
  }
}
