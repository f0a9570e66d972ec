internal import Glibc
package import Platform
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
    try? RunsFolder.status(in: folder)?.endStragglers()
    folder.remove(Self.socketName)
    folder.remove(Self.statusName)
  }

  func publish(_ status: RunStatus) throws(PrivateFolder.Failure) {
    try folder.write(WireCoding.encode(status), to: Self.statusName)
  }

  func listen() throws(Errno) -> Descriptor {
    try UnixSocket.listen(as: Self.socketName, inFolder: folder.descriptor)
  }

  /// The run has ended.
  func remove() { Self.removeFiles(of: folder) }

  static func isAlive(_ folder: borrowing PrivateFolder) throws(PrivateFolder.Failure) -> Bool {
    FileLock.isTaken(try folder.open(lockName, O_RDONLY))
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
      if let process = ProcessHandle(warden), FileLock.presence(in: presence) == warden { process.send(SIGCONT) }
      usleep(pauseMicroseconds)
    }
  }

  /// The lock goes last: until then nobody else takes the folder for theirs.
  private static func removeFiles(of folder: borrowing PrivateFolder) {
    for name in [socketName, statusName, statusName + ".new", wardenName, lockName] { folder.remove(name) }
    rmdir(folder.path)
  }

  /// `nil`: somebody has the lock, or had it until now.
  private static func tryToClaim(_ project: String, in runs: RunsFolder) throws(PrivateFolder.Failure) -> Claim? {
    let folder = try PrivateFolder(project, in: PrivateFolder(runs.path, create: true), create: true)
    let lock = try folder.open(lockName, O_RDWR | O_CREAT)
    guard FileLock.take(lock), folder.holds(lock, as: lockName) else { return nil }
    return Claim(folder: folder, lock: lock)
  }

  private struct Claim: ~Copyable {
    var folder: PrivateFolder
    var lock: Descriptor
  }

  private static func claim(_ project: String, in runs: RunsFolder) throws(Refusal) -> Claim {
    for _ in 0..<claimAttempts {
      let rival: RunStatus?
      do throws(PrivateFolder.Failure) {
        if let claim = try tryToClaim(project, in: runs) { return claim }
        rival = try runs.status(of: project)
      } catch .system(_, .noSuchFileOrDirectory) {
        // Removed by its former owner between two of these steps: then it is made anew.
        rival = nil
      } catch {
        // One that was made just now, and is empty.
        rmdir(runs.path(of: project))
        throw Refusal(ofState: error)
      }
      if let rival {
        throw Refusal(
          "project '\(project)' is already running (pid \(rival.pid), from \(rival.files.joined(separator: ", ")))",
          help: "mporch down -p \(project)", exitCode: 1)
      }
      usleep(pauseMicroseconds)
    }
    throw Refusal(
      "the lock of project '\(project)' in '\(runs.path(of: project))' is held, but by no run of mporch",
      help: "find the holder with: fuser \(runs.path(of: project))/\(lockName)", exitCode: 69)
  }
}

extension Refusal {
  package init(ofState failure: PrivateFolder.Failure) {
    self.init(
      "the state folder can't be used: \(failure.words)",
      help: failure.help(variable: "XDG_RUNTIME_DIR"), exitCode: 69)
  }

  init(ofLogs failure: PrivateFolder.Failure) {
    self.init(
      "the log folder can't be used: \(failure.words)", help: failure.help(variable: "XDG_STATE_HOME"), exitCode: 69)
  }
}
