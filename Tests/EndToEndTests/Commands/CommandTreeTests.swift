import Glibc
import Testing

/// Nothing that a command has started outlives it, whoever is killed.
@Suite(.serialized) struct CommandTreeTests {
  /// A command with descendants that try to get away: in sessions of their own, deaf, without a parent.
  static let tree = """
    name: nap
    processes:
      tree:
        run: |
          setsid sleep 3331 &
          (setsid sh -c 'trap "" TERM HUP INT; sleep 3332 & wait' &)
          nohup sh -c 'sh -c "sleep 3333 & sleep 3334" & wait' >/dev/null 2>&1 &
          echo ready
          wait
        stop_grace_period: 500ms
      other: {run: 'sleep 4441 & setsid sleep 4442 & wait'}

    """

  private func sleepers(_ world: World, _ prefix: String) -> [pid_t] {
    world.processes.filter { pid in
      let words = readBytes("/proc/\(pid)/cmdline").split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return words.first == "sleep" && words.last?.hasPrefix(prefix) == true
    }
  }

  private func start(_ world: World) throws -> Child {
    let client = try world.start("up", try world.write("nap.yaml", Self.tree))
    try #require(poll(within: 30) { sleepers(world, "333").count == 4 && sleepers(world, "444").count == 2 })
    return client
  }

  private func pump(of name: String, _ world: World) throws -> pid_t {
    let command = try #require(try pid(of: name, in: world))
    return try #require(parent(of: command))
  }

  /// Broken for a trial: neither the pump nor the supervisor ends what is left.
  @Test func theyEndWithTheCommand() throws {
    try World.with { world in
      let client = try start(world)
      kill(try #require(try pid(of: "tree", in: world)), SIGKILL)
      #expect(poll(within: 10) { sleepers(world, "333").isEmpty })
      #expect(sleepers(world, "444").count == 2)
      #expect(try world.run("ps", "-a", "-p", "nap").text.contains("signal 9"))
      client.send(SIGINT)
      #expect(try client.wait(within: 60).status == 130)
    }
  }

  /// Broken for a trial: the supervisor leaves the orphans.
  @Test func theyEndWithTheirPumpAndOthersDoNot() throws {
    try World.with { world in
      let client = try start(world)
      kill(try pump(of: "tree", world), SIGKILL)
      #expect(poll(within: 10) { sleepers(world, "333").isEmpty })
      #expect(sleepers(world, "444").count == 2)
      client.send(SIGINT)
      let outcome = try client.wait(within: 60)
      #expect(outcome.status == 130 && outcome.errors.contains("'tree-1' was ended by signal 9"), "\(outcome.errors)")
    }
  }

  /// Broken for a trial: the handler of the parent's death only exits.
  @Test func theyEndWithTheSupervisor() throws {
    try World.with { world in
      let client = try start(world)
      let pump = try pump(of: "tree", world)
      kill(try #require(parent(of: pump)), SIGKILL)
      #expect(try client.wait(within: 60).status == 1)
      #expect(poll(within: 10) { world.processes.isEmpty })
    }
  }

  @Test func theyEndWithTheClient() throws {
    try World.with { world in
      let client = try start(world)
      client.send(SIGKILL)
      #expect(try client.wait(within: 30).status == 137)
      #expect(poll(within: 20) { world.processes.isEmpty })
    }
  }

  @Test func theyEndWithDown() throws {
    try World.with { world in
      _ = try start(world)
      #expect(try world.run("down", "-p", "nap").status == 0)
      #expect(world.processes.isEmpty)
    }
  }

  @Test func theStopSignalIsTheCommandsAndThenComesTheEndOfAll() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        processes:
          polite: {run: 'trap "echo bye; exit 3" USR1; echo ready; while :; do sleep 0.05; done', stop_signal: SIGUSR1}
          deaf: {run: 'trap "" TERM; echo ready; sleep 5551 & while :; do sleep 1; done', stop_grace_period: 300ms}

        """)
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(try poll(within: 30) { try world.run("logs", "-p", "nap").text.split(separator: "\n").count == 2 })
      let down = try world.run("down", "-p", "nap")
      #expect(down.status == 0 && down.errors.contains("deaf-1") && !down.errors.contains("polite-1"), "\(down.errors)")
      let logs = try world.run("logs", "-p", "nap").text
      #expect(logs.contains("bye"))
      let all = try world.run("ps", "-a", "-p", "nap", "--format", "json").text
      #expect(all.contains("\"exit\" : 3") && all.contains("\"signal\" : 9"), "\(all)")
    }
  }

  /// The process id that `ps` shows is the command's, and its time and memory are those of all below it.
  @Test func psShowsTheCommand() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        processes:
          self: {run: 'echo pid $$; python3 -c "x = bytearray(50000000); import time; time.sleep(1000)"; true'}

        """)
      #expect(try world.run("up", "-d", file).status == 0)
      // Until it has started it is that of what stands above it.
      #expect(
        try poll(within: 20) {
          let command = try pid(of: "self", in: world).map { "pid \($0)\n" }
          return try command.map { try world.run("logs", "-p", "nap").text.contains($0) } ?? false
        })
      #expect(
        try poll(within: 20) {
          let json = try world.run("ps", "-p", "nap", "--format", "json").text
          let bytes = json.firstMatch(of: /"rssBytes" : (\d+)/).flatMap { Int($0.1) }
          return bytes ?? 0 > 50_000_000
        })
      #expect(try world.run("down", "-p", "nap").status == 0)
    }
  }
}
