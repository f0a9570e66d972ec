internal import Logs
internal import Platform
internal import SystemPackage
internal import Topology

extension Run {
  func start(_ batch: [Instance]) {
    guard !batch.isEmpty else { return }
    isUnsettled = true
    // Before the fork: a worker may be at work before its parent is back.
    for instance in batch {
      instance.rate.start(at: sample(of: instance))
      instance.itemsBeforeLife = arena.entry(instance.index).counters.itemsIn
    }
    let outcomes = batch.map { instance in Result { () throws(Errno) in try spawner.spawn(instance) } }
    // All that were forked first: what follows from a failure may have to wait for a lock that one of them holds.
    for (instance, outcome) in zip(batch, outcomes) {
      if case .success(let spawned) = outcome { begin(instance, spawned) }
    }
    for (instance, outcome) in zip(batch, outcomes) {
      if case .failure(let error) = outcome { failToStart(instance, error) }
    }
  }

  private func begin(_ instance: Instance, _ spawned: WorkerSpawner.Spawned) {
    byPID[spawned.pid] = instance
    (instance.deadlock, instance.complaint) = (nil, nil)
    charge.workers[instance.index] = spawned.pid
    let now = Clock.monotonicNanoseconds
    take(.began(.init(pid: spawned.pid, startedAt: now)), of: instance)
    if instance.firstStart == nil { instance.firstStart = now }
    events.emit(.started(instance: instance.name, pid: spawned.pid))
    limitTime(of: instance)
    watchHealth(of: instance)
    readiness.begin(instance)
    do throws(Errno) {
      for source in spawned.sources { try output.add(source) }
    } catch {
      events.say(
        .error, at: instance.declaration.place, "the output of process '\(instance.name)' can't be read: \(error)")
      // Failed also where it has done all its work by now: nobody has what it printed.
      take(.faulted(reason: "has an output that can't be read: \(error)"), of: instance)
      kill(pid: spawned.pid)
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
}
