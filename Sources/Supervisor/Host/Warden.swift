internal import Glibc
internal import Platform
internal import SystemPackage

/// A small process that outlives a killed supervisor: waits for the workers' end, ends what they leave, removes the state
/// folder, says what happened. It sleeps in a read of a pipe whose other end only the supervisor has.
struct Warden: ~Copyable {
  let pid: Int32
  private let leash: Descriptor

  /// What it needs to know; in its memory from the fork on.
  struct Charge {
    var folderPath: String
    var status: RunStatus
    /// As rows of `ps`, by their places in `workers`; a courier has none.
    var instances: [Int: InstanceStatus]
    var workers: SharedPIDTable
    /// Of their health checks.
    var tests: SharedPIDTable
  }

  /// It tells of them what the supervisor can't any more.
  static func rows(of instances: [Instance]) -> [Int: InstanceStatus] {
    Dictionary(uniqueKeysWithValues: instances.map { ($0.index, $0.emptyRow) })
  }

  init(_ charge: Charge) throws(Errno) {
    let pipe = try Pipe()
    let child = try charge.workers.inherited { () throws(Errno) in
      try charge.tests.inherited { () throws(Errno) in try ChildProcess.fork() }
    }
    guard let child else { Self.watch(pipe.takeReading().release(), charge) }
    leash = pipe.takeWriting()
    pid = child
  }

  /// The run has ended well: nothing is left to watch over.
  consuming func dismiss() {
    kill(pid, SIGKILL)
    ChildProcess.reap(pid)
  }

  private static let timeForEnd = Duration.seconds(10)
  /// One that is in the kernel's hands may outlast its SIGKILL.
  private static let millisecondsAfterKill: Int32 = 1000

  private static func watch(_ leash: Int32, _ charge: Charge) -> Never {
    let presence = presence(in: charge.folderPath)
    CurrentProcess.standBy(as: "mporch-warden", keeping: leash, presence)
    Descriptor(owning: leash).awaitEnd()
    let died = charge.workers.occupied
    awaitEnd(of: charge.workers.pids.filter(charge.status.owns), charge.status)
    // Where a pump was killed with the supervisor, and what health checks have started. Each worker and each test leads
    // a session.
    charge.status.endStragglers(leaders: charge.workers.pids + charge.tests.pids)
    clear(charge, died: died)
    _exit(0)
  }

  /// The next command waits for a warden that it sees.
  private static func presence(in path: String) -> Int32? {
    guard let folder = try? PrivateFolder(path, create: false),
      let file = try? folder.open(RunFolder.wardenName, O_RDWR | O_CREAT)
    else { return nil }
    FileLock.showPresence(in: file)
    return file.release()
  }

  /// Workers die with their supervisor (PDEATHSIG); one that has descendants to end takes a moment.
  private static func awaitEnd(of workers: [Int32], _ status: RunStatus) {
    // One that was stopped (SIGSTOP) and has descendants to end must run for that.
    for pid in workers { if let worker = ProcessHandle(pid), status.owns(pid) { worker.send(SIGCONT) } }
    let end = MonotonicClock.now + Self.timeForEnd.nanoseconds
    for pid in workers {
      guard let worker = ProcessHandle(pid), status.owns(pid) else { continue }
      let now = MonotonicClock.now
      if worker.hasEnded(within: now < end ? Int32(clamping: (end - now) / 1_000_000) : 0) { continue }
      worker.send(SIGKILL)
      _ = worker.hasEnded(within: Self.millisecondsAfterKill)
    }
  }

  /// Unless a new run has taken the folder over already.
  private static func clear(_ charge: Charge, died: [Int]) {
    guard let folder = try? PrivateFolder(charge.folderPath, create: false) else { return }
    let instances = died.compactMap { charge.instances[$0] }.map { row in
      var row = row
      (row.state, row.signal) = (.failed, SIGKILL)
      return row
    }
    RunFolder.removeIfDead(folder) {
      RunOutcome(killed: charge.status, endedAt: WallClock.now, instances: instances).bury()
    }
  }
}
