import ArgumentParser
import Supervisor

struct StopCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Stop a process, and leave the run alive.",
    discussion: """
      The process is asked by its stop_signal, and killed when its grace period is over. It is not started again by its \
      restart policy; 'mporch start' does so. The queues that it wrote to stay open meanwhile.

      Example:
        mporch stop count
      """)

  @Argument(
    help: ArgumentHelp("Processes (all their instances) or instances.", valueName: "process"),
    completion: .custom { _, _, _ in RunCompletion.processes() })
  var processes: [String]

  @Option(
    help: ArgumentHelp("The grace period, instead of the process's own.", valueName: "duration"),
    transform: DurationArgument.parse)
  var timeout: DurationArgument?

  @OptionGroup var run: RunOptions

  func run(in context: CommandContext) throws -> ExitStatus {
    try TargetRequest(processes: processes, run: run.request).ask(in: context) {
      .stop(target: $0, gracePeriodSeconds: timeout?.seconds)
    }
  }
}
