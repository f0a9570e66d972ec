internal import Glibc
internal import Platform
internal import Sharing
internal import Topology

extension Run {
  /// All children that have died since the last look: see, repair, reap.
  func takeDeaths() {
    while let death = ChildProcess.nextDeath() {
      if let instance = byPID[death.pid] {
        take(death, of: instance)
      } else if !helpers.take(death) {
        let isCourier = take(death, ofCourier: death.pid)
        defer { tellClient(servedBy: death) }
        if isCourier { continue }
        ChildProcess.reap(death.pid)
        if death.pid == warden?.pid { replaceWarden() }
      }
    }
  }

  private func take(_ death: ChildProcess.Death, of instance: Instance) {
    isUnsettled = true
    output.finish(instance.index)
    finishWatch(of: instance)
    let ending = Ending(death)
    let outcome = outcome(of: ending, instance)
    // Until it is reaped nobody else can have its pid, and nobody takes it for alive.
    let repairs = arena.scavenge(
      instance.index, isFailure: instance.state.isFailure(outcome), recast: topology.resources.recast)
    instance.processorTime += ChildProcess.reap(death.pid)
    forget(death.pid, instance, ending)
    instance.hasDoneItsWork = outcome == .succeeded(byEndOfStream: false)
    if instance.declaration.mayLeaveOrphans { instance.processorTime += endOrphans() }
    let life = instance.state.life.map { Duration.nanoseconds(Clock.monotonicNanoseconds - $0.startedAt) } ?? .zero
    instance.wallTime += life
    let step = nextStep(instance, after: outcome, livedFor: instance.health?.healthyTime ?? life)
    if !isRenewal(instance, outcome) {
      emit(.exited(instance: instance.name, ending: ending, willRestartAfterSeconds: step.pauseInSeconds))
    }
    for repair in repairs where !isAboutReplies(repair) { tell(repair, of: instance) }
    follow(step, of: instance)
    if case .pause = step { beginAnew(instance.process) }
  }

  /// A pool's worker has done as many tasks as one does: `ps` counts it, and it is no news.
  private func isRenewal(_ instance: Instance, _ outcome: LifeOutcome) -> Bool {
    outcome == .succeeded(byEndOfStream: false) && topology.service(runBy: instance.process) != nil
  }

  /// Replies that a caller did not live to read are nobody's items: its next life asks anew.
  private func isAboutReplies(_ repair: Repair) -> Bool {
    guard case .itemsReturned(let resource, _) = repair else { return false }
    return topology.services.contains { $0.clients.contains { $0.replies.index == resource } }
  }

  private func outcome(of ending: Ending, _ instance: Instance) -> LifeOutcome {
    LifeOutcome(
      ending, verdict: arena.entry(instance.index).verdict, isBuiltInKind: instance.declaration.isKind)
  }

  private func forget(_ pid: Int32, _ instance: Instance, _ ending: Ending) {
    byPID[pid] = nil
    charge.workers[instance.index] = 0
    instance.ending = ending
    if let timer = instance.timer.take() { loop.cancel(timer) }
  }

  private func nextStep(_ instance: Instance, after outcome: LifeOutcome, livedFor life: Duration) -> NextStep {
    let verdict = arena.entry(instance.index).verdict
    if case .failed(let reason) = outcome, instance.state.isRunning {
      switch verdict {
      // Another life would end the same way.
      case .readersEnded(failed: true), .failedForGood: return .end(.failed(reason: reason))
      default: break
      }
    }
    let step: NextStep
    if let reason = instance.state.fault(outcome), forgottenItems(by: instance) != nil {
      step = .end(.failed(reason: reason))
    } else {
      step = instance.state.next(after: outcome, livedFor: life, decider: &instance.decider)
    }
    guard case .end(.failed(let reason)) = step, let count = absorbedItems(of: instance) else { return step }
    let items = count == 1 ? "the item" : "the \(count) items"
    return .end(.failed(reason: "\(reason); \(items) that it had absorbed are lost"))
  }

  /// What a process that answers at its end has taken in.
  private func absorbedItems(of instance: Instance) -> UInt64? {
    let count = arena.entry(instance.index).counters.itemsIn
    return signature(of: instance.declaration)?.answers == .atEnd && count > 0 ? count : nil
  }

  /// What another life of it would not know of, and give a wrong answer.
  func forgottenItems(by instance: Instance) -> UInt64? {
    arena.entry(instance.index).hasDurableState ? nil : absorbedItems(of: instance)
  }

  func follow(_ step: NextStep, of instance: Instance) {
    switch step {
    case .startAgain: start(instance)
    case .stop: instance.state = .stopped
    case .end(let end): conclude(instance, end)
    case .pause(let pause):
      instance.state = .restarting
      instance.timer = loop.after(pause) { [unowned self] in
        instance.timer = nil
        start(instance)
      }
    }
  }

  /// For good: those that wait for it may go on.
  func conclude(_ instance: Instance, _ end: InstanceState.End) {
    isUnsettled = true
    if let timer = instance.timer.take() { loop.cancel(timer) }
    instance.state = .ended(end)
    output.close(instance.index)
    defer { endPoolsWithoutCallers() }
    let repairs = arena.endForGood(instance.index, failed: end.isFailure)
    // What a run that is told to stop leaves behind is no news.
    if end != .stopped { for repair in repairs { tell(repair, of: instance) } }
    if case .failed(let reason) = end {
      say(.error, at: instance.declaration.place, "process '\(instance.name)' \(reason)")
    }
  }

  private func tell(_ repair: Repair, of instance: Instance) {
    let words = RepairWords(
      repair, worker: instance.name, resources: topology.resources, nameOfWorker: { nameOfWorker($0) ?? "?" })
    say(words.severity, at: words.place, words.text)
  }

  /// The supervisor waits for a lock, and this worker has it or another one. If it was stopped in the middle of its step
  /// it may go on until the end of the round, for it holds up everyone.
  func standing(of worker: Int) -> Rescue.Standing {
    let courier = couriers.first { $0.value.worker == worker }?.key
    guard let pid = courier ?? instances.first(where: { $0.index == worker })?.state.life?.pid else { return .nobody }
    if ChildProcess.isDead(pid) { return .dead }
    guard let process = ProcessStatistics(of: pid) else { return .heldUp }
    if process.isAsleep { return .asleep }
    if process.isRunnable { return .awake }
    if process.isStopped, !resumed.contains(pid) {
      Glibc.kill(pid, SIGCONT)
      resumed.append(pid)
    }
    return .heldUp
  }

  /// Those that `standing` let go on are stopped again.
  func stopResumed() {
    for pid in resumed where byPID[pid] != nil || couriers[pid] != nil { Glibc.kill(pid, SIGSTOP) }
    resumed.removeAll()
  }

  func replaceWarden() {
    warden = try? Warden(charge)
  }

  /// What a dead worker had started, and left to us when it died.
  ///
  /// A command's descendants are below its pump until that dies, so they are the pump's, or a dead pump's. Of a script
  /// the orphans come to us while it lives: they are in its session. Gives the time that they have used.
  @discardableResult
  func endOrphans() -> Duration {
    var orphans: [Int32] = []
    var time = Duration.zero
    repeat {
      // Each that ends leaves us what it has started.
      orphans = ChildProcess.all().filter { !isOurs($0) }
      for pid in orphans { Glibc.kill(pid, SIGKILL) }
      for pid in orphans { time += ChildProcess.reap(pid) }
    } while !orphans.isEmpty
    return time
  }

  func isOurs(_ child: Int32) -> Bool {
    if child == warden?.pid || couriers[child] != nil || isServant(child) { return true }
    // What a session's leader has started is its own as long as it lives.
    return [child, ChildProcess.session(of: child)].contains { byPID[$0] != nil || helpers.contains($0) }
  }
}

extension InstanceState {
  var isRunning: Bool { if case .running = self { true } else { false } }

  /// Why a death in this state is a failure of the instance's own; `nil`: it is not.
  func fault(_ outcome: LifeOutcome) -> String? {
    switch (self, outcome) {
    case (.running, .failed(let reason)), (.stopping(_, .timeout(let reason)), _),
      (.stopping(_, .unhealthy(let reason)), _), (.stopping(_, .deadlock(let reason)), _):
      reason
    default: nil
    }
  }

  /// Whether a death in this state counts against the item that the worker was at.
  func isFailure(_ outcome: LifeOutcome) -> Bool {
    guard case .failed = outcome else { return false }
    switch self {
    case .stopping(_, .runEnds), .stopping(_, .command), .stopping(_, .restart), .stopping(_, .change): return false
    default: return true
    }
  }
}

extension InstanceState.End {
  var isFailure: Bool {
    switch self {
    case .failed, .neverStarted: true
    case .succeeded, .stopped: false
    }
  }
}

extension NextStep {
  var pauseInSeconds: Double? { if case .pause(let pause) = self { pause.inSeconds } else { nil } }
}

extension ProcessDeclaration {
  var isKind: Bool { if case .kind = work { true } else { false } }
  /// A built-in kind starts nothing.
  var mayLeaveOrphans: Bool { !isKind }
}
