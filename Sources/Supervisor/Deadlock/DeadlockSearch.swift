internal import Platform
internal import Sharing
internal import Topology

/// One look for deadlocks. Every member of a set that it finds waited, without a time-out, for what only others of the set
/// could have done, at one instant: all slept, none of them had what it waits for, and none of the waits ended in the
/// meantime.
struct DeadlockSearch {
  /// Who has waited for less is about to be woken, mostly; and who waits for longer has waited since before the look.
  private static let patienceNanoseconds: UInt64 = 200_000_000

  let life: RunLife
  let arena: Arena
  let host: WorkerHost

  func find() -> [Deadlock] {
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
    for instance in life.instances { standings[instance.index] = standing(of: instance, waits[instance.index]) }
    return standings
  }

  private func longWaits() -> [Int: WorkerEntry.PublishedWait] {
    let latest = MonotonicClock.now &- Self.patienceNanoseconds
    var waits: [Int: WorkerEntry.PublishedWait] = [:]
    for instance in life.instances where instance.state.isRunning && instance.declaration.timeout == nil {
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
    guard let wait, let life = life.instance(ofWorker: worker)?.state.life else { return false }
    return ProcessStatistics(of: life.pid)?.isAsleep == true && arena.isUnmet(wait, of: worker)
  }

  // MARK: Telling and ending them

  private func describe(
    _ cores: [[Int]], among stuck: [Int], _ waits: [Int: WorkerEntry.PublishedWait]
  ) -> [Deadlock] {
    // A service that has nothing to do is not at fault.
    let stuck = stuck.filter { !isIdleService($0, waits[$0]) }
    let behind = Set(stuck).subtracting(cores.joined()).sorted().compactMap(life.name(ofWorker:))
    return cores.compactMap { core in
      let members = stuck.filter(core.contains)
      guard let first = members.first(where: { waits[$0] != nil }).flatMap(life.instance(ofWorker:)) else { return nil }
      return Deadlock(
        place: first.declaration.place,
        members: members.compactMap { index in life.instance(ofWorker: index).map { member($0, waits[index]) } },
        behind: behind)
    }
  }

  private func isIdleService(_ worker: Int, _ wait: WorkerEntry.PublishedWait?) -> Bool {
    guard let process = life.instance(ofWorker: worker)?.process, let service = life.topology.service(runBy: process)
    else {
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
    let words = WaitWords(topology: life.topology, arena: arena, nameOfWorker: { life.name(ofWorker: $0) ?? "?" })
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
}

/// An instance without which a process can't start, and what it would have to do for that.
struct UnmetDependency {
  enum Deed {
    case end
    case printReadyLine
  }

  let instance: Instance
  let deed: Deed

  /// `'a-1' and 'b-1' would have to end, 'c-1' to print its ready_log_line`.
  static func words(_ dependencies: [UnmetDependency]) -> String {
    func names(_ deed: Deed) -> [String] { dependencies.filter { $0.deed == deed }.map(\.instance.name) }
    let (ending, printing) = (names(.end), names(.printReadyLine))
    let parts = [
      ending.isEmpty ? nil : "\(Deadlock.list(ending)) would have to end",
      printing.isEmpty
        ? nil : "\(Deadlock.list(printing)) \(ending.isEmpty ? "would have " : "")to print its ready_log_line",
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}

extension DeadlockSearch {
  fileprivate func unmetDependencies(of process: ProcessDeclaration) -> [UnmetDependency] {
    process.dependencies.flatMap { dependency in
      (life.byProcess[dependency.process] ?? []).compactMap { instance in
        deed(of: instance, for: dependency.condition).map { UnmetDependency(instance: instance, deed: $0) }
      }
    }
  }

  /// `nil`: it has done it, or it is not for the instance to do.
  private func deed(
    of instance: Instance, for condition: ProcessDeclaration.Dependency.Condition
  ) -> UnmetDependency.Deed? {
    switch condition {
    case .started: instance.state == .pending ? .end : nil
    case .completed, .completedSuccessfully: instance.state.end == nil ? .end : nil
    case .healthy where instance.state == .pending: .end
    // That it becomes healthy is for its health check to say, whatever it waits for itself; but nobody prints for it.
    case .healthy: isYetToPrintReadyLine(instance) ? .printReadyLine : nil
    }
  }

  /// It alone could, and nothing that it has printed is still to be looked at.
  private func isYetToPrintReadyLine(_ instance: Instance) -> Bool {
    guard case .running(let life) = instance.state, let health = instance.health,
      instance.declaration.readyLogLine != nil, health.standing == .starting
    else { return false }
    // In the order in which a line passes through them.
    return !host.hasDescendants(life) && host.output.isUpToDate(instance.index) && health.watch?.isIdle == true
  }
}
