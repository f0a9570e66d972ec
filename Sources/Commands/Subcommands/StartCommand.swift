import ArgumentParser
import Supervisor

struct StartCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Start a process that was stopped, or has ended.",
    discussion: """
      Also one that waits to start, whatever it depends on.

      Example:
        mporch start count
      """)

  @Argument(
    help: ArgumentHelp("Processes (all their instances) or instances.", valueName: "process"),
    completion: .custom { _, _, _ in RunCompletion.processes() })
  var processes: [String]

  @OptionGroup var run: RunOptions

  func run(in context: CommandContext) throws -> ExitStatus {
    try TargetRequest(processes: processes, run: run.request).ask(in: context) { .start(target: $0) }
  }
}
