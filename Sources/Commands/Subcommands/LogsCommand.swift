import ArgumentParser
import Logs
import Topology

struct LogsCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Show what the processes of a run have printed, in order of time.",
    discussion: """
      Also after the run's end, until the next 'mporch up' of the project. mporch's own warnings and errors are among \
      them, under the name 'mporch'; 'mporch logs mporch' shows all that it noted. A time is RFC 3339, a date, seconds since 1970, or how long ago: 10m, 1h30m. Here -f follows; a file is \
      named by --file.

      Examples:
        mporch logs
        mporch logs -f count --tail 10
        mporch logs -t --since 5m
        mporch logs --format json | jq -r .text
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @ArgumentParser.Argument(
    help: ArgumentHelp("Only these processes, or instances.", valueName: "process"),
    completion: .custom { _, _, _ in RunCompletion.processes() })
  var processes: [String] = []

  @Flag(name: [.short, .long], help: "Go on with what is printed from now on, until the run ends.")
  var follow = false

  // A negative number is to be refused as that, and not taken for an option.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The last so many lines of each instance, or 'all'.", valueName: "count"),
    transform: LineCount.parse)
  var tail: LineCount?

  @Option(help: ArgumentHelp("Not what is earlier than this.", valueName: "time"), transform: TimeArgument.parse)
  var since: TimeArgument?

  @Option(help: ArgumentHelp("Not what is later than this.", valueName: "time"), transform: TimeArgument.parse)
  var until: TimeArgument?

  @Flag(name: [.customShort("t"), .long], help: "Show the time of each line, in UTC.")
  var timestamps = false

  @Flag(name: .customLong("no-log-prefix"), help: "Leave out the names.")
  var hidesPrefix = false

  @Option(help: "The form of a line; json is one object a line: time, name, stream, text.")
  var format = Format.text

  @Option(
    name: [.customShort("p"), .customLong("project-name")],
    help: ArgumentHelp("The run of this name, alive or not.", valueName: "name"),
    completion: .custom { _, _, _ in RunCompletion.projects() })
  var project: String?

  @Option(
    name: .customLong("file"), parsing: .singleValue,
    help: ArgumentHelp("The run of this file; repeat it for a run of several.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var files: [String] = []

  func validate() throws { try ProjectName.check(project) }

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    let source = try locator.logs(RunRequest(project: project, files: files))
    var query = LogQuery(tail: tail?.count, since: since?.nanoseconds, until: until?.nanoseconds)
    let filter = try LogFilter(processes, known: source.knownInstances)
    query.includes = filter.includes
    let style = LogStyle(self, output: context.output, environment: context.environment)
    let printer = LogPrinter(
      output: context.output, style: style, instances: source.instances.filter(filter.includes),
      showsNotes: processes.contains(LogDirectory.ownInstance))
    if follow, let connection = source.connection {
      try printer.follow(LogFollower(directory: source.directory, query: query), until: connection)
    } else {
      try printer.printAll(LogMerge(directory: source.directory, query: query))
    }
    return .success
  }
}

/// `--tail 10`, `--tail all`.
struct LineCount: Equatable {
  /// `nil`: all.
  var count: Int?

  static func parse(_ text: String) throws -> LineCount {
    if text == "all" { return LineCount(count: nil) }
    guard let count = Int(text), count >= 0 else { throw ValidationError("give a number of lines, or 'all'") }
    return LineCount(count: count)
  }
}

extension LogStyle {
  fileprivate init(_ command: LogsCommand, output: OutputStream, environment: ProcessEnvironment) {
    self.init(
      for: output, environment: environment, hasPrefix: !command.hidesPrefix, hasTimestamp: command.timestamps)
    format = command.format == .json ? .json : .text
  }
}
