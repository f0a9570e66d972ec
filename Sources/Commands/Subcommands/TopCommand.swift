import ArgumentParser
import Glibc
import Platform
import Supervisor
import SystemPackage

struct TopCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "top", abstract: "Show a run live on the terminal, and act on its processes by keys.",
    discussion: """
      Processes and resources, looked at once a second: what each process does and waits on, how full the queues are, who \
      holds the locks. '?' shows the keys. The page leaves the terminal as it was, also when it is killed; the run goes \
      on. Where standard output is no terminal, one page is printed as text.

      Examples:
        mporch top
        mporch top -d 0.2
        mporch top --once
      """)

  private static let shortestPause = 0.1
  private static let longestPause = 3600.0
  /// Between the two looks of a page that is printed: rates take two.
  private static let oncePauseMicroseconds: UInt32 = 500_000
  private static let printedColumns = 120

  @Option(
    name: [.customShort("d"), .customLong("delay")],
    help: ArgumentHelp("The time between two looks.", valueName: "duration"), transform: DurationArgument.parse)
  var delay = DurationArgument(seconds: 1)

  @Flag(help: "Print one page as text, and end.")
  var once = false

  @OptionGroup var run: RunOptions

  func validate() throws {
    guard (Self.shortestPause...Self.longestPause).contains(delay.seconds) else {
      throw ValidationError("the time between two looks is 100ms to 1h")
    }
  }

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    let status = try locator.findAlive(run.request)
    let canShowPages = context.output.isTerminal && context.environment["TERM"] != "dumb"
    guard canShowPages, !once else { return try printPage(of: status, locator, context) }
    return try showPages(of: status, locator, context)
  }

  // MARK: As text

  private func printPage(of status: RunStatus, _ locator: RunLocator, _ context: CommandContext) throws -> ExitStatus {
    var model = TopModel(status)
    let connection = try locator.connect(to: status)
    for isSecond in [false, true] {
      if isSecond { usleep(Self.oncePauseMicroseconds) }
      guard case .processes(let instances, _) = try connection.ask(.ps),
        case .resources(let resources) = try connection.ask(.inspect(resources: [], excerptCount: 10))
      else { throw CommandFailure.unexpectedReply }
      model.take(
        .init(instances: instances, resources: resources), time: MonotonicClock.now,
        wallTime: WallClock.now)
    }
    let page = TopPage.whole(model, width: context.output.width ?? Self.printedColumns)
    context.output.write(page.map { $0.withoutTrailingBlanks + "\n" }.joined())
    return .success
  }

  // MARK: On a terminal

  private func showPages(of status: RunStatus, _ locator: RunLocator, _ context: CommandContext) throws -> ExitStatus {
    let session = try TopSession(
      status,
      screen: TerminalScreen(context.output, hasColour: context.output.hasColour(context.environment)),
      keys: Self.keys(of: context.output),
      signals: SignalDescriptor([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH]),
      ending: TopEnding(of: status, on: locator.connect(to: status)),
      connect: { try? locator.connectIfAlive(to: status) }, pauseSeconds: delay.seconds)
    let end = try session.run()
    if case .ended(let words, _) = session.model.phase { context.errorOutput.write("mporch: \(words)\n") }
    return if case .signal(let signal) = end { .signal(signal) } else { .success }
  }

  /// Standard input, or, where that is something else, the terminal that the page is shown on.
  private static func keys(of output: OutputStream) throws -> Descriptor {
    if isatty(STDIN_FILENO) == 1 { return try Descriptor.duplicate(of: STDIN_FILENO, atLeast: 3) }
    let opened = open("/proc/self/fd/\(output.descriptor.rawValue)", O_RDONLY | O_NOCTTY | O_CLOEXEC)
    guard opened >= 0 else {
      throw CommandFailure(
        .usage, "standard input is no terminal, so that no key can be read", help: "'mporch top --once' needs none")
    }
    return Descriptor(owning: opened)
  }
}
