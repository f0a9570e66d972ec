import Glibc
import Platform
import Sharing
import Tracing

/// What becomes of a victim.
enum Fate: Int32 {
  /// It is not in the play as one that the prover steps.
  case absent
  case lives
  case ended
  case killed
}

/// A process that the prover steps itself: no child of what stands for the supervisor.
enum Stepped: Int, CaseIterable {
  case victim, rival
}

/// What the prover tells the process that stands for the supervisor, and hears from it; in memory that both share.
final class Orders {
  private struct Words: BitwiseCopyable {
    // First, where a process looks for it.
    var gate: UInt32 = 0
    var begun: Int32 = 0
    var fates: (Int32, Int32) = (Fate.lives.rawValue, Fate.absent.rawValue)
    var failedWorker: Int32 = -1
    var failedStatus: Int32 = 0
  }
  private let words: UnsafeMutablePointer<Words>

  init() throws {
    words = try Child.sharedMemory(of: Words.self, count: 1).baseAddress!
    words.initialize(to: Words())
  }

  deinit { munmap(words, MemoryLayout<Words>.stride) }

  /// How many parts are to have begun by now.
  var begun: Int {
    get { Int(words.pointee.begun) }
    set { words.pointee.begun = Int32(newValue) }
  }
  subscript(stepped: Stepped) -> Fate {
    get { Fate(rawValue: stepped == .victim ? words.pointee.fates.0 : words.pointee.fates.1)! }
    set {
      switch stepped {
      case .victim: words.pointee.fates.0 = newValue.rawValue
      case .rival: words.pointee.fates.1 = newValue.rawValue
      }
    }
  }
  /// Who wakes, or is new, is stopped there, until the others are let go.
  var isGateClosed: Bool {
    get { words.pointee.gate != 0 }
    set { words.pointee.gate = newValue ? 1 : 0 }
  }
  /// In a process, for it and its children.
  func goThroughGate() {
    proof_go_through(UnsafePointer(UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt32.self)))
  }
  /// The first that failed, and how.
  var failure: (worker: Int, status: Int32)? {
    get { words.pointee.failedWorker < 0 ? nil : (Int(words.pointee.failedWorker), words.pointee.failedStatus) }
    set {
      words.pointee.failedStatus = newValue?.status ?? 0
      words.pointee.failedWorker = newValue.map { Int32($0.worker) } ?? -1
    }
  }
}

/// In the process that stands for the supervisor: begins what there is to begin, sees deaths and repairs them.
final class Supervision {
  private let stage: Stage
  private let orders: Orders
  /// Gets what the workers touch, where that is to be known.
  private let touched: LineMap?
  private var living: [Int32: Int] = [:]
  private var ended: Set<Int> = []
  /// Not to begin any more: a change has begun or removed them.
  private var changed: Set<Int> = []

  /// What begins at an order.
  enum Part {
    case worker(Int)
    case duty(Duty)
  }

  init(_ stage: Stage, _ orders: Orders, touchedByWorkers: LineMap?) {
    self.stage = stage
    self.orders = orders
    touched = touchedByWorkers
  }

  func run(_ parts: [Part]) -> Never {
    signal(SIGALRM, SIG_DFL)
    var signals = sigset_t()
    sigaddset(&signals, SIGCHLD)
    sigaddset(&signals, SIGUSR1)
    sigprocmask(SIG_BLOCK, &signals, nil)
    stage.arena.rescueLocks { [unowned self] in standing(of: $0) }
    var begun = 0
    var unsettled = Set(Stepped.allCases)
    while true {
      while let death = ChildProcess.nextDeath() { take(death) }
      if begun < orders.begun {
        begin(parts[begun])
        begun += 1
      } else if let stepped = unsettled.first(where: { orders[$0] != .lives }) {
        unsettled.remove(stepped)
        if orders[stepped] != .absent, let worker = stage.worker(stepped) { settle(worker, orders[stepped]) }
      } else if living.isEmpty, unsettled.isEmpty, begun == parts.count {
        _exit(0)
      } else {
        _ = sigwaitinfo(&signals, nil)
      }
    }
  }

  private func standing(of worker: Int) -> Rescue.Standing {
    // Where it is suspended, it is from outside.
    if Stepped.allCases.contains(where: { stage.worker($0) == worker && orders[$0] == .lives }) { return .heldUp }
    guard let pid = pid(of: worker) else { return .dead }
    return ChildProcess.isDead(pid) ? .dead : .awake
  }

  private func pid(of worker: Int) -> Int32? { living.first { $0.value == worker }?.key }

  private func begin(_ part: Part) {
    switch part {
    case .worker(let worker): if !changed.contains(worker) { start(worker) }
    case .duty(.look):
      // What has changed since is looked at too.
      for _ in 0..<2 {
        guard let fault = stage.look() else { continue }
        stage.say(fault)
        _exit(3)
      }
    case .duty(.scale(let process, let count)): scale(process, to: count)
    }
  }

  private func start(_ worker: Int) {
    let pid = try? Child.fork {
      orders.goThroughGate()
      proof_stop_at_gate()
      if let touched { Tracee.noteAccesses(to: stage.memory, in: touched) }
      stage.become(worker)
    }
    guard let pid else { _exit(126) }
    living[pid] = worker
  }

  private func take(_ death: ChildProcess.Death) {
    let failed = death.isSignalled || death.status != 0
    if let worker = living[death.pid] {
      _ = stage.arena.scavenge(worker, isFailure: failed)
      living[death.pid] = nil
      end(worker, failed: failed)
      if failed, orders.failure == nil { orders.failure = (worker, death.status) }
    }
    ChildProcess.reap(death.pid)
  }

  private func end(_ worker: Int, failed: Bool) {
    stage.arena.endForGood(worker, failed: failed)
    ended.insert(worker)
  }

  private func settle(_ worker: Int, _ fate: Fate) {
    _ = stage.arena.scavenge(worker, isFailure: fate == .killed)
    if fate == .killed, stage.scenario.isVictimRestarted {
      start(worker)
    } else {
      end(worker, failed: fate == .killed)
    }
  }

  // MARK: Scaling

  /// As a change of the topology does it: newcomers are admitted before they run; those that leave are stopped before they
  /// are removed.
  private func scale(_ process: String, to count: Int) {
    let workers = stage.workers(of: [process])
    for worker in workers.dropFirst(count) { halt(worker) }
    let leaving = workers.dropFirst(count).filter { !ended.contains($0) }
    let heirless = leaving.filter { workers.prefix(count).allSatisfy(ended.contains) || !stage.arena.retire($0) }
    changed.formUnion(leaving)
    for worker in heirless { start(worker) }
    for _ in stride(from: workers.count, to: count, by: 1) { start(stage.admitSibling(of: workers[0])) }
    for worker in leaving where !heirless.contains(worker) {
      stage.arena.remove(worker, keepingState: stage.arena.entry(worker).hasDurableState)
    }
  }

  private func halt(_ worker: Int) {
    guard let pid = pid(of: worker) else { return }
    kill(pid, SIGTERM)
    kill(pid, SIGCONT)
    while !ChildProcess.isDead(pid) { usleep(100) }
    _ = stage.arena.scavenge(worker, isFailure: false)
    living[pid] = nil
    ChildProcess.reap(pid)
  }
}
