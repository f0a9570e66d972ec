internal import Glibc
internal import Platform
internal import Sharing
internal import Topology
internal import Workers

/// What follows from the death of a worker: its last words, repairs, and what its life was like for the table.
extension Run {
  /// Of all that have died since the last look.
  func takeDeaths() {
    while let death = host.nextDeath() { take(death, of: death.instance) }
  }

  private func take(_ dead: WorkerHost.Death, of instance: Instance) {
    host.output.finish(instance.index)
    tellWords(ofWorker: instance.index)
    health.finish(instance)
    let outcome = outcome(of: dead.ending, instance)
    let itemsAtHand: UInt64 = arena.entry(instance.index).isAtItem ? 1 : 0
    let isFailure = instance.state.isFailure(outcome)
    let repairs = host.repair(after: dead, isFailure: isFailure, topology.resources)
    instance.ending = dead.ending
    if let words = losses.enterLoss(of: instance, outcome) {
      events.say(.warning, at: instance.declaration.place, words)
    }
    instance.hasDoneItsWork = outcome == .succeeded(byEndOfStream: false)
    if instance.declaration.mayLeaveOrphans { instance.processorTime += host.endOrphans() }
    var death = death(of: instance, outcome)
    death.hasFinishedItems =
      finishedItems(of: instance) > itemsAtHand || repairs.contains(where: \.isOfItemGivenUp)
    let deeds = decide(.died(death), instance)
    if !isRenewal(instance, outcome) {
      events.emit(.exited(instance: instance.name, ending: dead.ending, willRestartAfterSeconds: deeds.pauseInSeconds))
    }
    for repair in repairs where !isOfService(repair, afterFailure: isFailure) { tell(repair, of: instance) }
    carryOut(deeds, for: instance)
    if instance.state == .restarting { beginAnew(instance.process) }
  }

  private func death(of instance: Instance, _ outcome: LifeOutcome) -> LifeEvent.Death {
    let entry = arena.entry(instance.index)
    let life = instance.state.life.map { Duration.nanoseconds(MonotonicClock.now - $0.startedAt) } ?? .zero
    instance.wallTime += life
    var death = LifeEvent.Death(outcome: outcome, lived: instance.health?.healthyTime ?? life)
    death.isFinal =
      instance.state.isRunning && (entry.verdict == .failedForGood || entry.verdict == .readersEnded(failed: true))
    death.absorbed = instance.absorbedItems(arena, kinds)
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
      memoryRanOut: ending == .signalled(SIGKILL) && host.memoryRanOut())
  }

  func tell(_ repair: Repair, of instance: Instance) {
    let words = RepairWords(
      repair, worker: instance.name, resources: topology.resources, nameOfWorker: { life.name(ofWorker: $0) ?? "?" })
    events.say(words.severity, at: words.place, words.text)
  }

  /// A kind's process that its restart policy starts again after it has done its work does that work once more. Its
  /// instances share it, so this is when all of them are done: till then a new life of one finds its share done.
  private func beginAnew(_ process: Int) {
    let instances = instances.filter { $0.process == process && $0.state.mayLiveAgain }
    guard let first = instances.first, let signature = kinds.signature(of: first.declaration),
      // One with an input succeeds as that ends, and lives no more.
      signature.answers == .source || signature.answers == .none,
      instances.allSatisfy({ $0.state == .restarting && $0.hasDoneItsWork })
    else { return }
    arena.forgetClaims(ofGroupOf: first.index)
    for instance in instances { arena.forgetDurable(of: instance.index) }
  }

  // MARK: Words

  /// What workers have left to say.
  func tellWords() {
    for worker in host.placesOfWords { tellWords(ofWorker: worker) }
  }

  private func tellWords(ofWorker worker: Int) {
    for words in host.takeWords(ofWorker: worker) {
      if words.severity == .error, let instance = life.instance(ofWorker: worker) {
        instance.complaint = words.headline(of: instance.name)
      }
      events.pass(on: words)
    }
  }
}

extension InstanceState {
  /// By itself: not one that a command has stopped, or that has ended for good.
  fileprivate var mayLiveAgain: Bool {
    switch self {
    case .stopped, .ended: false
    case .pending, .running, .stopping, .restarting: true
    }
  }
}

extension [LifeDeed] {
  /// Before it begins again.
  var pauseInSeconds: Double? {
    lazy.compactMap { if case .pause(let pause) = $0 { pause.inSeconds } else { nil } }.first
  }
}
