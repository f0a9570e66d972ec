import ArgumentParser
import Supervisor

struct ScaleCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "scale", abstract: "Change how many instances of a process run.",
    discussion: """
      Those that are too many, with the highest numbers, are stopped and have ended for good; what they had taken and not \
      finished returns to the queue. A pool is scaled by the number of its workers. Kinds that split their work by the \
      number of replicas (range, read-lines, fill, …) can't be scaled while they run. The next 'mporch up' goes back to \
      what the file says, unless --scale says otherwise.

      Examples:
        mporch scale count=8
        mporch scale -p wordcount count=2 split=4
      """)

  @Argument(
    help: ArgumentHelp("So many instances of a process.", valueName: "process=count"),
    completion: .custom { _, _, _ in RunCompletion.processes() }, transform: Scale.parse)
  var scales: [Scale]

  @OptionGroup var run: RunOptions

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    let status = try locator.findAlive(run.request)
    let counts = Dictionary(scales.map { ($0.process, $0.count) }, uniquingKeysWith: { $1 })
    guard case .changed(let report) = try locator.connect(to: status).ask(.scale(counts)) else {
      throw CommandFailure.unexpectedReply
    }
    context.errorOutput.write(ChangeText.render(report, isDryRun: false, showsUnchanged: false))
    return .success
  }
}
