import Logs
import Supervisor
import SystemPackage

/// Where the logs of a run are, and whether more will come.
struct RunLogs {
  var directory: LogDirectory
  /// Those of the run, or, once it has ended, those that have a log.
  var instances: [String]
  /// To a run that is alive; readable when it ends.
  var connection: ControlConnection?

  /// The names that a command may give.
  var knownInstances: [String] { instances + [LogDirectory.ownInstance] }
}

extension RunLocator {
  /// The logs of the run that is meant; also of one that has ended.
  func logs(_ request: RunRequest) throws -> RunLogs {
    switch try find(request) {
    case .alive(let run): return try logs(of: run)
    case .notRunning(let project): return try logs(ofEnded: project)
    case .none: return try logs(ofEnded: onlyProjectWithLogs())
    }
  }

  private func logs(of run: RunStatus) throws -> RunLogs {
    guard let reply = try connectIfAlive(to: run)?.askUnlessOver(.ps), let connection = try connectIfAlive(to: run)
    else { return try logs(ofEnded: run.project) }
    guard case .processes(let instances, _) = reply else { throw CommandFailure.unexpectedReply }
    // If it has ended by now, that is seen where the end is awaited.
    try? connection.send(.wait)
    return RunLogs(
      directory: LogDirectory(ofRun: run), instances: instances.map(\.name), connection: connection)
  }

  private func logs(ofEnded project: String) throws -> RunLogs {
    let directory = LogDirectory(ofProject: project)
    let instances = try Self.instances(in: directory)
    if instances.isEmpty {
      throw CommandFailure("'\(project)' has no logs: it has not run yet", help: "'mporch up' starts it")
    }
    // One that printed nothing has no file, and was there all the same.
    let silent = ((try? RunOutcome(ofProject: project))?.instances.map(\.name) ?? []).filter { !instances.contains($0) }
    return RunLogs(
      directory: directory, instances: instances.filter { $0 != LogDirectory.ownInstance } + silent, connection: nil)
  }

  private static func instances(in directory: LogDirectory) throws(CommandFailure) -> [String] {
    do {
      return try directory.instances()
    } catch  where error.cause == .system(.noSuchFileOrDirectory) {
      return []
    } catch {
      throw CommandFailure(.resourcesUnavailable, "\(error)")
    }
  }

  private func onlyProjectWithLogs() throws -> String {
    let projects = LogDirectory.projectsWithLogs()
    if let project = projects.first, projects.count == 1 { return project }
    if projects.isEmpty {
      throw CommandFailure("no run is alive, and none has left logs", help: "'mporch up' starts one")
    }
    let list = projects.map { "\n  -p \($0)" }.joined()
    throw CommandFailure(.usage, "no run is alive, and several have left logs; say which one:" + list)
  }
}
