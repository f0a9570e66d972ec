import ArgumentParser
import Supervisor

struct WhyCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Show what the processes of a run wait for, for how long, and what would help.",
    discussion: """
      WORKING and WAITING are shares of a process's time, in all its lives: what is not waited counts as work. Below \
      stands what each waits for at this moment, who has it or could give it, and what holds the run up most.

      Examples:
        mporch why
        mporch why count
        mporch why --format json
      """)

  @Argument(
    help: "Only this process (all its instances) or this instance.",
    completion: .custom { _, _, _ in RunCompletion.processes() })
  var process: String?

  @OptionGroup var run: RunOptions

  @Option(help: "The form of the answer.")
  var format = CommandContext.Format.table

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    let connection = try locator.connect(to: locator.findAlive(run.request))
    guard case .why(let report) = try connection.ask(.why(target: process)) else {
      throw CommandFailure.unexpectedReply
    }
    switch format {
    case .json: context.output.write(JSONOutput.pretty(report))
    case .table: context.output.write(WhyText.render(report, width: context.output.width))
    }
    return .success
  }
}
