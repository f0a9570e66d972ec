import Glibc
import Testing
@testable import Topology

@testable import Supervisor

/// Whole runs at random: commands, deaths, timers and changes in any order, and then the end. `MPORCH_WALK_STEPS` makes
/// it longer than it is with all other tests.
struct RandomRunTests {
  private static let stepCount = getenv("MPORCH_WALK_STEPS").flatMap { Int(String(cString: $0)) } ?? 100_000

  /// A chain, one that needs another's success, replicas, a pool that uses managed objects, and their callers.
  private static func topology(failFast: Bool) -> Topology {
    var processes = [
      Declared.process("base"), Declared.process("top", after: [("base", .started)], replicas: 2),
      Declared.process("job"), Declared.process("app", after: [("job", .completedSuccessfully), ("base", .started)]),
      Declared.process("late", after: [("app", .completed)]),
      Declared.process("caller", after: [("pool", .started), ("server", .started)]),
      Declared.process("other", after: [("pool", .started)], replicas: 2),
      Declared.process("pool", after: [("server", .started)], replicas: 2), Declared.process("server"),
    ]
    processes[0].restart = .onFailure(limit: 2)
    processes[1].restart = .always
    processes[3].restart = .onFailure(limit: nil)
    processes[7].restart = .always
    var topology = Topology(name: "t", files: [], directory: "/", failFast: failFast, processes: processes)
    var pool = Service(role: .pool(ResourceID(0)), process: 7, requests: ResourceID(0))
    pool.clients = [(5, 1), (6, 1), (6, 2)].map { .init(process: $0, replica: $1, replies: ResourceID(0)) }
    var server = Service(role: .managedObjects, process: 8, requests: ResourceID(0))
    server.clients = [(5, 1), (7, 1), (7, 2)].map { .init(process: $0, replica: $1, replies: ResourceID(0)) }
    topology.services = [pool, server]
    return topology
  }

  /// From wherever a run is, `down` ends it, and every command has had its answer. Seen to fail: `down` while something
  /// was being stopped, as a dead instance was left without an end; a `restart` that a `stop` came after had no answer.
  @Test(arguments: 0..<UInt64(8)) func everyRunCanBeEndedFromWhereverItIs(seed: UInt64) throws {
    var random = Random(seed)
    var steps = 0
    while steps < Self.stepCount / 8 {
      let run = SimulatedRun(Self.topology(failFast: random.next(below: 8) == 0), seed: random.next(below: .max))
      for _ in 0..<random.next(below: 80) where !run.hasEnded {
        run.step()
        steps += 1
      }
      end(run, &random)
      steps += 1
      try #require(run.hasEnded, "seed \(seed)\n\(run.story)")
      try #require(run.openRequests.isEmpty, "seed \(seed)\n\(run.story)")
    }
  }

  private func end(_ run: SimulatedRun, _ random: inout Random) {
    run.down()
    for pass in 0..<400 where !run.hasEnded {
      if random.next(below: 6) == 0 { run.step() }
      if pass == 20, random.next(below: 2) == 0 { run.down() }
      if pass == 30, random.next(below: 2) == 0 { run.kill() }
      if !run.pass() { return }
    }
  }

  /// Who is left alone goes on until it waits for a command, or for a process that runs.
  @Test func nobodyWaitsForWhatNothingWillBring() {
    var random = Random(7)
    for _ in 0..<200 {
      let run = SimulatedRun(Self.topology(failFast: false), seed: random.next(below: .max))
      for _ in 0..<40 { run.step() }
      for _ in 0..<400 where run.pass() {}
      let waiting = run.life.instances.filter { $0.state == .pending }
      for instance in waiting {
        let leads = instance.declaration.dependencies.flatMap { run.life.byProcess[$0.process] ?? [] }
        #expect(
          leads.contains { $0.state.isRunning || $0.state == .stopped || $0.state == .pending },
          "\(instance.name)\n\(run.story)")
      }
    }
  }
}
