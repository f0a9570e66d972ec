import Glibc
import Testing

/// Several are killed at once: who was to end what a command has started, and that one's parent.
@Suite(.serialized) struct StragglerTests {
  /// One without an environment, and one in a session of its own, beside one that has both as they were.
  static let escaping = """
    name: nap
    processes:
      tree: {run: 'env -i sleep 6661 & setsid sleep 6662 & sleep 6663 & wait'}
      other: {run: 'setsid sleep 6664 & setsid sleep 6665 & wait'}
      checked: {task: sleep, with: {for: 1h}, healthcheck: {test: 'setsid sleep 6666 & sleep 6667'}}

    """

  /// By their words, for one of them has nothing else of this world.
  private var sleepers: [pid_t] {
    names(in: "/proc").compactMap { pid_t($0) }.filter { pid in
      let words = readBytes("/proc/\(pid)/cmdline").split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return words.first == "sleep" && words.last?.hasPrefix("666") == true
    }
  }

  /// `body` has the supervisor and all that it has started itself: the warden, the pumps, workers.
  private func withRun(
    _ text: String = escaping, sleeperCount: Int = 7,
    _ body: (World, Child, _ supervisor: pid_t, _ below: [pid_t]) throws -> Void
  ) throws {
    try World.with { world in
      let client = try world.start("up", try world.write("nap.yaml", text))
      defer { for pid in sleepers { kill(pid, SIGKILL) } }
      try #require(poll(within: 30) { sleepers.count == sleeperCount })
      let command = try #require(try pid(of: "tree", in: world))
      let supervisor = try #require(parent(of: command).flatMap(parent))
      try body(world, client, supervisor, world.processes.filter { parent(of: $0) == supervisor })
    }
  }

  private func isWarden(_ pid: pid_t) -> Bool { readText("/proc/\(pid)/comm").hasPrefix("mporch-warden") }

  /// None of them can do anything for another one.
  private func killAtOnce(_ pids: [pid_t]) {
    for pid in pids { kill(pid, SIGSTOP) }
    for pid in pids { kill(pid, SIGKILL) }
  }

  /// Seen to fail: a warden that looks for none; one that looks for the mark alone.
  @Test func theWardenEndsThemWhereSupervisorAndPumpsAreKilled() throws {
    try withRun { (world, client, supervisor, below) throws in
      killAtOnce([supervisor] + below.filter { !isWarden($0) })
      #expect(try client.wait(within: 60).status == 1)
      #expect(poll(within: 20) { sleepers.isEmpty && world.runFolders.isEmpty })
    }
  }

  /// Seen to fail: a sweep that only removes the folder; one that looks for the mark alone.
  @Test func theNextCommandEndsThemWhereTheWardenIsKilledToo() throws {
    try withRun { (world, client, supervisor, below) throws in
      killAtOnce([supervisor] + below)
      #expect(try client.wait(within: 60).status == 1)
      #expect(!sleepers.isEmpty)
      let list = try world.run("ls")
      #expect(list.status == 0 && !list.text.contains("nap"), "\(list)")
      #expect(sleepers.isEmpty)
    }
  }

  /// And one that was suspended, as its own death signal waits until it goes on. Seen to fail like the one
  /// above.
  @Test func theNextRunBeginsWithoutThem() throws {
    try withRun { (world, client, supervisor, below) throws in
      for pid in below { kill(pid, SIGSTOP) }
      kill(supervisor, SIGKILL)
      #expect(try client.wait(within: 60).status == 1)
      #expect(try world.run("up", "-d", "\(world.folder)/nap.yaml").status == 0)
      #expect(below.allSatisfy { !world.processes.contains($0) })
      #expect(poll(within: 30) { sleepers.count == 7 })
      #expect(try world.run("down", "-p", "nap").status == 0)
      #expect(sleepers.isEmpty)
    }
  }

  /// It alone knows the session of a process without an environment that is the last one there. Seen to fail: a sweep
  /// that does not wait for it.
  @Test func theNextCommandLetsTheWardenDoItsWork() throws {
    let text = "processes: {tree: {run: 'env -i sleep 6661 & exec sleep 6662'}}"
    try withRun(text, sleeperCount: 2) { (world, client, supervisor, below) throws in
      let others = below.filter { !isWarden($0) }
      for pid in below where isWarden(pid) { kill(pid, SIGSTOP) }
      killAtOnce([supervisor] + others)
      #expect(try client.wait(within: 60).status == 1)
      let processes = try world.run("ps", "-a", "-p", "nap")
      #expect(processes.text.contains("tree-1") && processes.text.contains("signal 9"), "\(processes)")
      #expect(sleepers.isEmpty)
    }
  }
}
