import ArgumentParser
import Supervisor

struct InspectCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show the shared resources of a run as they are now.",
    discussion: """
      Queues with their depth, rate, drops and oldest items; locks, semaphores, conditions, events and \
      barriers with holders and waiters; values, and the first elements of arrays. Looking stops nobody.

      Examples:
        mporch inspect
        mporch inspect lines
        mporch inspect --format json
      """)

  @Argument(
    help: "Only this resource, with all that is known of it.",
    completion: .custom { _, _, _ in RunCompletion.resources() })
  var resource: String?

  @OptionGroup var run: RunOptions

  @Option(help: "The form of the answer.")
  var format = CommandContext.Format.table

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    let connection = try locator.connect(to: locator.findAlive(run.request))
    guard case .resources(let resources) = try connection.ask(.inspect(resource: resource)) else {
      throw CommandFailure.unexpectedReply
    }
    switch format {
    case .json: context.output.write(try JSONOutput.pretty(resources.map(ResourceRecord.init)))
    case .table where resource != nil: context.output.write(resources.map(ResourceText.page).joined())
    case .table: context.output.write(ResourceText.list(resources, width: context.output.width))
    }
    return .success
  }
}
