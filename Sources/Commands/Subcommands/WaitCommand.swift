import ArgumentParser
import Supervisor

struct WaitCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "wait", abstract: "Wait until a run has ended; exit as 'mporch up' would.",
    discussion: """
      Example:
        mporch up -d && mporch wait && echo all went well
      """)

  @OptionGroup var run: RunOptions

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    let connection = try locator.connect(to: locator.findAlive(run.request))
    guard case .ended(let result) = try connection.ask(.wait) else { throw CommandFailure.unexpectedReply }
    context.errorOutput.write(UpReport(result: result).failures())
    return ExitStatus(code: result.exitCode)
  }
}
