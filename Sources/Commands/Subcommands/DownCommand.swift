import ArgumentParser
import Supervisor

struct DownCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "down", abstract: "Stop a run and free all that it has.",
    discussion: """
      Processes stop in reverse order of what depends on what: each is asked by its stop_signal, and killed when its \
      stop_grace_period is over. Returns when everything is gone. Without a run there is nothing to do: that is success.

      Examples:
        mporch down
        mporch down -p wordcount --timeout 2s
      """)

  @OptionGroup var run: RunOptions

  @Option(
    help: ArgumentHelp("The grace period of every process, instead of its own.", valueName: "duration"),
    transform: DurationArgument.parse)
  var timeout: DurationArgument?

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    guard case .alive(let status) = try locator.find(run.request) else {
      context.errorOutput.write("mporch: " + (try locator.noRun(run.request)) + "\n")
      return .success
    }
    status.resume()
    do {
      let request = ControlRequest.down(gracePeriodSeconds: timeout?.seconds)
      guard case .ended(let result) = try locator.connect(to: status).ask(request) else {
        throw CommandFailure.unexpectedReply
      }
      context.errorOutput.write(UpReport(result: result).killed() + UpReport(result: result).losses())
    } catch {
      // It may have ended by itself meanwhile.
      guard status.isOver else { throw error }
    }
    status.awaitSupervisorEnd()
    context.errorOutput.write("mporch: '\(status.project)' is down\n")
    return .success
  }
}
