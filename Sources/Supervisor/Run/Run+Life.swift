internal import Platform
internal import SystemPackage
internal import Topology

/// Carries out what the tables of `Life` say.
extension Run {
  /// After a fork, every page that parent or child writes to is copied: forks behind one another copy least. But each
  /// child gets a copy of all open descriptors too, so those of the dead must not pile up.
  private static let startsAtOnce = 16

  /// What happens to an instance, and what is to be done because of it.
  func take(_ event: LifeEvent, of instance: Instance) { carryOut(decide(event, instance), for: instance) }

  /// As `take`, of what a command or a change asks for.
  func ask(_ event: LifeEvent, of instance: Instance) {
    for happening in life.happenings(event, of: instance) { take(happening.event, of: happening.instance) }
  }

  func decide(_ event: LifeEvent, _ instance: Instance) -> [LifeDeed] {
    let before = instance.state
    let deeds = instance.life.take(event, while: phase.course)
    if instance.state != before || !deeds.isEmpty { isUnsettled = true }
    if !instance.state.isOfSameSort(as: before) { dropTimer(of: instance) }
    return deeds
  }

  func carryOut(_ deeds: [LifeDeed], for instance: Instance) {
    for deed in deeds {
      switch deed {
      case .begin: start([instance])
      case .tellToStop(let grace): tellToStop(instance, grace)
      case .hurry(let grace): hurry(instance, grace)
      case .kill(let isLate): kill(instance, isLate: isLate)
      case .pause(let pause): setTimer(of: instance, after: pause, .pauseIsOver)
      case .open: arena.reopen(instance.index)
      case .conclude(let end): conclude(instance, end)
      }
    }
  }

  /// Draws the conclusions from where all are.
  func takeConclusions() {
    if let reason = life.fatalFailure { return stop(signal: nil, reason: reason) }
    var batch: [Instance] = []
    for (instance, event) in life.conclusions(isChanging: changes.ongoing != nil) {
      let deeds = decide(event, instance)
      guard deeds == [.begin] else {
        carryOut(deeds, for: instance)
        continue
      }
      batch.append(instance)
      if batch.count == Self.startsAtOnce {
        start(batch)
        batch.removeAll(keepingCapacity: true)
        takeDeaths()
      }
    }
    start(batch)
    if !hasSaidRunning {
      hasSaidRunning = true
      events.client?.send(.running)
    }
  }

  // MARK: Starting

  func start(_ batch: [Instance]) {
    guard !batch.isEmpty else { return }
    isUnsettled = true
    // Before the fork: a worker may be at work before its parent is back.
    for instance in batch {
      instance.rate.start(at: CountSample(of: instance, in: arena))
      instance.itemsBeforeLife = arena.entry(instance.index).counters.itemsIn
    }
    let outcomes = host.start(batch)
    for (instance, outcome) in zip(batch, outcomes) {
      if case .success(let spawned) = outcome { begin(instance, spawned) }
    }
    for (instance, outcome) in zip(batch, outcomes) {
      if case .failure(let error) = outcome { failToStart(instance, error) }
    }
  }

  private func begin(_ instance: Instance, _ spawned: WorkerSpawner.Spawned) {
    (instance.deadlock, instance.complaint) = (nil, nil)
    let now = MonotonicClock.now
    take(.began(.init(pid: spawned.pid, startedAt: now)), of: instance)
    if instance.firstStart == nil { instance.firstStart = now }
    events.emit(.started(instance: instance.name, pid: spawned.pid))
    limitTime(of: instance)
    health.begin(instance)
    readiness.begin(instance)
    do throws(Errno) {
      for source in spawned.sources { try host.output.add(source) }
    } catch {
      events.say(
        .error, at: instance.declaration.place, "the output of process '\(instance.name)' can't be read: \(error)")
      // Failed also where it has done all its work by now: nobody has what it printed.
      take(.faulted(reason: "has an output that can't be read: \(error)"), of: instance)
      host.kill(instance)
    }
  }

  private func limitTime(of instance: Instance) {
    guard let limit = instance.declaration.timeout else { return }
    setTimer(of: instance, after: limit, .faulted(reason: "ran longer than its timeout of \(limit)"))
  }

  private func failToStart(_ instance: Instance, _ error: Errno) {
    let reason = "could not be started: \(error)"
    let deeds = decide(.couldNotBegin(reason: reason), instance)
    if let pause = deeds.pauseInSeconds {
      events.say(
        .warning, at: instance.declaration.place, "process '\(instance.name)' \(reason); tried again in \(pause)s")
    }
    carryOut(deeds, for: instance)
  }

  // MARK: Time

  func setTimer(of instance: Instance, after delay: Duration, _ event: LifeEvent) {
    dropTimer(of: instance)
    let deadline = MonotonicClock.now &+ delay.nanoseconds
    let id = loop.after(delay) { [unowned self, unowned instance] in
      instance.timer = nil
      take(event, of: instance)
    }
    instance.timer = (id, deadline)
  }

  private func dropTimer(of instance: Instance) {
    if let timer = instance.timer.take() { loop.cancel(timer.id) }
  }

  // MARK: Ending one

  /// The stop signal now, SIGKILL when the grace period is over.
  private func tellToStop(_ instance: Instance, _ grace: Duration?) {
    guard case .stopping(_, let stop) = instance.state else { return }
    health.end(instance)
    events.emit(.stopping(instance: instance.name, signal: instance.declaration.stopSignal))
    let grace = grace ?? instance.declaration.stopGracePeriod
    host.tell(instance, toEndWithin: grace, drains: stop.fault == nil)
    setTimer(of: instance, after: grace, .gracePeriodIsOver)
  }

  private func hurry(_ instance: Instance, _ grace: Duration) {
    if let timer = instance.timer, timer.deadline <= MonotonicClock.now &+ grace.nanoseconds { return }
    setTimer(of: instance, after: grace, .gracePeriodIsOver)
    // It has less time for what it has to answer.
    if instance.declaration.isCommand { host.tell(instance, toEndWithin: grace, drains: true) }
  }

  private func kill(_ instance: Instance, isLate: Bool) {
    guard instance.state.life != nil else { return }
    dropTimer(of: instance)
    recordKill(of: instance)
    if isLate { events.emit(.killed(instance: instance.name)) }
    host.kill(instance)
  }

  /// Who waits for its stop will tell of it.
  private func recordKill(of instance: Instance) {
    if case .stopping = phase, !killed.contains(instance.name) { killed.append(instance.name) }
    errands.recordKill(of: instance)
    changes.recordKill(of: instance)
  }

  /// For good: those that wait for it may go on.
  private func conclude(_ instance: Instance, _ end: InstanceState.End) {
    tellNeverStarted(instance, end)
    host.output.close(instance.index)
    let repairs = arena.endForGood(instance.index, failed: end.isFailure)
    tellCommandsWithoutReaders()
    // What a run that is told to stop leaves behind is no news.
    if end != .stopped { for repair in repairs { tell(repair, of: instance) } }
    if case .failed(let reason) = end {
      events.say(.error, at: instance.declaration.place, "process '\(instance.name)' \(reason)")
    }
  }

  private func tellNeverStarted(_ instance: Instance, _ end: InstanceState.End) {
    guard case .neverStarted(let reason) = end else { return }
    events.emit(.neverStarted(instance: instance.name, reason: reason))
    let place = instance.declaration.keyPlaces[.dependsOn] ?? instance.declaration.place
    events.say(.error, at: place, "process '\(instance.name)' never started: it \(reason)")
  }

  /// Commands that print into what nobody reads any more are told, also those that print nothing.
  func tellCommandsWithoutReaders() {
    for process in topology.processes where process.isCommand && !hasReaders(process) {
      for instance in byProcess[process.name] ?? [] where instance.state.isRunning {
        host.tellToLookForReaders(instance)
      }
    }
  }

  /// Of anything that it puts; also one that puts nothing.
  private func hasReaders(_ process: ProcessDeclaration) -> Bool {
    process.outputs.isEmpty
      || process.outputs.contains { arena.hasReaders($0.target.resource.index, fromA: $0.target.end != .b) }
  }
}
