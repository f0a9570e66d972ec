internal import Platform
internal import Topology

/// How far an instance is, for those who wait until a run is up.
enum Readiness: Equatable {
  /// Healthy; or, without a check, it has run for a while; or it has succeeded.
  case ready
  case notYet
  /// It will not be, as far as anyone knows.
  case failed
}

extension Run {
  /// As long as a process without a health check must have run: what fails at its start does so sooner.
  static let settlingTime = Duration.seconds(1)

  /// A client that started a detached run is let go once the run is as far as it asked for.
  func tellDetachedClient() {
    guard case .detached(let wait) = attachment, client != nil else { return }
    // A run that is asked to stop has not come up: the client waits for its result.
    if isStopped { return }
    if wait {
      guard let unready = settledUnready else { return }
      client?.send(unready.isEmpty ? .ready : .notReady(unready))
    }
    if client?.isFlushed == true { client = nil }
  }

  private var isStopped: Bool {
    switch phase {
    case .running, .draining(after: nil): false
    case .stopping, .draining: true
    case .ended(let result): result.exitCode > 128
    }
  }

  /// `mporch up --wait` of a run that lives.
  func awaitReadiness(_ session: ControlSession, patienceSeconds: Double?) {
    if case .ended(let result) = phase { return session.reply(.ended(result)) }
    readinessWaiters.append(session)
    isUnsettled = true
    // What has started just now, and before anyone waited.
    lookAgainWhenSettled()
    guard let patienceSeconds else { return }
    _ = loop.after(Duration(clampedSeconds: patienceSeconds)) { [unowned self, weak session] in
      guard let session, readinessWaiters.contains(where: { $0 === session }) else { return }
      readinessWaiters.removeAll { $0 === session }
      session.reply(.readiness(unready: allUnready))
    }
  }

  func tellReadiness() {
    guard !readinessWaiters.isEmpty, !isStopped, let unready = settledUnready else { return }
    for session in readinessWaiters { session.reply(.readiness(unready: unready)) }
    readinessWaiters = []
  }

  /// None: all are ready. `nil`: not known yet. A failure is told at once, whatever the others do.
  private var settledUnready: [UnreadyInstance]? {
    let found = instances.map { ($0, readiness(of: $0)) }
    let failed = found.filter { $0.1 == .failed }
    if !failed.isEmpty { return failed.map { unready($0.0) } }
    return found.allSatisfy { $0.1 == .ready } ? [] : nil
  }

  private var allUnready: [UnreadyInstance] { instances.filter { readiness(of: $0) != .ready }.map(unready) }

  func readiness(of instance: Instance) -> Readiness {
    switch instance.state {
    case .ended(.failed), .ended(.neverStarted): .failed
    // Stopped by a command: whoever did it does not wait for it.
    case .ended, .stopped: .ready
    case .pending, .restarting, .stopping: .notYet
    case .running(let life): readiness(of: instance, life)
    }
  }

  private func readiness(of instance: Instance, _ life: InstanceState.Life) -> Readiness {
    switch instance.health?.standing {
    case .healthy: .ready
    case .starting: .notYet
    case .unhealthy: instance.declaration.restart == .never ? .failed : .notYet
    case nil: life.startedAt + Self.settlingTime.nanoseconds <= Clock.monotonicNanoseconds ? .ready : .notYet
    }
  }

  private func unready(_ instance: Instance) -> UnreadyInstance {
    UnreadyInstance(name: instance.name, state: instance.shownState, health: instance.health?.standing)
  }

  /// Looks again when an instance without a check has run for long enough.
  func awaitSettling(of instance: Instance) {
    guard instance.health == nil else { return }
    if case .detached(wait: true) = attachment, client != nil { return lookAgainWhenSettled() }
    if !readinessWaiters.isEmpty { lookAgainWhenSettled() }
  }

  private func lookAgainWhenSettled() {
    _ = loop.after(Self.settlingTime) { [unowned self] in isUnsettled = true }
  }

  /// Of the client's patience.
  func limitWaiting(to limit: Duration) {
    _ = loop.after(limit) { [unowned self] in
      guard client != nil, !isStopped else { return }
      client?.send(.notReady(allUnready))
      isUnsettled = true
    }
  }
}
