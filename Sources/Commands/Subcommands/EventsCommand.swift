import ArgumentParser
import Glibc
import Logs
import Supervisor

struct EventsCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Show what happens to the processes of a run, as it happens.",
    discussion: """
      Starts, ends, restarts, repairs after a death, deadlocks; until the run ends. Times are in UTC.

      Examples:
        mporch events
        mporch events --format json
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @OptionGroup var run: RunOptions

  @Option(help: "The form of an event; json is one object a line.")
  var format = Format.text

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    let connection = try locator.connect(to: locator.findAlive(run.request))
    try connection.send(.events)
    while waitForNews(connection, context.output), let reply = try connection.next() {
      guard case .event(let event) = reply else { throw CommandFailure.unexpectedReply }
      context.output.write(try render(event))
    }
    return .success
  }

  private func render(_ event: Event) throws -> String {
    switch format {
    case .json: try JSONOutput.line(EventRecord(event))
    case .text: "\(LogTime.format(event.time)) \(event.text)\n"
    }
  }

  /// False once nobody reads what is shown: it is not to be found out by the next event only.
  private func waitForNews(_ connection: ControlConnection, _ output: OutputStream) -> Bool {
    if connection.hasReply { return !output.isBroken }
    return output.waitForInput(on: [connection.descriptor]) && !output.isBroken
  }
}
