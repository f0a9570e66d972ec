internal import Glibc
package import Platform
internal import SystemPackage

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

  /// What was found in the folder.
  package struct Look {
    /// The runs that are alive, by name.
    package var runs: [RunStatus] = []
    /// Of these nobody can say whether they are alive.
    package var unknown: [(project: String, failure: PrivateFolder.Failure)] = []
  }

  package func look() throws(PrivateFolder.Failure) -> Look {
    var look = Look()
    guard let root = try open() else { return look }
    for project in try root.names().sorted() {
      do throws(PrivateFolder.Failure) {
        if let status = try status(of: project) { look.runs.append(status) }
      } catch {
        look.unknown.append((project, error))
      }
    }
    return look
  }

  /// `nil`: nobody has made it yet.
  private func open() throws(PrivateFolder.Failure) -> PrivateFolder? {
    do throws(PrivateFolder.Failure) {
      return try PrivateFolder(path, create: false)
    } catch .system(_, .noSuchFileOrDirectory) {
      return nil
    } catch {
      throw error
    }
  }

  /// `nil`: no such run is alive.
  package func status(of project: String) throws(PrivateFolder.Failure) -> RunStatus? {
    do throws(PrivateFolder.Failure) {
      guard let root = try open() else { return nil }
      let folder = try PrivateFolder(project, in: root, create: false)
      return try RunFolder.isAlive(folder) ? Self.status(in: folder) : nil
    } catch .system(_, .noSuchFileOrDirectory), .notPrivate(_, .noFolder) {
      return nil
    } catch {
      throw error
    }
  }

  /// `nil`: it has not come so far as to have one.
  static func status(in folder: borrowing PrivateFolder) throws(PrivateFolder.Failure) -> RunStatus? {
    guard let text = try folder.read(RunFolder.statusName) else { return nil }
    do {
      return try WireCoding.decode(RunStatus.self, from: text)
    } catch {
      throw .system(path: "\(folder.path)/\(RunFolder.statusName)", .illegalByteSequence)
    }
  }

  /// A connection to a run's control socket, blocking; `nil`: no such run is alive.
  package func connect(to project: String) throws(PrivateFolder.Failure) -> Descriptor? {
    do throws(PrivateFolder.Failure) {
      guard let root = try open() else { return nil }
      let folder = try PrivateFolder(project, in: root, create: false)
      do throws(Errno) {
        return try UnixSocket.connect(to: RunFolder.socketName, inFolder: folder.descriptor)
      } catch {
        throw .system(path: "\(folder.path)/\(RunFolder.socketName)", error)
      }
    } catch .system(_, .noSuchFileOrDirectory), .system(_, .connectionRefused) {
      return nil
    } catch {
      throw error
    }
  }

  /// Removes what runs left whose supervisor and warden were killed; gives their names. What can't be looked into is
  /// left to `look`.
  @discardableResult
  package func sweep() -> [String] {
    guard let root = try? open() else { return [] }
    return ((try? root.names()) ?? []).sorted().filter { project in
      guard let folder = try? PrivateFolder(project, in: root, create: false) else { return false }
      do throws(PrivateFolder.Failure) {
        if try RunFolder.isAlive(folder) { return false }
      } catch {
        // Of one that was killed before it had a lock: nothing is in it, or it stays.
        return rmdir(folder.path) == 0
      }
      RunFolder.awaitWarden(of: folder)
      return RunFolder.removeIfDead(folder) {
        // One that never came so far as to have a status has nothing to be remembered for.
        guard let status = try? Self.status(in: folder) else { return }
        status.endStragglers()
        RunOutcome(killed: status, endedAt: WallClock.now, instances: []).bury()
      }
    }
  }
}
