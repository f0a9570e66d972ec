import ArgumentParser
import Supervisor

struct InspectCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show the shared resources of a run as they are now.",
    discussion: """
      Queues with depth, bytes, rates, drops, dead letters, who has taken what, and the oldest items; pipes with their \
      ends; locks, semaphores, conditions, events and barriers with who holds, waits and is missing; values and arrays; \
      managed objects with a part of what they hold; pools. Looking stops nobody.

      Examples:
        mporch inspect
        mporch inspect lines ledger
        mporch inspect lines --items 100
        mporch inspect --format json
      """)

  @Argument(
    help: "Only these, with all that is known of each.", completion: .custom { _, _, _ in RunCompletion.resources() })
  var resources: [String] = []

  @OptionGroup var run: RunOptions

  @Option(help: ArgumentHelp("So many items of a queue, elements of an array: 1000 at most.", valueName: "count"))
  var items = 10

  @Option(help: "The form of the answer.")
  var format = CommandContext.Format.table

  func validate() throws {
    guard (0...1000).contains(items) else { throw ValidationError("--items goes from 0 to 1000") }
  }

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    let connection = try locator.connect(to: locator.findAlive(run.request))
    let request = ControlRequest.inspect(resources: resources, excerptCount: items)
    guard case .resources(let found) = try connection.ask(request) else { throw CommandFailure.unexpectedReply }
    switch format {
    case .json: context.output.write(JSONOutput.pretty(found.map(ResourceRecord.init)))
    case .table where found.isEmpty: context.errorOutput.write("mporch: the topology declares no resources\n")
    case .table where resources.isEmpty:
      context.output.write(ResourceViews.tables(found, width: context.output.width))
    case .table: context.output.write(found.map(ResourceViews.page).joined(separator: "\n"))
    }
    return .success
  }
}
