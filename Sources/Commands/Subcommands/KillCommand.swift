import ArgumentParser
import Supervisor
import Text

struct KillCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "kill", abstract: "Send a signal to a process.",
    discussion: """
      What the process held returns: items that it had taken, locks, counts. By its restart policy it may start again.

      Examples:
        mporch kill count-2
        mporch kill count -s TERM
      """)

  @Argument(
    help: ArgumentHelp("Processes (all their instances) or instances.", valueName: "process"),
    completion: .custom { _, _, _ in RunCompletion.processes() })
  var processes: [String]

  @Option(name: [.short, .long], help: "A name or a number: KILL, SIGTERM, 10.")
  var signal = "KILL"

  @OptionGroup var run: RunOptions

  func run(in context: CommandContext) throws -> ExitStatus {
    let number = try SignalName.parse(signal)
    return try TargetRequest(processes: processes, run: run.request).ask(in: context) {
      .kill(target: $0, signal: number)
    }
  }
}
