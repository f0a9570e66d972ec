internal import Platform
internal import SystemPackage
internal import Topology

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
    earlierHealthyTime + (healthySince.map { .nanoseconds(Clock.monotonicNanoseconds - $0) } ?? .zero)
  }

  mutating func becomeHealthy() {
    standing = .healthy
    healthySince = Clock.monotonicNanoseconds
  }

  mutating func becomeUnhealthy(_ reason: String) {
    earlierHealthyTime = healthyTime
    (standing, healthySince, self.reason) = (.unhealthy, nil, reason)
  }
}

extension Run {
  /// A new life begins, and is yet to show that it is healthy.
  func watchHealth(of instance: Instance) {
    endWatch(of: instance)
    guard instance.declaration.hasHealthCheck else { return }
    instance.health = InstanceHealth()
    do throws(Errno) {
      instance.health?.watch = try watch(over: instance)
    } catch {
      take(.unhealthy(reason: "its health can't be watched: \(error)"), of: instance)
    }
  }

  private func watch(over instance: Instance) throws(Errno) -> (any HealthWatch)? {
    if let check = instance.declaration.health { return tests(of: instance, check) }
    if let pattern = instance.declaration.readyLogLine { return try lines(of: instance, pattern) }
    return nil
  }

  private func tests(of instance: Instance, _ check: ProcessDeclaration.HealthCheck) -> TestWatch {
    TestWatch(check, loop: loop) { [unowned self] () throws(Errno) in
      try helperSpawner.test(check.command, of: instance)
    } adopt: { [unowned self] probe in
      let pid = probe.pid
      charge.tests[instance.index] = pid
      helpers.add(pid) { [weak self, weak probe] ending in
        if self?.charge.tests[instance.index] == pid { self?.charge.tests[instance.index] = 0 }
        probe?.end(ending)
      }
    } report: { [unowned self] report in
      take(report, of: instance)
    }
  }

  private func lines(of instance: Instance, _ pattern: String) throws(Errno) -> LogLineWatch {
    let watch = try LogLineWatch(helperSpawner.matcher(pattern), loop: loop) { [unowned self] isCongested in
      if isCongested { output.pause(instance.index) } else { output.resume(instance.index) }
    } report: { [unowned self] in
      take($0, of: instance)
    }
    helpers.add(watch.pid) { [weak watch] in watch?.take($0) }
    output.taps[instance.index] = { [unowned watch] in watch.append($0, $1) }
    return watch
  }

  private func take(_ report: HealthReport, of instance: Instance) {
    isUnsettled = true
    switch report {
    case .healthy: becomeHealthy(instance)
    case .unhealthy(let reason): becomeUnhealthy(instance, reason)
    case .broken(let reason):
      events.say(.error, at: instance.checkPlace, "the \(instance.checkName) of process '\(instance.name)' \(reason)")
    case .neverReady: break
    }
    // A line is looked for once.
    if instance.declaration.readyLogLine != nil, !report.isBroken { endWatch(of: instance) }
  }

  private func becomeHealthy(_ instance: Instance) {
    instance.health?.becomeHealthy()
    events.emit(.ready(instance: instance.name))
  }

  private func becomeUnhealthy(_ instance: Instance, _ reason: String) {
    instance.health?.becomeUnhealthy(reason)
    events.emit(
      .unhealthy(
        instance: instance.name,
        text: "\(instance.checkPlace): warning: process '\(instance.name)' is unhealthy: \(reason)"
      ))
    if instance.declaration.restart != .never {
      take(.faulted(reason: "was unhealthy: \(reason)"), of: instance)
    }
  }

  /// The life is over, and all that it printed was taken.
  func finishWatch(of instance: Instance) {
    if instance.health?.watch?.finish() != true { endWatch(of: instance) }
  }

  func endWatch(of instance: Instance) {
    output.taps[instance.index] = nil
    output.resume(instance.index)
    instance.health?.watch.take()?.end()
  }
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
