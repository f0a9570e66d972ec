internal import Glibc
internal import Platform
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
    for (instance, event) in life.conclusions(isChanging: change != nil) {
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

  // MARK: Time

  func setTimer(of instance: Instance, after delay: Duration, _ event: LifeEvent) {
    dropTimer(of: instance)
    let deadline = Clock.monotonicNanoseconds &+ delay.nanoseconds
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
    endWatch(of: instance)
    events.emit(.stopping(instance: instance.name, signal: instance.declaration.stopSignal))
    let grace = grace ?? instance.declaration.stopGracePeriod
    tell(instance, toEndWithin: grace, drains: stop.fault == nil)
    setTimer(of: instance, after: grace, .gracePeriodIsOver)
  }

  private func hurry(_ instance: Instance, _ grace: Duration) {
    if let timer = instance.timer, timer.deadline <= Clock.monotonicNanoseconds &+ grace.nanoseconds { return }
    setTimer(of: instance, after: grace, .gracePeriodIsOver)
    // It has less time for what it has to answer.
    if instance.declaration.isCommand { tell(instance, toEndWithin: grace, drains: true) }
  }

  private func kill(_ instance: Instance, isLate: Bool) {
    guard let pid = instance.state.life?.pid else { return }
    dropTimer(of: instance)
    recordKill(of: instance)
    if isLate { events.emit(.killed(instance: instance.name)) }
    kill(pid: pid)
  }

  /// Who waits for its stop will tell of it.
  private func recordKill(of instance: Instance) {
    if case .stopping = phase, !killed.contains(instance.name) { killed.append(instance.name) }
    errands.recordKill(of: instance)
    if change?.stopped.contains(where: { $0 === instance }) == true { change?.killed.append(instance.name) }
  }

  /// With all of its session that is in its group.
  func kill(pid: Int32) {
    Glibc.kill(-pid, SIGKILL)
    Glibc.kill(pid, SIGKILL)
  }

  /// For good: those that wait for it may go on.
  private func conclude(_ instance: Instance, _ end: InstanceState.End) {
    tellNeverStarted(instance, end)
    output.close(instance.index)
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
}
