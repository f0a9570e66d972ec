import ArgumentParser
import Supervisor

struct PsCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "ps", abstract: "List the processes of a run: state, work done, what each waits on.",
    discussion: """
      IN and OUT count items; RATE is items a second; WAITING-ON names what a process sleeps on. Those that have ended \
      are shown with -a, also after the run's end, until the next 'mporch up' of the project. Without a run there is \
      nothing to list: that is success.

      Examples:
        mporch ps
        mporch ps -a --format json
        kill -9 $(mporch ps -q)
      """)

  @OptionGroup var run: RunOptions

  @Flag(name: [.short, .long], help: "Show those that have ended too.")
  var all = false

  @Flag(name: [.short, .long], help: "Print process ids only, one a line.")
  var quiet = false

  @Option(help: "The form of the answer.")
  var format = CommandContext.Format.table

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    guard let (instances, losses) = try live(locator) ?? ended(locator, context.errorOutput) else {
      context.errorOutput.write("mporch: " + (try locator.noRun(run.request)) + "\n")
      if format == .json { context.output.write("[]\n") }
      return .success
    }
    let shown = instances.filter { all || !$0.state.isOver || $0.waitsForEver }
    context.output.write(try render(shown, losses, width: context.output.width))
    return .success
  }

  /// `nil`: the run is not alive.
  private func live(_ locator: RunLocator) throws -> ([InstanceStatus], RunLosses)? {
    guard case .alive(let status) = try locator.find(run.request),
      let reply = try locator.connectIfAlive(to: status)?.askUnlessOver(.ps)
    else { return nil }
    guard case .processes(let instances, let losses) = reply else { throw CommandFailure.unexpectedReply }
    return (instances, losses)
  }

  /// `nil`: they are not asked for, or nothing is known of them.
  private func ended(_ locator: RunLocator, _ words: OutputStream) throws -> ([InstanceStatus], RunLosses)? {
    guard all, let outcome = try locator.outcome(run.request) else { return nil }
    words.write("mporch: \(OutcomeText.heading(outcome))\n")
    return (outcome.instances, outcome.result.losses)
  }

  private func render(_ instances: [InstanceStatus], _ losses: RunLosses, width: Int?) throws -> String {
    if quiet { return instances.compactMap(\.pid).map { "\($0)\n" }.joined() }
    return switch format {
    case .table: StatusTable.render(instances, width: width) + (all ? StatusTable.losses(losses) : "")
    case .json: JSONOutput.pretty(instances.map(StatusRecord.init))
    }
  }
}

extension InstanceStatus {
  /// It was ended for a deadlock: of those that have ended, these alone waited on something.
  fileprivate var waitsForEver: Bool { state == .failed && waitingOn != nil }
}

extension InstanceStatus.State {
  /// Whether it has ended and will not start by itself.
  var isOver: Bool {
    switch self {
    case .pending, .running, .stopping, .restarting: false
    case .succeeded, .failed, .stopped, .neverStarted: true
    }
  }
}
