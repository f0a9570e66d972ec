import Glibc
import Platform
import Sharing
import Tracing

/// The processes beside a victim, and what stands for the supervisor of all. They run only while they are let.
///
/// The supervisor is a process of its own: it may have to wait for what the victim holds. Or it is the victim.
final class Others {
  private let stage: Stage
  private let orders: Orders
  private let supervisor: Int32
  private let isSupervisorVictim: Bool
  private let partCount: Int
  private var hasEnded = false

  /// None of them is there yet. `touched`: gets what they and their supervisor touch.
  init(_ stage: Stage, _ parts: [Supervision.Part], rivalLives: Bool, touched: LineMap? = nil) throws {
    self.stage = stage
    let orders = try Orders()
    if rivalLives { orders[.rival] = .lives }
    self.orders = orders
    partCount = parts.count
    isSupervisorVictim = false
    supervisor = try Child.fork {
      orders.goThroughGate()
      if let touched { Tracee.noteAccesses(to: stage.memory, in: touched) }
      Supervision(stage, orders, touchedByWorkers: touched).run(parts)
    }
  }

  /// The children of the victim.
  init(_ stage: Stage, of victim: Int32, _ orders: Orders) {
    self.stage = stage
    self.orders = orders
    supervisor = victim
    partCount = orders.begun
    isSupervisorVictim = true
  }

  deinit { end() }

  private var pids: [Int32] { ChildProcess.all(of: supervisor) + (isSupervisorVictim ? [] : [supervisor]) }

  // MARK: Beside the victim

  /// The next of them begins, and all do what they do until they wait, or have ended.
  func letNextBegin() throws {
    orders.isGateClosed = false
    orders.begun += 1
    kill(supervisor, SIGUSR1)
    try letGo()
  }

  /// Those that wait for some time only go on by themselves: they are not waited for.
  func letGo() throws {
    orders.isGateClosed = false
    try settle(orStopped: false)
    orders.isGateClosed = true
    // Who has woken in between comes to the gate, or to its next sleep.
    try settle(orStopped: true)
  }

  private func settle(orStopped: Bool) throws {
    for _ in 0..<Self.patienceLooks {
      // Again and again: one may have stopped itself just now.
      if !orStopped { letGoAtGate() }
      if Child.areAtRest(pids, orStopped: orStopped) { return }
      usleep(50)
    }
    let states = pids.map { "\($0): \(String(describing: ProcessStatistics(of: $0)))" }
    throw Unplayable(description: "\(stage.scenario.name): what is beside the victim does not come to rest: \(states)")
  }

  private func letGoAtGate() {
    for pid in pids where ProcessStatistics(of: pid)?.isStopped == true { kill(pid, SIGCONT) }
  }

  private static let patienceLooks = 100_000

  // MARK: To the end

  func tell(_ fate: Fate, of stepped: Stepped) {
    orders[stepped] = fate
    kill(supervisor, SIGUSR1)
  }

  /// Lets them go on to their end, with those of the stepped ones that still live, which are free. `nil`: all went well.
  func finish(beside free: [Stepped: Int32]) -> String? {
    orders.isGateClosed = false
    if !isSupervisorVictim {
      orders.begun = partCount
      kill(supervisor, SIGUSR1)
    }
    var free = isSupervisorVictim ? [:] : free
    var status: Int32 = 0
    for _ in 0..<Self.patiencePauses {
      for pid in pids + free.values where ProcessStatistics(of: pid)?.isStopped == true { kill(pid, SIGCONT) }
      waitForChild()
      for (stepped, pid) in free where waitpid(pid, &status, WNOHANG) == pid {
        free[stepped] = nil
        if status != 0 { return "the \(stepped) ended with status \(status)" }
        tell(.ended, of: stepped)
      }
      if waitpid(supervisor, &status, WNOHANG) == supervisor {
        hasEnded = true
        return words(status)
      }
    }
    for pid in free.values { Child.end(pid) }
    end()
    return "stuck: the others" + free.keys.map { " or the \($0)" }.joined()
  }

  private static let patiencePauses = 500

  private func waitForChild() {
    var childSignal = sigset_t()
    sigaddset(&childSignal, SIGCHLD)
    var pause = timespec(tv_sec: 0, tv_nsec: 20_000_000)
    _ = sigtimedwait(&childSignal, nil, &pause)
  }

  private func words(_ status: Int32) -> String? {
    status == 0 ? failure : "what stands for the supervisor ended with status \(status)"
  }

  /// Of the first of them that failed; `nil`: none has.
  var failure: String? { orders.failure.map { "\(stage.name(of: $0.worker)) ended with status \($0.status)" } }

  /// Wherever they are; nobody touches the arena any more.
  func end() {
    guard !hasEnded else { return }
    hasEnded = true
    kill(supervisor, SIGSTOP)
    let children = ChildProcess.all(of: supervisor)
    if !isSupervisorVictim { Child.end(supervisor) }
    for child in children {
      kill(child, SIGKILL)
      // It is ours as soon as its parent is gone; in between it is nobody's.
      var status: Int32 = 0
      if !isSupervisorVictim { while waitpid(child, &status, 0) < 0 && errno == EINTR {} }
    }
  }
}
