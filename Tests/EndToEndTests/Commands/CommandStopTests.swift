import Glibc
import Testing

/// The stop signal is for the whole process group of a command, and who is left of its tree has the rest of the grace
/// period.
@Suite(.serialized) struct CommandStopTests {
  /// A server that keeps a file as long as it runs, removes it when it is asked to end, and does not start where one is.
  private static let server = """
    #!/bin/sh
    test -e lock && exit 1
    : >lock
    trap 'sleep 0.2; rm lock; : >ended; exit 0' TERM
    echo listening
    while :; do sleep 0.02; done

    """

  /// In each, what mporch has started is not the server itself.
  static let shapes: [String: String] = [
    "a shell's line": "'./server.sh; true'",
    "a start script": "[./start.sh]",
    "as npm start": "[sh, -c, 'python3 -c \"import subprocess; subprocess.run([\\\"./server.sh\\\"])\"; true']",
    "a pipeline": "'./server.sh | cat'",
    "in the background": "'./server.sh & wait'",
    "in a session of its own": "'setsid ./server.sh & wait'",
  ]

  private func withServer(_ keys: String, _ body: (World, _ isUp: () -> Bool) throws -> Void) throws {
    try World.with { world in
      for (name, text) in [("server.sh", Self.server), ("start.sh", "#!/bin/sh\n./server.sh\nexit\n")] {
        chmod(try world.write(name, text), 0o700)
      }
      _ = try world.write("nap.yaml", "name: nap\nprocesses:\n  web: {\(keys)}\n  other: {run: [sleep, '1000']}\n")
      try body(world) { poll(within: 30) { access("\(world.folder)/lock", F_OK) == 0 } }
    }
  }

  private func didEnd(_ world: World) -> Bool {
    poll(within: 30) { access("\(world.folder)/ended", F_OK) == 0 } && unlink("\(world.folder)/ended") == 0
  }

  /// Seen to fail: the signal for the first process alone, after whose end the others are killed at once.
  @Test(arguments: shapes.keys.sorted()) func itReachesTheServer(shape: String) throws {
    try withServer("run: \(Self.shapes[shape]!)") { world, isUp in
      for _ in 0..<2 {
        #expect(try world.run("up", "-d", "\(world.folder)/nap.yaml").status == 0)
        #expect(isUp())
        let down = try world.run("down", "-p", "nap")
        #expect(down.status == 0 && !down.errors.contains("killed"), "\(down.errors)")
        #expect(didEnd(world))
      }
    }
  }

  /// Seen to fail like the one above.
  @Test func itIsSentForEachReasonToStop() throws {
    try withServer("run: './server.sh; true'") { world, isUp in
      let client = try world.start("up", "\(world.folder)/nap.yaml")
      #expect(isUp())
      for command in [
        ["restart", "web"], ["stop", "web"], ["start", "web"], ["scale", "web=2"], ["scale", "web=1"],
      ] {
        #expect(try world.mporch([command[0], "-p", "nap", command[1]]).status == 0)
        if command[0] == "restart" || command[0] == "stop" { #expect(didEnd(world), "\(command)") }
        if command[0] != "stop" { #expect(isUp()) }
      }
      let text = readText("\(world.folder)/nap.yaml").replacing("; true'}", with: "; exit 0'}")
      _ = try world.write("nap.yaml", text)
      #expect(try world.run("up", "-d", "\(world.folder)/nap.yaml").status == 0)
      #expect(didEnd(world) && isUp())
      client.send(SIGINT)
      #expect(try client.wait(within: 60).status == 130)
      #expect(didEnd(world))
    }
  }

  /// Seen to fail like the one above.
  @Test(arguments: [
    "timeout: 500ms", "restart: always, healthcheck: {test: 'test ! -e lock', interval: 100ms, retries: 1}",
  ])
  func aFaultIsNoReasonToKillAtOnce(keys: String) throws {
    try withServer("run: './server.sh; true', \(keys)") { world, _ in
      let client = try world.start("up", "\(world.folder)/nap.yaml")
      #expect(didEnd(world))
      client.send(SIGTERM)
      #expect(try client.wait(within: 60).status == 143)
    }
  }

  /// Each command has answered all, and waits for what the other would write. Seen to fail: where a deadlock kills at once.
  @Test func aDeadlockIsNoReasonToKillAtOnce() throws {
    try World.with { world in
      let command = "trap \"sleep 0.2; : >$MPORCH_PROCESS; exit\" TERM; while :; do sleep 0.02; done"
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        queues: {a: {}, b: {}}
        processes:
          one: {run: '\(command)', in: a, out: b, with: {replies: each}}
          two: {run: '\(command)', in: b, out: a, with: {replies: each}}

        """)
      let outcome = try world.run("up", file)
      #expect(outcome.status == 1 && outcome.errors.contains("deadlock"), "\(outcome.errors)")
      #expect(["one", "two"].allSatisfy { access("\(world.folder)/\($0)", F_OK) == 0 }, "\(outcome.errors)")
    }
  }

  /// What the supervisor wants of a command may be said before there is one. Seen to fail: whoever gets the signal by
  /// which that comes before it reads it is ended by it.
  @Test func anOrderEndsNoProcessThatDoesNotReadItYet() throws {
    let orderSignal: Int32 = 62
    try World.withRun(
      """
      name: nap
      processes:
        kind: {task: tick, with: {every: 100ms}, out: q}
        show: {task: discard, in: q}
        command: {run: "grep SigBlk /proc/self/status; exec sleep 1000"}
      queues: [q]
      """
    ) { world in
      let hasStarted = { try world.run("logs", "-p", "nap", "command").text.contains("SigBlk:\t0000000000000000") }
      #expect(try poll(within: 30) { try hasStarted() })
      let rows = try world.run("ps", "-p", "nap", "--format", "json")
      let shown = ["kind-1", "command-1"].compactMap(rows.pid)
      // The kind's worker, the supervisor, and the process above the command.
      let pids = shown.prefix(1) + shown.compactMap { parent(of: $0) }
      for pid in pids { #expect(kill(pid, orderSignal) == 0) }
      let after = try world.run("ps", "-p", "nap", "--format", "json")
      #expect(pids.count == 3 && ["kind-1", "command-1"].compactMap(after.pid) == shown, "\(after.text)")
    }
  }

  /// The first process ends at once. Seen to fail: the others are killed then.
  @Test func whoIsLeftHasTheRestOfTheGracePeriod() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        processes:
          slow: {run: '(trap "sleep 1; : >late; exit" TERM; while :; do sleep 0.02; done) & echo ready; wait'}
          deaf: {run: '(trap "" TERM; sleep 1000) & echo ready; wait', stop_grace_period: 300ms}

        """)
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(try poll(within: 30) { try world.run("logs", "-p", "nap").text.ranges(of: "ready").count == 2 })
      let down = try world.run("down", "-p", "nap")
      #expect(down.status == 0, "\(down.errors)")
      #expect(down.errors.contains("killed") && down.errors.contains("deaf-1") && !down.errors.contains("slow-1"))
      #expect(access("\(world.folder)/late", F_OK) == 0)
    }
  }

  /// Seen to fail: the write is lost, without a word.
  @Test func redisUnderAShellSavesItsData() throws {
    try World.with { world in
      mkdir("\(world.folder)/data", 0o700)
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        processes:
          store:
            run: redis-server --port 0 --unixsocket $PWD/r.sock --dir data --save 3600 1 --loglevel warning; true
            healthcheck: {test: 'redis-cli -s r.sock ping', interval: 50ms}

        """)
      #expect(try world.run("up", "-d", "--wait", file).status == 0)
      #expect(try world.shell("redis-cli -s \(world.folder)/r.sock set k v").text == "OK\n")
      #expect(try world.run("down", "-p", "nap").status == 0)
      #expect(try world.run("up", "-d", "--wait", file).status == 0)
      #expect(try world.shell("redis-cli -s \(world.folder)/r.sock get k").text == "v\n")
      #expect(try world.run("down", "-p", "nap").status == 0)
    }
  }

  // MARK: Without readers

  /// Seen to fail: nobody tells it before it prints, and it sleeps for ever.
  @Test(arguments: [
    "take: {task: take, with: {count: 3}, in: o, out: q}\n  count: {task: count, in: q}",
    "close: {in: o, script: 'input:get() input:close() while not io.open(\"told\") do sleep(0.02) end'}",
  ]) func aCommandThatPrintsNothingMoreIsToldThatNobodyReads(reader: String) throws {
    try World.with { world in
      let queues = reader.contains("out: q") ? "[o, q]" : "[o]"
      let file = try world.write(
        "nap.yaml",
        """
        queues: \(queues)
        processes:
          write: {run: 'trap ": >told; exit 0" TERM; seq 3; while :; do sleep 0.02; done', out: o}
          \(reader)

        """)
      let outcome = try world.run("up", file, within: 60)
      #expect(outcome.status == 0 && access("\(world.folder)/told", F_OK) == 0, "\(outcome.errors)")
    }
  }
}
