import Glibc
import Platform
import Sharing
import Synchronization

/// Processes that share an arena, with this one as their supervisor: see, scavenge, reap.
///
/// This process may act as a worker too, one that it starts no process for.
final class Peers {
  let arena: Arena
  private let numbers: Int
  private var pids: [Int: Int32] = [:]
  /// Everything that the scavenger told.
  private(set) var repairs: [Repair] = []

  /// Workers are all users of all `resources`; behind these comes an array of numbers.
  /// `inOneGroup`: they are instances of one process.
  init(
    workers count: Int, inOneGroup: Bool = false, _ resources: (_ users: [Int]) -> [ArenaPlan.Resource]
  ) throws {
    var plan = ArenaPlan()
    plan.workers = (0..<count).map { ArenaPlan.Worker(group: inOneGroup ? 0 : $0) }
    plan.resources = resources(Array(0..<count))
    numbers = plan.resources.count
    plan.resources.append(.array(elementByteCount: 8, count: 1024))
    arena = try Arena(plan, name: "peers")
    arena.rescueLocks { [unowned self] worker in
      guard let pid = pids[worker] else { return .nobody }
      return ChildProcess.isDead(pid) ? .dead : .awake
    }
  }

  /// A number that all share.
  func number(_ index: Int) -> UnsafeMutablePointer<Atomic<Int>> {
    arena.elements(numbers)!.baseAddress!.bindMemory(to: Atomic<Int>.self, capacity: 1024) + index
  }

  /// Starts a process for `worker`. If `body` throws, or one of its checks fails, it fails.
  func start(_ worker: Int, _ body: (Peers) throws -> Void) throws {
    arena.begin(worker, processID: 0)
    if let pid = try ChildProcess.fork() {
      pids[worker] = pid
      return
    }
    CurrentProcess.setParentDeathSignal(SIGKILL)
    do { try body(self) } catch { fail("worker \(worker): \(error)") }
    _exit(0)
  }

  /// SIGKILL; what it left is repaired only by `bury`.
  func kill(_ worker: Int) {
    Glibc.kill(pids[worker]!, SIGKILL)
    waitUntil("worker \(worker) is dead") { ChildProcess.isDead(pids[worker]!) }
  }

  /// Scavenges and reaps a dead one. `forGood`: it is not started again.
  @discardableResult
  func bury(_ worker: Int, forGood: Bool = false) -> [Repair] {
    var found = arena.scavenge(worker)
    ChildProcess.reap(pids.removeValue(forKey: worker)!)
    if forGood { found += arena.endForGood(worker, failed: true) }
    repairs += found
    return found
  }

  /// Waits until each has ended by itself and well.
  func join(_ workers: some Sequence<Int>) {
    for worker in workers {
      waitUntil("worker \(worker) has ended") { ChildProcess.isDead(pids[worker]!) }
      var status: Int32 = 0
      let pid = pids[worker]!
      repairs += arena.scavenge(worker)
      waitpid(pid, &status, 0)
      pids[worker] = nil
      check(status == 0, "worker \(worker) ended with status \(status)")
    }
  }

  var living: [Int] { pids.keys.sorted() }

  func waitUntil(_ worker: Int, waitsOn wait: WorkerEntry.Wait) {
    waitUntil("worker \(worker) waits on \(wait)") { arena.wait(of: worker).on == wait }
  }

  /// Fails if it does not come for long.
  func waitUntil(_ what: String, _ condition: () -> Bool) {
    let deadline = MonotonicClock.now + Self.watchdogNanoseconds
    while !condition() {
      check(MonotonicClock.now < deadline, "it never came that \(what)")
      usleep(200)
    }
  }
  private static let watchdogNanoseconds: UInt64 = 60_000_000_000
}

func fail(_ what: String) -> Never {
  say("FAILED: \(what)")
  _exit(1)
}

func say(_ line: String) {
  var line = line + "\n"
  line.withUTF8 { _ = write(1, $0.baseAddress, $0.count) }
}

func check(_ condition: Bool, _ what: @autoclosure () -> String) {
  if !condition { fail(what()) }
}
