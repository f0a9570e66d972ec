import Testing
import Topology

@testable import Supervisor

@Suite struct ReadinessTests {
  /// CLOCK_MONOTONIC, nanoseconds.
  private let start: UInt64 = 5_000_000_000

  private func instance(restart: ProcessDeclaration.RestartPolicy = .never, _ events: [LifeEvent]) -> Instance {
    var process = Declared.process("a")
    process.restart = restart
    let instance = Instance(
      index: 0, plan: InstancePlan(name: "a-1", process: 0, replica: 1), declaration: SharedDeclaration(process),
      upStreams: UpStreamUse())
    for event in events { _ = instance.life.take(event, while: .running) }
    return instance
  }

  private var began: [LifeEvent] { [.began(.init(pid: 7, startedAt: start))] }

  @Test func whatHasNoCheckIsReadyAfterASecond() {
    let instance = instance(began)
    #expect(Readiness(of: instance, at: start + 999_999_999) == .notYet)
    #expect(Readiness(of: instance, at: start + 1_000_000_000) == .ready)
  }

  @Test func whatHasACheckIsReadyWhenHealthyHoweverLongThatTakes() {
    let instance = instance(began)
    instance.health = InstanceHealth()
    #expect(Readiness(of: instance, at: start + 60_000_000_000) == .notYet)
    instance.health?.becomeHealthy()
    #expect(Readiness(of: instance, at: start) == .ready)
  }

  @Test(arguments: [(ProcessDeclaration.RestartPolicy.never, Readiness.failed), (.always, .notYet)])
  func unhealthyIsHopelessOnlyWithoutARestart(_ restart: ProcessDeclaration.RestartPolicy, _ expected: Readiness) {
    let instance = instance(restart: restart, began)
    instance.health = InstanceHealth()
    instance.health?.becomeUnhealthy("its test failed")
    #expect(Readiness(of: instance, at: start + 2_000_000_000) == expected)
  }

  @Test func failureIsKnownAndSuccessOrAStopByACommandKeepsNobodyWaiting() {
    let failed = LifeEvent.died(.init(outcome: .failed(reason: "exited with code 3"), lived: .zero))
    #expect(Readiness(of: instance(began + [failed]), at: start) == .failed)
    let succeeded = LifeEvent.died(.init(outcome: .succeeded(byEndOfStream: false), lived: .zero))
    #expect(Readiness(of: instance(began + [succeeded]), at: start) == .ready)
    #expect(Readiness(of: instance([.stop(grace: nil)]), at: start) == .ready)
    #expect(Readiness(of: instance([]), at: start) == .notYet)
  }
}
