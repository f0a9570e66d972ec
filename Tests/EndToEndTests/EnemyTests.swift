import Glibc
import Testing

/// SIGKILL of anything at any time: nothing is left, nothing is lost, and what happened is said.
@Suite(.serialized) struct EnemyTests {
  /// Long enough to be hit; `nap` is the name that `pid(of:in:)` looks under.
  private func counting(restart: String, readRestart: String?) -> String {
    """
    name: nap
    queues: [lines, counts]
    processes:
      read: {task: read-lines, restart: \(readRestart ?? restart), with: {path: lines.txt}, out: lines}
      count: {task: count-words, restart: \(restart), in: lines, out: counts}
      top: {task: merge-counts, in: counts}
    """
  }

  private func start(_ world: World, restart: String, readRestart: String? = nil) throws -> Child {
    _ = try world.write("lines.txt", String(repeating: "to be or not to be\n", count: 2_000_000))
    return try world.start(
      "up", "--no-log-prefix", try world.write("nap.yaml", counting(restart: restart, readRestart: readRestart)))
  }

  /// Of a stage at work, so that some of them die with locks held and steps armed that the repair of others needs.
  /// What is left to chance here SharingTests/RescueTests has, which were seen red; here it is that the run goes on.
  @Test func allReplicasKilledAtOnceAgainAndAgainAreRepaired() throws {
    try World.withRun(
      """
      name: nap
      queues: {a: {type: int64, capacity: 64, max_deliveries: 1000000}, b: {type: int64, capacity: 64}}
      processes:
        src: {task: range, with: {stop: 100000000000}, out: a}
        neg: {task: compute, with: {function: negate}, replicas: 4, in: a, out: b, restart: always, restart_delay: 1ms}
        sink: {task: discard, in: b}
      """
    ) { world in
      for _ in 0..<8 {
        let rows = try world.run("ps", "-p", "nap", "--format", "json")
        for pid in (1...4).compactMap({ rows.pid(of: "neg-\($0)") }) where pid > 0 { kill(pid, SIGKILL) }
        usleep(50_000)
      }
      let before = try world.inspect("b") { $0.contains("finished") }
      let after = try world.inspect("b") { $0.contains("finished") && $0 != before }
      #expect(after != before, "it goes on")
    }
  }

  /// Seen to fail: SIGKILL taken for an end as it was meant.
  @Test(arguments: ["read", "count"]) func aKilledWorkerWithoutRestartFailsTheRun(name: String) throws {
    try World.with { world in
      let client = try start(world, restart: "no")
      kill(try #require(try pid(of: name, in: world)), SIGKILL)
      let outcome = try client.wait(within: 120)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("\(name)-1") && outcome.errors.contains("signal 9"), "\(outcome.errors)")
    }
  }

  /// Seen to fail: a checkpoint that a new life forgets.
  @Test func aKilledReaderGoesOnWhereItWas() throws {
    try World.with { world in
      let client = try start(world, restart: "on-failure")
      kill(try #require(try pid(of: "read", in: world)), SIGKILL)
      let outcome = try client.wait(within: 180)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("signal 9"), "\(outcome.errors)")
      #expect(outcome.lines == ["4000000 be", "4000000 to", "2000000 not", "2000000 or"])
    }
  }

  /// Seen to fail: a failure of the writer that its readers are not told of.
  @Test func aKilledCounterFailsTheRunRatherThanCountWrong() throws {
    try counterKilled(readRestart: "no")
  }

  /// Seen to fail: a writer that is started again for readers that have failed.
  @Test
  func aKilledCounterEndsAWriterThatWouldRestart() throws {
    try counterKilled(readRestart: "on-failure")
  }

  /// Once it has absorbed something.
  private func counterAtWork(in world: World) throws -> pid_t? {
    var row: [Substring]?
    _ = try poll(within: 30) {
      let rows = try world.run("ps", "-p", "nap").lines.map { $0.split(separator: " ") }
      row = rows.first { $0[0] == "count-1" && $0.count > 8 && $0[8] != "0" }
      return row != nil
    }
    return row.flatMap { pid_t($0[1]) }
  }

  private func counterKilled(readRestart: String) throws {
    try World.with { world in
      let client = try start(world, restart: "no", readRestart: readRestart)
      kill(try #require(try counterAtWork(in: world)), SIGKILL)
      let outcome = try client.wait(within: 90)
      #expect(outcome.status == 1)
      #expect(!outcome.lines.contains { $0.hasSuffix(" be") }, "\(outcome.lines)")
      #expect(outcome.errors.contains(": the input is incomplete"), "no answer, and nothing said of it")
      #expect(outcome.errors.contains("count-1") && outcome.errors.contains("absorbed"), "\(outcome.errors)")
    }
  }

  /// Seen to fail: a foreground run that goes on by itself.
  @Test func aKilledClientTakesItsRunWithIt() throws {
    try World.with { world in
      let client = try world.start("up", try world.write("nap.yaml", LifecycleTests.sleeper))
      _ = try #require(try pid(of: "nap", in: world))
      client.send(SIGKILL)
      #expect(try client.wait(within: 30).status == 137)
    }
  }

  /// Seen to fail: workers that neither die with it nor are killed by its warden; a warden that does not clear up.
  @Test func aKilledSupervisorLeavesNothing() throws {
    try World.with { world in
      let client = try world.start("up", try world.write("nap.yaml", LifecycleTests.sleeper))
      let worker = try #require(try pid(of: "nap", in: world))
      kill(try #require(parent(of: worker)), SIGKILL)
      let outcome = try client.wait(within: 60)
      #expect(outcome.status == 1 && !outcome.errors.isEmpty, "\(outcome.status) \(outcome.errors)")
      // No command sweeps here: it is the warden's.
      let isGone = poll(within: 30) { world.processes.isEmpty && world.runFolders.isEmpty }
      #expect(isGone, "left: \(world.processes) \(world.runFolders)")
    }
  }

  private func wardenID(in world: World) -> pid_t? {
    world.processes.first { readText("/proc/\($0)/comm") == "mporch-warden\n" }
  }

  /// Seen to fail: a warden that is not replaced.
  @Test func aKilledWardenHasASuccessor() throws {
    try World.with { world in
      #expect(try world.run("up", "-d", try world.write("nap.yaml", LifecycleTests.sleeper)).status == 0)
      let supervisor = try #require(try pid(of: "nap", in: world).flatMap { parent(of: $0) })
      for _ in 1...3 {
        let first = try #require(wardenID(in: world))
        kill(first, SIGKILL)
        #expect(poll(within: 20) { wardenID(in: world).map { $0 != first } ?? false })
      }
      kill(supervisor, SIGKILL)
      let isGone = poll(within: 30) { world.processes.isEmpty && world.runFolders.isEmpty }
      #expect(isGone, "left: \(world.processes) \(world.runFolders)")
    }
  }

  /// Nobody is left who could end the worker or clear up. Seen to fail: a worker that does not die with its parent; a
  /// command that does not sweep.
  @Test func aSupervisorKilledWithItsWardenLeavesAFolderForTheNextCommand() throws {
    try World.with { world in
      #expect(try world.run("up", "-d", try world.write("nap.yaml", LifecycleTests.sleeper)).status == 0)
      let supervisor = try #require(try pid(of: "nap", in: world).flatMap { parent(of: $0) })
      let warden = try #require(wardenID(in: world))
      // One that is stopped forks no other warden.
      for (pid, signal) in [(supervisor, SIGSTOP), (warden, SIGKILL), (supervisor, SIGKILL)] { kill(pid, signal) }
      #expect(poll(within: 30) { world.processes.isEmpty }, "left: \(world.processes)")
      #expect(world.runFolders == ["nap"])
      #expect(try world.run("ls", "-q").text.isEmpty)
      #expect(world.runFolders.isEmpty)
    }
  }

  /// Seen to fail: what a dead worker had taken counts as finished; a checkpoint that a new life forgets.
  @Test func workKilledAgainAndAgainLosesAndRepeatsNothing() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        queues:
          numbers: {type: int64}
          doubled: {type: int64}
        processes:
          source: {task: range, restart: on-failure, with: {stop: 20000000}, out: numbers}
          double: {task: compute, restart: on-failure, restart_delay: 10ms, with: {function: double}, in: numbers, out: doubled}
          total: {task: sum, in: doubled}
        """)
      let client = try world.start("up", "--no-log-prefix", file)
      var killed = 0
      for name in ["double", "source", "double", "double", "source", "double"] {
        guard let worker = try pid(of: name, in: world) else { break }
        killed += kill(worker, SIGKILL) == 0 ? 1 : 0
        usleep(50_000)
      }
      let outcome = try client.wait(within: 240)
      #expect(killed > 1)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["399999980000000"])
    }
  }
}
