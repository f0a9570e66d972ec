internal import Logs
internal import Platform
internal import SystemPackage
internal import Topology

extension Run {
  /// After a fork, every page that parent or child writes to is copied: forks behind one another copy least. But each
  /// child gets a copy of all open descriptors too, so those of the dead must not pile up.
  private static let startsAtOnce = 16

  /// All whose dependencies are met; ends those for good whose dependencies can't be met any more.
  func startWhatMayStart() {
    if topology.failFast, let failed = instances.first(where: { $0.hasFailed }) {
      return stop(signal: nil, reason: "fail_fast: \(failed.name) has failed")
    }
    var batch: [Instance] = []
    for instance in instances where instance.state == .pending {
      switch dependencies(of: instance) {
      case .satisfied: batch.append(instance)
      case .impossible(let reason): giveUp(instance, reason)
      case .waits: break
      }
      if batch.count == Self.startsAtOnce {
        start(batch)
        batch.removeAll(keepingCapacity: true)
        takeDeaths()
      }
    }
    start(batch)
    if !hasSaidRunning {
      hasSaidRunning = true
      client?.send(.running)
    }
  }

  func dependencies(of instance: Instance) -> DependencyVerdict {
    DependencyVerdict(instance.declaration.dependencies) { [byProcess] in (byProcess[$0] ?? []).map(\.asDependee) }
  }

  private func giveUp(_ instance: Instance, _ reason: String) {
    emit(.neverStarted(instance: instance.name, reason: reason))
    let place = instance.declaration.keyPlaces[.dependsOn] ?? instance.declaration.place
    say(.error, at: place, "process '\(instance.name)' never started: it \(reason)")
    conclude(instance, .neverStarted(reason: reason))
  }

  func start(_ instance: Instance) { start([instance]) }

  private func start(_ batch: [Instance]) {
    guard !batch.isEmpty else { return }
    isUnsettled = true
    // Before the fork: a worker may be at work before its parent is back.
    for instance in batch { instance.rate.start(at: sample(of: instance)) }
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
    instance.deadlock = nil
    charge.workers[instance.index] = spawned.pid
    instance.state = .running(.init(pid: spawned.pid, startedAt: Clock.monotonicNanoseconds))
    emit(.started(instance: instance.name, pid: spawned.pid))
    limitTime(of: instance)
    watchHealth(of: instance)
    awaitSettling(of: instance)
    do throws(Errno) {
      for source in spawned.sources { try output.add(source) }
    } catch {
      say(.error, at: instance.declaration.place, "the output of process '\(instance.name)' can't be read: \(error)")
      kill(pid: spawned.pid)
    }
  }

  private func limitTime(of instance: Instance) {
    guard let limit = instance.declaration.timeout else { return }
    instance.timer = loop.after(limit) { [unowned self] in
      terminate(instance, .timeout("ran longer than its timeout of \(limit)"), gracePeriod: nil)
    }
  }

  /// The system has no room for another process.
  private func failToStart(_ instance: Instance, _ error: Errno) {
    let reason = "could not be started: \(error)"
    let step = instance.state.next(after: .failed(reason: reason), livedFor: .zero, decider: &instance.decider)
    if let pause = step.pauseInSeconds {
      say(.warning, at: instance.declaration.place, "process '\(instance.name)' \(reason); tried again in \(pause)s")
    }
    follow(step, of: instance)
  }
}

extension Instance {
  var hasFailed: Bool { failure != nil }

  /// Why it failed for good, or could never start.
  var failure: String? {
    switch state.end {
    case .failed(let reason), .neverStarted(let reason): reason
    default: nil
    }
  }
}
