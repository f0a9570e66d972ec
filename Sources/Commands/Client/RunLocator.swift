import Logs
import Supervisor
import SystemPackage
import Topology

/// Finds runs and reaches them, for the commands about them.
struct RunLocator {
  enum Found {
    case alive(RunStatus)
    /// The user, or a file, names this project, and it does not run.
    case notRunning(project: String)
    /// Nothing says which, and none is alive.
    case none
  }

  private let context: CommandContext
  private let runs = RunsFolder.ofThisUser

  /// First removes what killed runs have left.
  init(_ context: CommandContext) {
    self.context = context
    runs.sweep()
  }

  /// In order of their names.
  func liveRuns() -> [RunStatus] { runs.runs() }

  func find(_ request: RunRequest) throws -> Found {
    let live = liveRuns()
    let selection = RunSelection(
      live: live.map { LiveRun(name: $0.project, files: $0.files) },
      folderFile: TopologyFile.inThisFolderOrAbove().map(TopologyFile.absolute),
      nameOfProject: { TopologyReading.projectName(ofFiles: $0, in: context) })
    let files = try request.files.map { try TopologyFile.existing($0) }
    guard let name = try selection.select(RunRequest(project: request.project, files: files)) else { return .none }
    return live.first { $0.project == name }.map { .alive($0) } ?? .notRunning(project: name)
  }

  /// How the run ended that is meant, if it has; that of the only one that has, where nothing says which.
  func outcome(_ request: RunRequest) throws -> RunOutcome? {
    switch try find(request) {
    case .alive: return nil
    case .notRunning(let project): return RunOutcome(ofProject: project)
    case .none:
      let ended = ended()
      return ended.count == 1 ? ended[0] : nil
    }
  }

  private func ended() -> [RunOutcome] {
    LogDirectory.projectsWithLogs().compactMap { RunOutcome(ofProject: $0) }
  }

  func findAlive(_ request: RunRequest) throws -> RunStatus {
    guard case .alive(let run) = try find(request) else {
      throw CommandFailure(try noRun(request), help: "'mporch up -d' starts one")
    }
    return run
  }

  /// Says that there is no such run, and which there are.
  func noRun(_ request: RunRequest) throws -> String {
    let others = liveRuns().map { "'\($0.project)'" }
    let alive = others.isEmpty ? "" : "; alive: \(others.joined(separator: ", "))"
    switch try find(request) {
    case .notRunning(let project): return "'\(project)' is not running" + alive
    case .none, .alive:
      let ended = ended().map { "'\($0.status.project)'" }
      return "no run is alive" + (ended.isEmpty ? "" : "; ended: \(ended.joined(separator: ", "))")
    }
  }

  func connect(to run: RunStatus) throws -> ControlConnection {
    guard let connection = try connectIfAlive(to: run) else {
      throw CommandFailure(
        "'\(run.project)' has just ended, or does not answer", help: "'mporch ls' lists what is alive")
    }
    return connection
  }

  /// `nil`: it has just ended.
  func connectIfAlive(to run: RunStatus) throws(CommandFailure) -> ControlConnection? {
    if run.isSuspended {
      throw CommandFailure(
        "the supervisor of '\(run.project)' (process \(run.pid)) is stopped, as by SIGSTOP, and answers nobody",
        help: "kill -CONT \(run.pid)")
    }
    guard let socket = runs.connect(to: run.project) else { return nil }
    return ControlConnection(socket, to: run)
  }
}
