import Glibc
import Platform
import Sharing
import Tracing

/// The processes that converse with a victim. They run only while it is stopped.
final class Companions {
  private let stage: Stage
  private var living: [Int32: Int] = [:]
  private var failures = 0
  /// Whoever wakes while it is not 0 stops.
  private let gate: UnsafeMutablePointer<UInt32>
  private static let patienceMilliseconds = 10_000

  init(_ stage: Stage) throws {
    self.stage = stage
    gate = try Child.sharedMemory(of: UInt32.self, count: 1).baseAddress!
  }

  deinit { munmap(gate, MemoryLayout<UInt32>.size) }

  var count: Int { living.count }

  /// What a worker takes for its process id, by its lives.
  static func processID(of worker: Int, life: Int32) -> Int32 { life * 1_000_000 + Int32(worker) }

  func start(_ worker: Int, life: Int32 = 1) throws {
    let pid = try Child.fork {
      proof_go_through(gate)
      proof_live_as(Self.processID(of: worker, life: life))
      stage.become(worker)
    }
    living[pid] = worker
  }

  // MARK: Beside the victim

  /// They do what they do until all wait, or have ended.
  func letGo() throws {
    gate.pointee = 0
    for _ in 0..<(10 * Self.patienceMilliseconds) {
      letGoAtGate()
      takeDeaths()
      if Child.areAtRest(living.keys), !living.keys.contains(where: ChildProcess.isDead) {
        gate.pointee = 1
        return
      }
      usleep(100)
    }
    throw Unplayable(description: "\(stage.scenario.name): what is beside the victim does not come to rest")
  }

  private func letGoAtGate() {
    for pid in living.keys where ProcessStatistics(of: pid)?.isStopped == true { kill(pid, SIGCONT) }
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
    gate.pointee = 0
    var idleTicks = 0
    while !living.isEmpty {
      letGoAtGate()
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
