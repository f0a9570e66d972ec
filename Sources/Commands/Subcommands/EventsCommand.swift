import ArgumentParser
import Glibc
import Logs
import Platform
import Supervisor
import SystemPackage

struct EventsCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Show what happens to the processes of a run, as it happens.",
    discussion: """
      Starts, ends, restarts, repairs after a death, deadlocks, what commands have changed; until the run ends. With \
      --since also what happened before. Of a run that has ended it shows all that happened, until the next 'mporch up' \
      of the project. Times are in UTC.

      Examples:
        mporch events
        mporch events --since 10m
        mporch events --format json | jq 'select(.event == "exited")'
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @OptionGroup var run: RunOptions

  @Option(help: ArgumentHelp("Not what is earlier than this.", valueName: "time"), transform: TimeArgument.parse)
  var since: TimeArgument?

  @Option(
    help: ArgumentHelp("Not what is later than this; ends then.", valueName: "time"), transform: TimeArgument.parse)
  var until: TimeArgument?

  @Option(help: "The form of an event; json is one object a line.")
  var format = Format.text

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    guard case .alive(let status) = try locator.find(run.request),
      let connection = try locator.connectIfAlive(to: status)
    else { return try showEnded(locator, context) }
    guard case .status = try connection.ask(.events) else { throw CommandFailure.unexpectedReply }
    // What happens from here on comes by the connection; some of it may be in the journal already.
    let earlier = since == nil ? [] : try earlierEvents(of: status)
    try show(earlier, context.output)
    try follow(connection, after: earlier.suffix(1000), context.output)
    return .success
  }

  private func showEnded(_ locator: RunLocator, _ context: CommandContext) throws -> ExitStatus {
    guard let outcome = try locator.outcome(run.request) else {
      throw CommandFailure(
        try locator.noRun(run.request), help: "'mporch up -d' starts one; one that has ended is named by -p")
    }
    context.errorOutput.write("mporch: \(OutcomeText.heading(outcome))\n")
    try show(earlierEvents(of: outcome.status), context.output)
    return .success
  }

  private func earlierEvents(of run: RunStatus) throws(CommandFailure) -> [Event] {
    do {
      return try EventJournal.events(in: LogDirectory(ofRun: run))
    } catch {
      throw CommandFailure(error)
    }
  }

  private func follow(_ connection: ControlConnection, after known: [Event], _ output: OutputStream) throws {
    var last = known.last
    while !isOver, waitForNews(connection, output), !isOver {
      guard let reply = try connection.next() else {
        // Its supervisor says so last, unless it was killed.
        if case .runEnded = last?.kind { return }
        throw connection.lost()
      }
      guard case .event(let event) = reply else { throw CommandFailure.unexpectedReply }
      if !known.contains(event) { try show([event], output) }
      last = event
    }
  }

  private func show(_ events: [Event], _ output: OutputStream) throws {
    for event in events where event.time >= since?.nanoseconds ?? .min && event.time <= until?.nanoseconds ?? .max {
      output.write(try render(event))
    }
  }

  private func render(_ event: Event) throws -> String {
    switch format {
    case .json: JSONOutput.line(EventRecord(event))
    case .text: "\(LogTime.format(event.time)) \(event.text)\n"
    }
  }

  private var isOver: Bool { until.map { $0.nanoseconds <= WallClock.now } ?? false }

  /// False once nobody reads what is shown: it is not to be found out by the next event only.
  private func waitForNews(_ connection: ControlConnection, _ output: OutputStream) -> Bool {
    if connection.hasReply { return !output.isBroken }
    let milliseconds = until.map { Int32(clamping: max(0, $0.nanoseconds - WallClock.now) / 1_000_000 + 1) }
    return output.waitForInput(on: [connection.descriptor], milliseconds: milliseconds ?? -1) && !output.isBroken
  }
}
