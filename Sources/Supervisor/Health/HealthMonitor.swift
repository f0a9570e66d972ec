internal import Platform
internal import SystemPackage
internal import Topology

/// Watches the health of living instances, by their tests or their log lines; tells it, and has those that are unhealthy
/// ended, where their restart policy starts them again.
final class HealthMonitor {
  private let loop: EventLoop
  private let host: WorkerHost
  private let events: Announcer
  /// Lets the run draw its conclusions anew.
  private let wake: () -> Void
  /// An instance is to be ended as failed.
  private let fail: (Instance, _ reason: String) -> Void

  init(
    loop: EventLoop, host: WorkerHost, events: Announcer, wake: @escaping () -> Void,
    fail: @escaping (Instance, _ reason: String) -> Void
  ) {
    self.loop = loop
    self.host = host
    self.events = events
    self.wake = wake
    self.fail = fail
  }

  /// A new life begins, and is yet to show that it is healthy.
  func begin(_ instance: Instance) {
    end(instance)
    guard instance.declaration.hasHealthCheck else { return }
    instance.health = InstanceHealth()
    do throws(Errno) {
      instance.health?.watch = try watch(over: instance)
    } catch {
      take(.unhealthy(reason: "its health can't be watched: \(error)"), of: instance)
    }
  }

  /// The life is over, and all that it printed was taken.
  func finish(_ instance: Instance) {
    if instance.health?.watch?.finish() != true { end(instance) }
  }

  /// Nobody wants to know any more.
  func end(_ instance: Instance) {
    host.output.taps[instance.index] = nil
    host.output.resume(instance.index)
    instance.health?.watch.take()?.end()
  }

  private func watch(over instance: Instance) throws(Errno) -> (any HealthWatch)? {
    if let check = instance.declaration.health { return tests(of: instance, check) }
    if let pattern = instance.declaration.readyLogLine { return try lines(of: instance, pattern) }
    return nil
  }

  private func tests(of instance: Instance, _ check: ProcessDeclaration.HealthCheck) -> TestWatch {
    TestWatch(check, loop: loop) { [host] () throws(Errno) in
      try host.startTest(check.command, of: instance)
    } adopt: { [host] probe in
      host.watch(helper: probe.pid, test: instance.index) { [weak probe] in probe?.end($0) }
    } report: { [unowned self] in
      take($0, of: instance)
    }
  }

  private func lines(of instance: Instance, _ pattern: String) throws(Errno) -> LogLineWatch {
    let output = host.output
    let watch = try LogLineWatch(host.startMatcher(pattern), loop: loop) { isCongested in
      if isCongested { output.pause(instance.index) } else { output.resume(instance.index) }
    } report: { [unowned self] in
      take($0, of: instance)
    }
    host.watch(helper: watch.pid) { [weak watch] in watch?.take($0) }
    output.taps[instance.index] = { [unowned watch] in watch.append($0, $1) }
    return watch
  }

  private func take(_ report: HealthReport, of instance: Instance) {
    wake()
    switch report {
    case .healthy:
      instance.health?.becomeHealthy()
      events.emit(.ready(instance: instance.name))
    case .unhealthy(let reason): becomeUnhealthy(instance, reason)
    case .broken(let reason):
      events.say(.error, at: instance.checkPlace, "the \(instance.checkName) of process '\(instance.name)' \(reason)")
    case .neverReady: break
    }
    // A line is looked for once.
    if instance.declaration.readyLogLine != nil, !report.isBroken { end(instance) }
  }

  private func becomeUnhealthy(_ instance: Instance, _ reason: String) {
    instance.health?.becomeUnhealthy(reason)
    events.emit(
      .unhealthy(
        instance: instance.name,
        text: "\(instance.checkPlace): warning: process '\(instance.name)' is unhealthy: \(reason)"
      ))
    if instance.declaration.restart != .never { fail(instance, "was unhealthy: \(reason)") }
  }
}

/// How healthy an instance is, and who finds out.
struct InstanceHealth {
  var standing: InstanceStatus.Health = .starting
  /// Of the last time that it became unhealthy.
  var reason = ""
  /// `nil`: its life is over, or is being ended.
  var watch: (any HealthWatch)?
  /// When it became healthy, if it is: CLOCK_MONOTONIC, nanoseconds.
  private var healthySince: UInt64?
  private var earlierHealthyTime = Duration.zero

  /// For how long this life has been healthy.
  var healthyTime: Duration {
    earlierHealthyTime + (healthySince.map { .nanoseconds(MonotonicClock.now - $0) } ?? .zero)
  }

  mutating func becomeHealthy() {
    standing = .healthy
    healthySince = MonotonicClock.now
  }

  mutating func becomeUnhealthy(_ reason: String) {
    earlierHealthyTime = healthyTime
    (standing, healthySince, self.reason) = (.unhealthy, nil, reason)
  }
}

/// What a watch over an instance's health has to say.
enum HealthReport: Equatable {
  case healthy
  /// `reason` follows the instance's name: `its test failed 3 times in a row, …`.
  case unhealthy(reason: String)
  /// The check can't be made at all: something to be changed in the file. Once a life.
  case broken(reason: String)
  /// Its output has ended, and no line matched.
  case neverReady
}

/// Watches the health of one life of an instance.
protocol HealthWatch: AnyObject {
  /// The life is over, and its output was taken; whether the watch has more to say for all that.
  func finish() -> Bool
  /// Whether it has nothing to say until the instance prints something.
  var isIdle: Bool { get }
  /// Nothing more is to be said; what the watch has started is killed.
  func end()
}

extension HealthReport {
  fileprivate var isBroken: Bool { if case .broken = self { true } else { false } }
}

extension ProcessDeclaration {
  var hasHealthCheck: Bool { health != nil || readyLogLine != nil }
}

extension Instance {
  fileprivate var checkName: String { declaration.health == nil ? "ready_log_line" : "healthcheck" }

  fileprivate var checkPlace: Place {
    declaration.keyPlaces[declaration.health == nil ? .readyLogLine : .healthCheck] ?? declaration.place
  }
}

extension Instance {
  var asDependee: Dependee { Dependee(state: state, health: healthForDependents) }

  private var healthForDependents: Dependee.Health {
    guard let health else { return .unknown }
    switch (health.standing, state) {
    case (.healthy, _): return .healthy
    // The watch may still find its line in what it printed.
    case (_, .ended): return health.watch == nil ? .hopeless(reason: nil) : .unknown
    case (.unhealthy, _) where declaration.restart == .never: return .hopeless(reason: health.reason)
    case (.starting, _), (.unhealthy, _): return .unknown
    }
  }
}
