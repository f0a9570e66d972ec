internal import Platform
internal import SystemPackage
internal import Topology

/// Tests one life of an instance by its `healthcheck`, again and again; one test at a time.
final class TestWatch: HealthWatch {
  private enum Phase {
    case pausing(EventLoop.Timer)
    case testing(HealthProbe)
    case ended
  }

  private let check: ProcessDeclaration.HealthCheck
  private let loop: EventLoop
  private let start: () throws(Errno) -> HelperSpawner.Test
  private let adopt: (HealthProbe) -> Void
  private let report: (HealthReport) -> Void
  private let begun = MonotonicClock.now
  private var state: HealthState
  private var phase = Phase.ended
  private var hasSaidBroken = false

  /// `adopt`: a probe runs, and is to be told its end.
  init(
    _ check: ProcessDeclaration.HealthCheck, loop: EventLoop,
    start: @escaping () throws(Errno) -> HelperSpawner.Test, adopt: @escaping (HealthProbe) -> Void,
    report: @escaping (HealthReport) -> Void
  ) {
    self.check = check
    self.loop = loop
    self.start = start
    self.adopt = adopt
    self.report = report
    state = HealthState(check)
    pause(.zero)
  }

  var isIdle: Bool { false }

  func finish() -> Bool {
    end()
    return false
  }

  func end() {
    switch phase {
    case .pausing(let timer): loop.cancel(timer)
    case .testing(let probe): probe.cancel()
    case .ended: break
    }
    phase = .ended
  }

  private var age: Duration { .nanoseconds(MonotonicClock.now - begun) }

  private func pause(_ pause: Duration) {
    phase = .pausing(loop.after(pause) { [unowned self] in test() })
  }

  private func test() {
    let age = age
    do throws(Errno) {
      let probe = try HealthProbe(start(), loop: loop, timeout: check.timeout) { [unowned self] in
        take($0, begunAt: age)
      }
      phase = .testing(probe)
      adopt(probe)
    } catch {
      take(.notStarted(error), begunAt: age)
    }
  }

  private func take(_ outcome: ProbeOutcome, begunAt age: Duration) {
    let failure = outcome.failure
    let hasChanged = state.take(isSuccess: failure == nil, begunAt: age)
    pause(state.pause(at: self.age))
    if case .notExecutable(let error) = outcome, !hasSaidBroken {
      hasSaidBroken = true
      let fix = "name a program that is in its PATH, or give 'test' as one string for the shell"
      report(.broken(reason: "can't run '\(check.command.first ?? "")': \(error); \(fix)"))
    }
    // Last: who is told may end this watch.
    guard hasChanged else { return }
    report(failure.map { .unhealthy(reason: words(for: $0)) } ?? .healthy)
  }

  private func words(for failure: String) -> String {
    let count = state.failuresInARow
    return count == 1 ? "its test \(failure)" : "its test failed \(count) times in a row, and last \(failure)"
  }
}
