import Logs
import Platform
import Supervisor
import SystemPackage
import Topology

/// What a user said about which run is meant.
struct RunRequest {
  var project: String?
  var files: [String]

  /// Whether it says which by itself.
  var names: Bool { project != nil || !files.isEmpty }
}

/// A run that is alive, or of which it is known how it ended.
struct KnownRun: Equatable {
  var name: String
  /// Absolute paths, first to last.
  var files: [String]
}

/// Finds the run that a command means: by its name, by its file, by the file in this folder (or above), or, where that
/// leaves it open, the only one alive. A file in this folder decides: a command never reaches for another project.
struct RunSelection {
  var live: [KnownRun]
  /// The last one first.
  var ended: () -> [KnownRun]
  /// Absolute path of the `mporch.yaml` here or above.
  var folderFile: String?
  /// The name of the project that files declare; absolute paths.
  var nameOfProject: ([String]) -> String

  /// The name of the run, alive or not; `nil`: nothing says which, and none is alive.
  func select(_ request: RunRequest) throws(CommandFailure) -> String? {
    if let project = request.project { return project }
    if !request.files.isEmpty { return try project(of: request.files) }
    if let folderFile { return try project(of: [folderFile]) }
    guard live.count > 1 else { return live.first?.name }
    throw ambiguous(live, "several runs are alive")
  }

  private func project(of files: [String]) throws(CommandFailure) -> String {
    let matching = live.filter { $0.files == files }
    if matching.count > 1 { throw ambiguous(matching, "several runs of '\(files[0])' are alive") }
    if let run = matching.first ?? ended().first(where: { $0.files == files }) { return run.name }
    return nameOfProject(files)
  }

  private func ambiguous(_ runs: [KnownRun], _ reason: String) -> CommandFailure {
    let list = runs.map { "\n  -p \($0.name)  (\($0.files.joined(separator: ", ")))" }.joined()
    return CommandFailure(.usage, reason + "; say which one:" + list)
  }
}

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

  /// What is alive, and what nobody can say of.
  func look() throws(CommandFailure) -> RunsFolder.Look {
    do {
      return try runs.look()
    } catch {
      throw CommandFailure(Refusal(ofState: error))
    }
  }

  func find(_ request: RunRequest) throws(CommandFailure) -> Found {
    let look = try look()
    guard let name = try name(of: request, look.runs) else {
      // One of these may be what is meant.
      try look.check { _ in true }
      return .none
    }
    if let run = look.runs.first(where: { $0.project == name }) { return .alive(run) }
    try look.check { $0 == name }
    return .notRunning(project: name)
  }

  private func name(of request: RunRequest, _ live: [RunStatus]) throws(CommandFailure) -> String? {
    let selection = RunSelection(
      live: live.map { KnownRun(name: $0.project, files: $0.files) },
      ended: { ended().map { KnownRun(name: $0.status.project, files: $0.status.files) } },
      folderFile: request.names ? nil : try TopologyFile.inThisFolderOrAbove().map(TopologyFile.absolute),
      nameOfProject: { TopologyReading.projectName(ofFiles: $0, in: context) })
    var files: [String] = []
    for file in request.files { files.append(try TopologyFile.existing(file)) }
    return try selection.select(RunRequest(project: request.project, files: files))
  }

  /// How the run ended that is meant, if it has; that of the only one that has, where nothing says which.
  func outcome(_ request: RunRequest) throws -> RunOutcome? {
    switch try find(request) {
    case .alive: return nil
    case .notRunning(let project):
      do {
        return try RunOutcome(ofProject: project)
      } catch {
        throw CommandFailure(error)
      }
    case .none:
      let ended = ended()
      return ended.count == 1 ? ended[0] : nil
    }
  }

  /// The last one first.
  private func ended() -> [RunOutcome] {
    LogDirectory.projectsWithLogs().compactMap { try? RunOutcome(ofProject: $0) }.sorted { $0.endedAt > $1.endedAt }
  }

  func findAlive(_ request: RunRequest) throws -> RunStatus {
    if case .alive(let run) = try find(request) { return run }
    if let outcome = try outcome(request) {
      throw CommandFailure(
        OutcomeText.heading(outcome),
        help: "of a run that has ended there are 'mporch logs', 'events', 'ps -a' and 'wait'")
    }
    throw CommandFailure(try noRun(request), help: "'mporch up -d' starts one")
  }

  /// Says that there is no such run, and which there are.
  func noRun(_ request: RunRequest) throws -> String {
    let others = try look().runs.map { "'\($0.project)'" }
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
    do {
      guard let socket = try runs.connect(to: run.project) else { return nil }
      return ControlConnection(socket, to: run)
    } catch {
      throw CommandFailure(Refusal(ofState: error))
    }
  }
}

extension RunsFolder.Look {
  /// Nobody is told that a run is not alive of which that isn't known.
  fileprivate func check(_ isMeant: (String) -> Bool) throws(CommandFailure) {
    guard let unknown = unknown.first(where: { isMeant($0.project) }) else { return }
    throw CommandFailure(Refusal(ofState: unknown.failure))
  }
}
