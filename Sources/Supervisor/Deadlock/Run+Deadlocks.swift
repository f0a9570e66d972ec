internal import Platform
internal import Sharing
internal import Topology

extension Run {
  /// A look costs some microseconds, so that a run in which all sleep uses no processor to speak of.
  private static let pauseBetweenLooks = Duration.milliseconds(250)
  /// Who has waited for less is about to be woken, mostly; and who waits for longer has waited since before the look.
  private static let patienceNanoseconds: UInt64 = 200_000_000

  func watchForDeadlocks() {
    _ = loop.after(Self.pauseBetweenLooks) { [unowned self] in
      if case .running = phase {
        arena.audit()
        endIfDamaged()
        for deadlock in deadlocks() { resolve(deadlock) }
        // A script may have closed its end.
        tellCommandsWithoutReaders()
        watchForDeadlocks()
      }
    }
  }

  // MARK: Finding them

  /// Every member of a set that it gives waited, without a time-out, for what only others of the set could have done,
  /// at one instant: all slept, none of them had what it waits for, and none of the waits ended in the meantime.
  private func deadlocks() -> [Deadlock] {
    let waits = longWaits()
    if waits.isEmpty { return [] }
    var standings = standings(waits)
    while true {
      let graph = WaitGraph(standings)
      let stuck = graph.stuck
      let living = stuck.filter { waits[$0] != nil }
      if living.isEmpty { return [] }
      let awake = living.filter { !isInVain(waits[$0], $0) }
      // Last of all: whoever has gone on since the first look may have let others go on.
      let doubtful = awake + living.filter { arena.wait(of: $0) != waits[$0] }
      if doubtful.isEmpty { return describe(graph.cores(of: stuck), among: stuck, waits) }
      for index in doubtful { standings[index] = .movable }
    }
  }

  /// By place in the worker table; a courier is moved from outside.
  private func standings(_ waits: [Int: WorkerEntry.PublishedWait]) -> [WaitGraph.Standing] {
    var standings = arena.plan.workers.map { $0 == nil ? WaitGraph.Standing.gone : .movable }
    for instance in instances { standings[instance.index] = standing(of: instance, waits[instance.index]) }
    return standings
  }

  private func longWaits() -> [Int: WorkerEntry.PublishedWait] {
    let latest = MonotonicClock.now &- Self.patienceNanoseconds
    var waits: [Int: WorkerEntry.PublishedWait] = [:]
    for instance in instances where instance.state.isRunning && instance.declaration.timeout == nil {
      let wait = arena.wait(of: instance.index)
      if wait.on != .none, !wait.isTimed, wait.since <= latest { waits[instance.index] = wait }
    }
    return waits
  }

  private func standing(of instance: Instance, _ wait: WorkerEntry.PublishedWait?) -> WaitGraph.Standing {
    switch instance.state {
    case .ended: return .gone
    case .pending: return .waits(needs: unmetDependencies(of: instance.declaration).map { [[$0.instance.index]] })
    // Stopped by a command, one may be started again by another.
    case .stopping, .restarting, .stopped: return .movable
    case .running:
      guard let wait, case .workers(let wakers) = arena.wakers(of: wait, instance.index) else { return .movable }
      return .waits(needs: [wakers])
    }
  }

  /// One that was woken and has not run yet is not asleep; one that is stopped (SIGSTOP) may be let go on.
  private func isInVain(_ wait: WorkerEntry.PublishedWait?, _ worker: Int) -> Bool {
    guard let wait, let life = instance(ofWorker: worker)?.state.life else { return false }
    return ProcessStatistics(of: life.pid)?.isAsleep == true && arena.isUnmet(wait, of: worker)
  }

  // MARK: Telling and ending them

  private func describe(
    _ cores: [[Int]], among stuck: [Int], _ waits: [Int: WorkerEntry.PublishedWait]
  ) -> [Deadlock] {
    // A service that has nothing to do is not at fault.
    let stuck = stuck.filter { !isIdleService($0, waits[$0]) }
    let behind = Set(stuck).subtracting(cores.joined()).sorted().compactMap(nameOfWorker)
    return cores.compactMap { core in
      let members = stuck.filter(core.contains)
      guard let first = members.first(where: { waits[$0] != nil }).flatMap(instance(ofWorker:)) else { return nil }
      return Deadlock(
        place: first.declaration.place,
        members: members.compactMap { index in instance(ofWorker: index).map { member($0, waits[index]) } },
        behind: behind)
    }
  }

  private func isIdleService(_ worker: Int, _ wait: WorkerEntry.PublishedWait?) -> Bool {
    guard let process = instance(ofWorker: worker)?.process, let service = topology.service(runBy: process) else {
      return false
    }
    return wait?.on == .read(resource: service.requests.index)
  }

  private func member(_ instance: Instance, _ wait: WorkerEntry.PublishedWait?) -> Deadlock.Member {
    guard let wait else {
      let words = "to start, for which \(UnmetDependency.words(unmetDependencies(of: instance.declaration)))"
      return Deadlock.Member(
        worker: instance.index, name: instance.name, place: "\(instance.declaration.place)", wait: words,
        shortWait: words)
    }
    let words = WaitWords(topology: topology, arena: arena, nameOfWorker: { [unowned self] in nameOfWorker($0) ?? "?" })
    return Deadlock.Member(
      worker: instance.index, name: instance.name, place: placeOfWait(instance),
      wait: words.words(for: wait, instance.index, isPlaced: true),
      shortWait: words.words(for: wait, instance.index, isPlaced: false),
      seconds: Double(wait.nanoseconds(until: MonotonicClock.now)) / 1e9, remedy: words.remedy(for: wait))
  }

  private func placeOfWait(_ instance: Instance) -> String {
    let line = arena.entry(instance.index).line
    if line > 0, case .script(let script) = instance.declaration.work { return "\(script.place.file):\(line)" }
    return "\(instance.declaration.place)"
  }

  /// Its members fail; what that lets go on, goes on.
  private func resolve(_ deadlock: Deadlock) {
    hadDeadlock = true
    events.say(.error, at: deadlock.place, deadlock.text)
    for member in deadlock.members {
      guard let instance = instance(ofWorker: member.worker), instance.state.isRunning else { continue }
      instance.deadlock = words(for: arena.wait(of: member.worker).on).map { "deadlocked: \($0)" }
      take(.faulted(reason: member.reason), of: instance)
    }
  }
}
