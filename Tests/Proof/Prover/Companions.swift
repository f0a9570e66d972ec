import Glibc
import Platform
import Sharing
import Tracing

/// The processes that converse with a victim. They run only while it is stopped.
final class Companions {
  private let stage: Stage
  private var living: [Int32: Int] = [:]
  private var failures = 0
  private static let patienceMilliseconds = 10_000

  init(_ stage: Stage) { self.stage = stage }

  var count: Int { living.count }

  /// What a worker takes for its process id, by its lives.
  static func processID(of worker: Int, life: Int32) -> Int32 { life * 1_000_000 + Int32(worker) }

  func start(_ worker: Int, life: Int32 = 1) throws {
    let pid = try Child.fork {
      proof_live_as(Self.processID(of: worker, life: life))
      stage.become(worker)
    }
    living[pid] = worker
  }

  // MARK: Beside the victim

  /// They do what they do until all wait, or have ended; then they are stopped.
  func letGo() throws {
    signalAll(SIGCONT)
    for _ in 0..<(10 * Self.patienceMilliseconds) {
      takeDeaths()
      if Child.areAtRest(living.keys), !living.keys.contains(where: ChildProcess.isDead) { return try stopAll() }
      usleep(100)
    }
    throw Unplayable(description: "\(stage.scenario.name): what is beside the victim does not come to rest")
  }

  private func stopAll() throws {
    for pid in living.keys { try Child.stop(pid) }
  }

  private func signalAll(_ signal: Int32) {
    for pid in living.keys { kill(pid, signal) }
  }

  private func takeDeaths() {
    for pid in living.keys {
      var information = siginfo_t()
      if waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0,
        information._sifields._sigchld.si_pid == pid
      {
        take(pid, information)
      }
    }
  }

  /// As a supervisor does: repaired before it is reaped.
  private func take(_ pid: Int32, _ information: siginfo_t) {
    let failed = information._sifields._sigchld.si_status != 0
    if let worker = living.removeValue(forKey: pid) {
      _ = stage.arena.scavenge(worker, isFailure: failed)
      stage.arena.endForGood(worker, failed: failed)
      if failed { failures += 1 }
    }
    var status: Int32 = 0
    waitpid(pid, &status, 0)
  }

  // MARK: After the victim

  /// Lets them go on to their end. `nil`: all went well.
  func finish() throws -> String? {
    signalAll(SIGCONT)
    var idleTicks = 0
    while !living.isEmpty {
      var information = siginfo_t()
      if waitid(P_ALL, 0, &information, WEXITED | WNOWAIT) == 0 {
        take(information._sifields._sigchld.si_pid, information)
        continue
      }
      idleTicks += 1
      if idleTicks * Int(Watchdog.tickMilliseconds) > Self.patienceMilliseconds { return "the others are stuck" }
    }
    return failures == 0 ? nil : "\(failures) of the others failed"
  }

  func end() {
    for pid in living.keys { Child.end(pid) }
    living.removeAll()
  }
}
