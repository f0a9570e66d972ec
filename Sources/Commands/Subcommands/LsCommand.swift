import ArgumentParser
import Logs
import Supervisor

struct LsCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List the runs that are alive.",
    discussion: """
      Example:
        mporch ls --format json
      """)

  @Flag(name: [.short, .long], help: "Print names only, one a line.")
  var quiet = false

  @Option(help: "The form of the answer.")
  var format = CommandContext.Format.table

  func run(in context: CommandContext) throws -> ExitStatus {
    let look = try RunLocator(context).look()
    if look.runs.isEmpty, look.unknown.isEmpty, !quiet { context.errorOutput.write("mporch: no run is alive\n") }
    context.output.write(try render(look.runs, width: context.output.width))
    for unknown in look.unknown {
      context.errorOutput.write(CommandFailure(Refusal(ofState: unknown.failure)).description)
    }
    return look.unknown.isEmpty ? .success : .resourcesUnavailable
  }

  private func render(_ runs: [RunStatus], width: Int?) throws -> String {
    if quiet { return runs.map { $0.project + "\n" }.joined() }
    if format == .json { return JSONOutput.pretty(runs.map(RunRecord.init)) }
    if runs.isEmpty { return "" }
    var table = Table(columns: [
      .init(title: "NAME"), .init(title: "PID", alignment: .right), .init(title: "MODE"), .init(title: "STARTED"),
      .init(title: "FILE", canShrink: true),
    ])
    table.rows = runs.map { run in
      [
        run.project, "\(run.pid)", run.isDetached ? "detached" : "foreground",
        String(LogTime.format(run.startedAt).prefix(19)) + "Z", run.files.joined(separator: ", "),
      ]
    }
    return table.render(width: width)
  }

  private struct RunRecord: Encodable {
    var name: String
    /// Of its supervisor.
    var pid: Int32
    var files: [String]
    var directory: String
    var logDirectory: String
    var startedAt: String
    var detached: Bool

    init(_ run: RunStatus) {
      name = run.project
      pid = run.pid
      files = run.files
      directory = run.directory
      logDirectory = run.logDirectory
      startedAt = LogTime.format(run.startedAt)
      detached = run.isDetached
    }
  }
}
