internal import Logs
internal import Platform
internal import SystemPackage
internal import Topology

extension Run {
  /// All whose dependencies are met; ends those for good whose dependencies can't be met any more.
  func startWhatMayStart() {
    if topology.failFast, let failed = instances.first(where: { $0.hasFailed }) {
      return stop(signal: nil, reason: "fail_fast: \(failed.name) has failed")
    }
    for instance in instances where instance.state == .pending {
      switch dependencies(of: instance) {
      case .satisfied: start(instance)
      case .impossible(let reason): giveUp(instance, reason)
      case .waits: break
      }
    }
    if !hasSaidRunning {
      hasSaidRunning = true
      client?.send(.running)
    }
  }

  func dependencies(of instance: Instance) -> DependencyVerdict {
    DependencyVerdict(instance.declaration.dependencies) { [byProcess] in (byProcess[$0] ?? []).map(\.state) }
  }

  private func giveUp(_ instance: Instance, _ reason: String) {
    emit(.neverStarted(instance: instance.name, reason: reason))
    conclude(instance, .neverStarted(reason: reason))
  }

  func start(_ instance: Instance) {
    isUnsettled = true
    do {
      let spawned = try spawner.spawn(instance)
      let pid = spawned.pid
      byPID[pid] = instance
      charge.workers[instance.index] = pid
      instance.state = .running(.init(pid: pid, startedAt: Clock.monotonicNanoseconds))
      try read(spawned, of: instance)
      emit(.started(instance: instance.name, pid: pid))
      limitTime(of: instance)
    } catch {
      failToStart(instance, error)
    }
  }

  private func read(_ spawned: consuming WorkerSpawner.Spawned, of instance: Instance) throws(Errno) {
    let (output, errors) = spawned.sources(of: instance.index)
    try self.output.add(output)
    try self.output.add(errors)
  }

  private func limitTime(of instance: Instance) {
    guard let limit = instance.declaration.timeout else { return }
    instance.timer = loop.after(limit) { [unowned self] in
      terminate(instance, .timeout("ran longer than its timeout of \(limit)"), gracePeriod: nil)
    }
  }

  /// The system has no room for another process.
  private func failToStart(_ instance: Instance, _ error: Errno) {
    if let pid = instance.state.life?.pid {
      // Forked, but its output can't be read.
      kill(pid: pid)
    } else {
      follow(
        instance.state.next(
          after: .failed(reason: "could not be started: \(error)"), livedFor: .zero, decider: &instance.decider),
        of: instance)
    }
    say(.error, at: instance.declaration.place, "process '\(instance.name)' could not be started: \(error)")
  }

  /// A client that started a detached run is let go once the run is as far as it asked for.
  func tellDetachedClient() {
    guard case .detached(let wait) = attachment, client != nil else { return }
    let isReady = instances.allSatisfy { $0.state != .pending && $0.state != .restarting }
    if case .running = phase, wait, !isReady { return }
    if wait, let failed = instances.first(where: { $0.hasFailed }) {
      client?.send(.refused(Refusal("process '\(failed.name)' \(failed.failure ?? "has failed")", exitCode: 1)))
    } else if wait {
      client?.send(.ready)
    }
    if client?.isFlushed == true { client = nil }
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

extension WorkerSpawner.Spawned {
  consuming func sources(of instance: Int) -> (OutputSource, OutputSource) {
    (
      OutputSource(instance: instance, stream: .stdout, descriptor: output),
      OutputSource(instance: instance, stream: .stderr, descriptor: errors)
    )
  }
}
