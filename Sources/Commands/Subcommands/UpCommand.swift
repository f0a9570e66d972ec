import ArgumentParser
import Logs
import Platform
import Supervisor
import Topology

struct UpCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "up", abstract: "Start a topology and show what its processes print.",
    discussion: """
      Checks the file, lays out its shared memory and starts its processes. In the foreground it shows what they print, \
      and ends when every process has; Ctrl-C stops them in order, a second one, a second later or more, kills at once. \
      What the processes print goes to the standard output, mporch's own words to standard error. Where a process writes \
      to '-', that has the standard output for itself, and the logs go to standard error.

      Of a project that runs already, what has changed in its processes takes effect, and only that: new ones start, \
      those that are gone from the file end for good, changed ones are stopped and started again. What the processes \
      share can't change. In the foreground it shows then what they print; Ctrl-C leaves the run alone.

      Exit codes:
        0  all succeeded             66   no such file
        1  a process failed          69   resources could not be had
       64  bad usage                130   after Ctrl-C, 143 after SIGTERM,
       65  invalid topology               129 after the terminal was closed

      Examples:
        mporch up
        mporch up wordcount.yaml --scale count=8
        mporch up -d --wait && mporch logs -f
        mporch up -f base.yaml -f local.yaml --profile debug
        mporch up --dry-run
        cat access.log | mporch up report.yaml > report.txt
      """)

  @OptionGroup var topology: TopologyOptions

  @Flag(name: [.short, .long], help: "Return once the processes have started; the run goes on without a terminal.")
  var detach = false

  @Flag(
    help: """
      Return once every process is healthy, or, without a health check, has run for a second, or has succeeded; \
      implies -d.
      """)
  var wait = false

  @Option(
    help: ArgumentHelp("With --wait: the longest to wait; the run goes on all the same.", valueName: "duration"),
    transform: DurationArgument.parse)
  var waitTimeout: DurationArgument?

  @Option(
    help: ArgumentHelp(
      "Show only the output of this process, or instance; repeat it for several.", valueName: "process"))
  var attach: [String] = []

  @Flag(name: .customLong("no-log-prefix"), help: "Leave out the names before the lines.")
  var hidesPrefix = false

  @Flag(help: "Show the time of each line, in UTC.")
  var timestamps = false

  @Option(
    help: ArgumentHelp("Run so many instances of a process; repeat it for several.", valueName: "process=count"),
    transform: Scale.parse)
  var scale: [Scale] = []

  @Flag(
    name: .customLong("dry-run"), help: "Only say what would become of each process; nothing is started or changed.")
  var isDryRun = false

  @Option(
    help: ArgumentHelp("The grace period of every process in this run.", valueName: "duration"),
    transform: DurationArgument.parse)
  var timeout: DurationArgument?

  @Option(help: ArgumentHelp("At the end, say what each instance did.", valueName: "form"))
  var summary: UpReport.Summary?

  private var isDetached: Bool { detach || wait }
  private var stay: UpSession.Stay { wait ? .untilReady : detach ? .untilRunning : .untilEnd }

  /// A broken standard output changes nothing in a run.
  var isItsOutput: Bool { false }

  func validate() throws {
    if waitTimeout != nil, !wait {
      throw ValidationError("--wait-timeout bounds the waiting of --wait, which is not given")
    }
    guard isDetached else { return }
    if !attach.isEmpty {
      throw ValidationError("--attach shows output, and a detached run (-d, --wait) has none to show")
    }
    if summary != nil {
      throw ValidationError("--summary is for the end of the run, and -d or --wait return before it")
    }
  }

  func run(in context: CommandContext) throws -> ExitStatus {
    let record = FileRecord()
    let loaded = try load(record, in: context)
    sayWhere(loaded, in: context)
    if let run = try running(loaded, in: context) {
      return try changeRunning(run, request(loaded, record), in: context)
    }
    if isDryRun { return sayWhatWouldStart(loaded.topology, in: context) }
    // Before the supervisor starts, so that no Ctrl-C falls between.
    let signals = try UpSession.watchSignals()
    let launch = SupervisorLaunch(sharesStandardStreams: !isDetached)
    let (processID, descriptor) = try launch.start()
    let connection = AttachConnection(descriptor)
    connection.send(.start(request(loaded, record)))
    let logs = UpStreams.logs(of: loaded.topology, in: context)
    let console = RunConsole(
      stream: logs, words: context.errorOutput, style: style(for: logs, in: context), shownInstances: shown)
    let end = try UpSession(connection: connection, signals: signals, console: console, stay: stay).run()
    // Another 'up' of the same files was faster.
    if case .refused = end, let run = try running(loaded, in: context) {
      ChildProcess.reap(processID)
      return try changeRunning(run, request(loaded, record), in: context)
    }
    return try UpEnding(
      end: end, awaitsReadiness: stay == .untilReady, supervisor: processID, topology: loaded.topology,
      summary: summary
    ).report(in: context)
  }

  /// Found in another folder, it may be one that the user has not thought of.
  private func sayWhere(_ loaded: TopologyReading.Loaded, in context: CommandContext) {
    guard topology.request.files.isEmpty, loaded.files != [TopologyFile.defaultName] else { return }
    context.errorOutput.write("mporch: taking '\(TopologyFile.absolute(loaded.files[0]))'\n")
  }

  private func load(_ record: FileRecord, in context: CommandContext) throws -> TopologyReading.Loaded {
    var wanted = topology.request
    if !attach.isEmpty || !scale.isEmpty {
      // As the file has it: a mistyped name is a mistake of this command, not of the file.
      let reading = TopologyReading(wanted, in: context, record: record)
      if let topology = reading.read(try reading.files()).topology { try check(topology) }
    }
    wanted.scale = scales
    return try TopologyReading(wanted, in: context, record: record).load()
  }

  /// The run of the same project, if it is one of the same files.
  private func running(
    _ loaded: TopologyReading.Loaded, in context: CommandContext
  ) throws(CommandFailure) -> RunStatus? {
    let name = loaded.topology.name
    guard case .alive(let run) = try RunLocator(context).find(RunRequest(project: name, files: [])) else { return nil }
    if run.files == loaded.files.map(TopologyFile.absolute) { return run }
    throw CommandFailure(
      "'\(name)' is running already, from another file: \(run.files.joined(separator: ", "))",
      help: "end it with 'mporch down -p \(name)', or give this one a name of its own: mporch up -p NAME …")
  }

  private func changeRunning(
    _ run: RunStatus, _ request: StartRequest, in context: CommandContext
  ) throws -> ExitStatus {
    var request = request
    request.environment = context.environment.values
    request.currentDirectory = TopologyFile.workingDirectory().string
    return try UpAgain(
      run: run, request: request, isDryRun: isDryRun, stay: stay, shown: shown,
      style: style(for: context.output, in: context)
    ).apply(in: context)
  }

  private func sayWhatWouldStart(_ topology: Topology, in context: CommandContext) -> ExitStatus {
    let added = topology.processes.map {
      ChangeReport.Entry(process: $0.name, change: .added(instances: $0.replicas))
    }
    context.errorOutput.write(ChangeText.render(ChangeReport(processes: added), isDryRun: true))
    return .success
  }

  private func request(_ loaded: TopologyReading.Loaded, _ record: FileRecord) -> StartRequest {
    StartRequest(
      files: loaded.files, filePaths: loaded.files.map(TopologyFile.absolute), record: record,
      projectName: topology.project, environmentFiles: topology.environmentFiles,
      profiles: topology.profiles, scale: scales,
      attachment: isDetached ? .detached(wait: wait) : .foreground(outputOf: attach.isEmpty ? nil : attach),
      gracePeriodSeconds: timeout?.seconds, waitLimitSeconds: waitTimeout?.seconds)
  }

  /// Of one given twice the last counts.
  private var scales: [String: Int] { Dictionary(scale.map { ($0.process, $0.count) }, uniquingKeysWith: { $1 }) }

  private func style(for stream: OutputStream, in context: CommandContext) -> LogStyle {
    LogStyle(for: stream, environment: context.environment, hasPrefix: !hidesPrefix, hasTimestamp: timestamps)
  }

  /// Of the given instances, those whose output is shown.
  private func shown(_ instances: [String]) -> [String] {
    guard !attach.isEmpty else { return instances }
    return instances.filter { attach.contains($0) || LogFilter.process(of: $0).map(attach.contains) ?? false }
  }

  /// The names of processes that options give.
  private func check(_ topology: Topology) throws(CommandFailure) {
    let names = topology.processes.map(\.name)
    let instances = topology.processes.flatMap { process in
      (1...(scales[process.name] ?? process.replicas)).map { "\(process.name)-\($0)" }
    }
    for name in attach where !names.contains(name) && !instances.contains(name) {
      throw unknown(name, option: "--attach", among: names)
    }
    for scale in scale where !names.contains(scale.process) {
      throw unknown(scale.process, option: "--scale", among: names)
    }
  }

  private func unknown(_ name: String, option: String, among names: [String]) -> CommandFailure {
    CommandFailure(
      .usage, "\(option) names '\(name)', and there is no such process",
      help: nearest(to: name, among: names).map { "did you mean '\($0)'?" }
        ?? "the processes are \(names.joined(separator: ", "))")
  }
}

/// `--scale count=8`.
struct Scale: Equatable {
  var process: String
  var count: Int

  static func parse(_ text: String) throws -> Scale {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ValidationError("write it as PROCESS=COUNT, like count=8")
    }
    guard let count = Int(parts[1]), count >= 1 else {
      throw ValidationError("'\(parts[1])' is no number of instances: give at least 1, like \(parts[0])=8")
    }
    return Scale(process: String(parts[0]), count: count)
  }
}
