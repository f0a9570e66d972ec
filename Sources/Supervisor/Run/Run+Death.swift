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

  private func take(_ dead: ChildProcess.Death, of instance: Instance) {
    output.finish(instance.index)
    tellWords(ofWorker: instance.index)
    finishWatch(of: instance)
    let ending = Ending(dead)
    let outcome = outcome(of: ending, instance)
    let itemsAtHand: UInt64 = arena.entry(instance.index).isAtItem ? 1 : 0
    // Until it is reaped nobody else can have its pid, and nobody takes it for alive.
    let isFailure = instance.state.isFailure(outcome)
    let repairs = arena.scavenge(instance.index, isFailure: isFailure, recast: topology.resources.recast)
    instance.processorTime += ChildProcess.reap(dead.pid)
    forget(dead.pid, instance, ending)
    if let words = losses.enterLoss(of: instance, outcome) {
      events.say(.warning, at: instance.declaration.place, words)
    }
    instance.hasDoneItsWork = outcome == .succeeded(byEndOfStream: false)
    if instance.declaration.mayLeaveOrphans { instance.processorTime += endOrphans() }
    var death = death(of: instance, outcome)
    death.hasFinishedItems =
      finishedItems(of: instance) > itemsAtHand || repairs.contains(where: \.isOfItemGivenUp)
    let deeds = decide(.died(death), instance)
    if !isRenewal(instance, outcome) {
      events.emit(.exited(instance: instance.name, ending: ending, willRestartAfterSeconds: deeds.pauseInSeconds))
    }
    for repair in repairs where !isOfService(repair, afterFailure: isFailure) { tell(repair, of: instance) }
    carryOut(deeds, for: instance)
    if instance.state == .restarting { beginAnew(instance.process) }
  }

  private func death(of instance: Instance, _ outcome: LifeOutcome) -> LifeEvent.Death {
    let entry = arena.entry(instance.index)
    let life = instance.state.life.map { Duration.nanoseconds(Clock.monotonicNanoseconds - $0.startedAt) } ?? .zero
    instance.wallTime += life
    var death = LifeEvent.Death(outcome: outcome, lived: instance.health?.healthyTime ?? life)
    death.isFinal =
      instance.state.isRunning && (entry.verdict == .failedForGood || entry.verdict == .readersEnded(failed: true))
    death.absorbed = absorbedItems(of: instance)
    death.keepsState = entry.hasDurableState
    return death
  }

  /// That it has taken in this life; a script is at the last of them still.
  private func finishedItems(of instance: Instance) -> UInt64 {
    arena.entry(instance.index).counters.itemsIn &- instance.itemsBeforeLife
  }

  /// A pool's worker has done as many tasks as one does: `ps` counts it, and it is no news.
  private func isRenewal(_ instance: Instance, _ outcome: LifeOutcome) -> Bool {
    outcome == .succeeded(byEndOfStream: false) && topology.service(runBy: instance.process) != nil
  }

  /// Replies that a caller did not live to read are nobody's items: its next life asks anew. Nor are requests news that a
  /// service's worker had taken when it ended well: others get them, or nobody waits for them.
  private func isOfService(_ repair: Repair, afterFailure isFailure: Bool) -> Bool {
    guard case .itemsReturned(let resource, _) = repair else { return false }
    return topology.services.contains { service in
      service.clients.contains { $0.replies.index == resource }
        || (service.requests.index == resource && !isFailure)
    }
  }

  private func outcome(of ending: Ending, _ instance: Instance) -> LifeOutcome {
    LifeOutcome(
      ending, verdict: arena.entry(instance.index).verdict, complaint: instance.complaint,
      isBuiltInKind: instance.declaration.isKind,
      memoryRanOut: ending == .signalled(SIGKILL) && memoryRanOut())
  }

  /// Since this was last asked.
  private func memoryRanOut() -> Bool {
    let count = AvailableMemory.killCount()
    defer { memoryKillCount = count }
    return count > memoryKillCount
  }

  private func forget(_ pid: Int32, _ instance: Instance, _ ending: Ending) {
    byPID[pid] = nil
    charge.workers[instance.index] = 0
    instance.ending = ending
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

  func tell(_ repair: Repair, of instance: Instance) {
    let words = RepairWords(
      repair, worker: instance.name, resources: topology.resources, nameOfWorker: { nameOfWorker($0) ?? "?" })
    events.say(words.severity, at: words.place, words.text)
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
    var lasting: Set<Int32> = []
    var time = Duration.zero
    repeat {
      // Each that ends leaves us what it has started.
      orphans = ChildProcess.all().filter { !isOurs($0) && !lasting.contains($0) }
      for pid in orphans { Glibc.kill(pid, SIGKILL) }
      for pid in orphans {
        // No signal reaches one that has become another user's. It is reaped when it ends.
        if ChildProcess.diesWithin(milliseconds: 1000, pid) {
          time += ChildProcess.reap(pid)
        } else {
          lasting.insert(pid)
        }
      }
    } while !orphans.isEmpty
    return time
  }

  func isOurs(_ child: Int32) -> Bool {
    if child == warden?.pid || couriers[child] != nil || isServant(child) { return true }
    // What a session's leader has started is its own as long as it lives.
    return [child, ChildProcess.session(of: child)].contains { byPID[$0] != nil || helpers.contains($0) }
  }
}

extension [LifeDeed] {
  /// Before it begins again.
  var pauseInSeconds: Double? {
    lazy.compactMap { if case .pause(let pause) = $0 { pause.inSeconds } else { nil } }.first
  }
}

extension ProcessDeclaration {
  var isKind: Bool { if case .kind = work { true } else { false } }
  var isCommand: Bool { if case .command = work { true } else { false } }
  /// A built-in kind starts nothing.
  var mayLeaveOrphans: Bool { !isKind }
}
