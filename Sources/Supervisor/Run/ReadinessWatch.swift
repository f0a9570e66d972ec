internal import Platform
internal import Topology

/// Tells those who wait until a run is up: the client that started it and does not stay, and every `up --wait` of a run
/// that lives.
final class ReadinessWatch {
  private let loop: EventLoop
  private let events: Announcer
  private let wish: Run.Wish
  /// The run as it is.
  private let look: () -> RunLife
  /// Lets the run draw its conclusions anew, and `tell` with them.
  private let wake: () -> Void
  private var waiters: [ControlSession] = []

  init(
    loop: EventLoop, events: Announcer, wish: Run.Wish, look: @escaping () -> RunLife, wake: @escaping () -> Void
  ) {
    self.loop = loop
    self.events = events
    self.wish = wish
    self.look = look
    self.wake = wake
    if let limit = wish.waitLimit { limitClient(to: limit) }
  }

  private func limitClient(to limit: Duration) {
    _ = loop.after(limit) { [unowned self] in
      let life = look()
      guard events.client != nil, !life.phase.isToldToEnd else { return }
      events.client?.send(.notReady(life.unready))
      wake()
    }
  }

  /// `mporch up --wait` of a run that lives.
  func add(_ session: ControlSession, patienceSeconds: Double?) {
    waiters.append(session)
    wake()
    // What has started just now, and before anyone waited.
    lookAgainWhenSettled()
    guard let patienceSeconds else { return }
    _ = loop.after(Duration(clampedSeconds: patienceSeconds)) { [unowned self, weak session] in
      guard let session, waiters.contains(where: { $0 === session }) else { return }
      remove(session)
      session.reply(.readiness(unready: look().unready))
    }
  }

  func remove(_ session: ControlSession) { waiters.removeAll { $0 === session } }

  /// The run has ended.
  func end(_ result: RunResult) {
    for session in waiters { session.reply(.ended(result)) }
    waiters = []
  }

  /// An instance has begun a life: whoever waits looks again when it has run for long enough.
  func begin(_ instance: Instance) {
    guard instance.health == nil else { return }
    if case .detached(wait: true) = wish.attachment, events.client != nil { return lookAgainWhenSettled() }
    if !waiters.isEmpty { lookAgainWhenSettled() }
  }

  private func lookAgainWhenSettled() { _ = loop.after(Readiness.settlingTime, wake) }

  /// Where it is known by now. A run that is asked to stop has not come up: they wait for its result.
  func tell() {
    let life = look()
    if life.phase.isToldToEnd { return }
    tellClient(life)
    guard !waiters.isEmpty, let unready = life.settledUnready else { return }
    for session in waiters { session.reply(.readiness(unready: unready)) }
    waiters = []
  }

  /// It is let go once the run is as far as it asked for.
  private func tellClient(_ life: RunLife) {
    guard case .detached(let wait) = wish.attachment, events.client != nil else { return }
    if wait {
      guard let unready = life.settledUnready else { return }
      events.client?.send(unready.isEmpty ? .ready : .notReady(unready))
    }
    if events.client?.isFlushed == true { events.client = nil }
  }
}

/// How far an instance is, for those who wait until a run is up.
enum Readiness: Equatable {
  /// Healthy; or, without a check, it has run for a while; or it has succeeded.
  case ready
  case notYet
  /// It will not be, as far as anyone knows.
  case failed

  /// As long as a process without a health check must have run: what fails at its start does so sooner.
  static let settlingTime = Duration.seconds(1)

  /// `now`: CLOCK_MONOTONIC, nanoseconds.
  init(of instance: Instance, at now: UInt64) {
    self =
      switch instance.state {
      case .ended(.failed), .ended(.neverStarted): .failed
      // Stopped by a command: whoever did it does not wait for it.
      case .ended, .stopped: .ready
      case .pending, .restarting, .stopping: .notYet
      case .running(let life): Self.ofLife(life, of: instance, at: now)
      }
  }

  private static func ofLife(_ life: InstanceState.Life, of instance: Instance, at now: UInt64) -> Readiness {
    switch instance.health?.standing {
    case .healthy: .ready
    case .starting: .notYet
    case .unhealthy: instance.declaration.restart == .never ? .failed : .notYet
    case nil: life.startedAt + settlingTime.nanoseconds <= now ? .ready : .notYet
    }
  }
}

extension RunLife {
  /// None: all are ready. `nil`: not known yet. A failure is told at once, whatever the others do.
  fileprivate var settledUnready: [UnreadyInstance]? {
    let now = MonotonicClock.now
    let found = instances.map { ($0, Readiness(of: $0, at: now)) }
    let failed = found.filter { $0.1 == .failed }
    if !failed.isEmpty { return failed.map { UnreadyInstance($0.0) } }
    return found.allSatisfy { $0.1 == .ready } ? [] : nil
  }

  fileprivate var unready: [UnreadyInstance] {
    let now = MonotonicClock.now
    return instances.filter { Readiness(of: $0, at: now) != .ready }.map { UnreadyInstance($0) }
  }
}

extension UnreadyInstance {
  fileprivate init(_ instance: Instance) {
    self.init(name: instance.name, state: instance.shownState, health: instance.health?.standing)
  }
}
