import ArgumentParser
import Supervisor

struct RestartCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "restart", abstract: "Stop a process and start it again.",
    discussion: """
      The queues that it reads and writes stay open meanwhile.

      Example:
        mporch restart count-2
      """)

  @Argument(
    help: ArgumentHelp("Processes (all their instances) or instances.", valueName: "process"),
    completion: .custom { _, _, _ in RunCompletion.processes() })
  var processes: [String]

  @OptionGroup var run: RunOptions

  func run(in context: CommandContext) throws -> ExitStatus {
    try TargetRequest(processes: processes, run: run.request).ask(in: context) { .restart(target: $0) }
  }
}
