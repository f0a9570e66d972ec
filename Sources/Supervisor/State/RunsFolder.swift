internal import Glibc
package import Platform

/// Where the runs of this user have their state: `$XDG_RUNTIME_DIR/mporch`, or a private folder under /tmp.
package struct RunsFolder: Sendable, Equatable {
  package var path: String

  package init(path: String) { self.path = path }

  /// As the environment says.
  package static var ofThisUser: RunsFolder {
    if let folder = getenv("XDG_RUNTIME_DIR"), folder.pointee == UInt8(ascii: "/") {
      return RunsFolder(path: String(cString: folder) + "/mporch")
    }
    return RunsFolder(path: "/tmp/mporch-\(geteuid())")
  }

  package func path(of project: String) -> String { "\(path)/\(project)" }

  /// The runs that are alive, by name.
  package func runs() -> [RunStatus] {
    guard let root = try? PrivateFolder(path, create: false) else { return [] }
    return root.names().sorted().compactMap { status(of: $0) }
  }

  /// `nil`: no such run is alive.
  package func status(of project: String) -> RunStatus? {
    guard let folder = try? PrivateFolder(path(of: project), create: false), RunFolder.isAlive(folder) else {
      return nil
    }
    return Self.status(in: folder.path)
  }

  static func status(in folder: String) -> RunStatus? {
    ProcFile.read("\(folder)/\(RunFolder.statusName)").flatMap {
      try? WireCoding.decode(RunStatus.self, from: $0.utf8)
    }
  }

  /// A connection to a run's control socket, blocking; `nil`: no such run is alive.
  package func connect(to project: String) -> Descriptor? {
    try? UnixSocket.connect(to: RunFolder.socketName, inFolder: path(of: project))
  }

  /// Removes what runs left whose supervisor and warden were killed; gives their names.
  @discardableResult
  package func sweep() -> [String] {
    guard let root = try? PrivateFolder(path, create: false) else { return [] }
    return root.names().sorted().filter { project in
      guard let folder = try? PrivateFolder(path(of: project), create: false), !RunFolder.isAlive(folder) else {
        return false
      }
      RunFolder.awaitWarden(of: folder)
      return RunFolder.removeIfDead(folder) {
        // One that never came so far as to have a status has nothing to be remembered for.
        guard let status = Self.status(in: path(of: project)) else { return }
        status.endStragglers()
        RunOutcome(killed: status, endedAt: Clock.wallNanoseconds, instances: []).bury()
      }
    }
  }
}
