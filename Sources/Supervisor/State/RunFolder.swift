internal import Glibc
internal import Platform
internal import SystemPackage

/// The state folder of a live run, owned by its supervisor: lock, `run.json`, control socket.
///
/// The lock is what makes a run alive: the system frees it when the supervisor dies, however that happens.
final class RunFolder {
  static let lockName = "lock"
  static let statusName = "run.json"
  static let socketName = "control.sock"
  /// By it a warden is known that may have work to do.
  static let wardenName = "warden"
  /// Whoever sweeps holds a dead run's lock for a moment.
  private static let claimAttempts = 100
  private static let wardenAttempts = 4000
  private static let pauseMicroseconds: UInt32 = 5000

  private let folder: PrivateFolder
  private let lock: Descriptor
  var path: String { folder.path }

  /// Claims the name for this process, and clears what a dead run of that name has left.
  init(claiming project: String, in runs: RunsFolder) throws(Refusal) {
    let claim = try Self.claim(project, in: runs)
    folder = claim.folder
    lock = claim.lock
    // Of a run that was killed after this command had swept.
    Self.awaitWarden(of: folder)
    RunsFolder.status(in: folder.path)?.endStragglers()
    folder.remove(Self.socketName)
    folder.remove(Self.statusName)
  }

  func publish(_ status: RunStatus) throws(Errno) {
    try folder.write(WireCoding.encode(status), to: Self.statusName)
  }

  func listen() throws(Errno) -> Descriptor {
    try UnixSocket.listen(as: Self.socketName, inFolder: folder.descriptor)
  }

  /// The run has ended.
  func remove() { Self.removeFiles(of: folder) }

  static func isAlive(_ folder: borrowing PrivateFolder) -> Bool {
    guard let lock = try? folder.open(lockName, O_RDONLY) else { return false }
    return FileLock.isTaken(lock)
  }

  /// Removes the folder of a run that no supervisor holds; `false`: one does, or it is no run's folder. `bury` keeps
  /// what is to be known of the run, before another one can have its name.
  @discardableResult
  static func removeIfDead(_ folder: borrowing PrivateFolder, bury: () -> Void) -> Bool {
    guard let lock = try? folder.open(lockName, O_RDWR), FileLock.take(lock), folder.holds(lock, as: lockName) else {
      return false
    }
    bury()
    removeFiles(of: folder)
    return true
  }

  /// Of a run whose supervisor is dead. It knows more of what is left than its folder says.
  static func awaitWarden(of folder: borrowing PrivateFolder) {
    guard let presence = try? folder.open(wardenName, O_RDONLY) else { return }
    // No longer than it may take.
    for _ in 0..<wardenAttempts {
      guard let warden = FileLock.presence(in: presence) else { return }
      kill(warden, SIGCONT)
      usleep(pauseMicroseconds)
    }
  }

  /// The lock goes last: until then nobody else takes the folder for theirs.
  private static func removeFiles(of folder: borrowing PrivateFolder) {
    for name in [socketName, statusName, statusName + ".new", wardenName, lockName] { folder.remove(name) }
    rmdir(folder.path)
  }

  private struct Claim: ~Copyable {
    var folder: PrivateFolder
    var lock: Descriptor
  }

  private static func claim(_ project: String, in runs: RunsFolder) throws(Refusal) -> Claim {
    do {
      _ = try PrivateFolder(runs.path, create: true)
      for _ in 0..<claimAttempts {
        let folder = try PrivateFolder(runs.path(of: project), create: true)
        // The folder may be removed by its former owner between two of these steps; then it is made anew.
        if let lock = try? folder.open(lockName, O_RDWR | O_CREAT) {
          if FileLock.take(lock) {
            if folder.holds(lock, as: lockName) { return Claim(folder: folder, lock: lock) }
          } else if let status = runs.status(of: project) {
            throw Refusal(
              "project '\(project)' is already running (pid \(status.pid), from \(status.files.joined(separator: ", ")))",
              help: "mporch down -p \(project)", exitCode: 1)
          }
        }
        usleep(pauseMicroseconds)
      }
    } catch let error as Refusal {
      throw error
    } catch let error as PrivateFolder.Failure {
      throw Refusal(error)
    } catch {
      throw Refusal("the state folder '\(runs.path(of: project))' can't be used: \(error)", exitCode: 69)
    }
    throw Refusal(
      "the lock of project '\(project)' in '\(runs.path(of: project))' is held, but by no run of mporch",
      help: "find the holder with: fuser \(runs.path(of: project))/\(lockName)", exitCode: 69)
  }
}

extension Refusal {
  init(_ failure: PrivateFolder.Failure) {
    switch failure {
    case .system(let path, let error):
      self.init("the state folder '\(path)' can't be used: \(error)", help: "set XDG_RUNTIME_DIR", exitCode: 69)
    case .notPrivate(let path):
      self.init(
        "the state folder '\(path)' is a link, belongs to another user, or is open to others",
        help: "remove it, or set XDG_RUNTIME_DIR to a folder of your own", exitCode: 69)
    }
  }
}
