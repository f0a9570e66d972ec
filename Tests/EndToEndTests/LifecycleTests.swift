import Glibc
import Testing

/// From `up` to `down`, as a user types it, and what the exit codes say.
@Suite(.serialized) struct LifecycleTests {
  static let sleeper = "name: nap\nprocesses:\n  nap: {task: sleep, with: {for: 1h}}\n"
  /// Its stop signal does nothing to it, so that only SIGKILL ends it.
  static let deaf = sleeper.replacing("1h}", with: "1h}, stop_signal: SIGWINCH, stop_grace_period: 1h")

  /// Seen to fail: no time between the signal and SIGKILL; nobody told that it was killed.
  @Test func aProcessThatIgnoresItsStopSignalIsKilledAfterItsGracePeriod() throws {
    try World.with { world in
      _ = try started(world, Self.deaf)
      _ = try #require(try pid(of: "nap", in: world))
      let begin = ContinuousClock.now
      let down = try world.run("down", "-p", "nap", "--timeout", "1s", within: 60)
      #expect(down.status == 0 && down.errors.contains("killed, as the grace period was over: nap-1"), "\(down.errors)")
      #expect(ContinuousClock.now - begin >= .seconds(1))
    }
  }

  /// Seen to fail: the `--timeout` of `up` forgotten.
  @Test func anInterruptStopsWithinTheGracePeriod() throws {
    try World.with { world in
      let client = try world.start("up", "--timeout", "1s", try world.write("nap.yaml", Self.deaf))
      _ = try #require(try pid(of: "nap", in: world))
      let begin = ContinuousClock.now
      client.send(SIGINT)
      let outcome = try client.wait(within: 60)
      #expect(outcome.status == 130 && outcome.errors.contains("killed, as the grace period was over: nap-1"))
      #expect(ContinuousClock.now - begin >= .seconds(1))
    }
  }

  /// The upper one is deaf: the lower one is told when that is gone. Seen to fail: all levels told at once.
  @Test func whatOthersDependOnIsStoppedAfterThem() throws {
    try World.with { world in
      let upper = "  upper: {task: sleep, with: {for: 1h}, stop_signal: SIGWINCH, depends_on: [nap]}\n"
      _ = try started(world, Self.sleeper + upper)
      _ = try #require(try pid(of: "upper", in: world))
      #expect(try world.run("down", "-p", "nap", "--timeout", "500ms").status == 0)
      let log = try world.run("logs", "mporch", "-p", "nap", "--no-log-prefix").lines
      let gone = try #require(log.firstIndex { $0.contains("upper-1 was ended by signal 9") }, "\(log)")
      let told = try #require(log.firstIndex { $0.contains("nap-1 is told to stop") }, "\(log)")
      #expect(gone < told, "\(log)")
    }
  }

  private func started(_ world: World, _ text: String = sleeper) throws -> String {
    let file = try world.write("nap.yaml", text)
    let up = try world.run("up", "-d", file)
    #expect(up.status == 0, "\(up.errors)")
    return file
  }

  /// Seen to fail: a detached run that ends with its client.
  @Test func aDetachedRunIsSeenAndGoesDown() throws {
    try World.with { world in
      _ = try started(world)
      let ps = try world.run("ps", "-p", "nap", "--format", "json")
      #expect(ps.status == 0 && ps.text.contains(#""name" : "nap-1""#) && ps.text.contains(#""state" : "running""#))
      #expect(try world.run("ls", "-q").text == "nap\n")
      #expect(try world.run("inspect", "-p", "nap").status == 0)
      #expect(try world.run("logs", "-p", "nap").status == 0)
      let down = try world.run("down", "-p", "nap")
      #expect(down.status == 0, "\(down.errors)")
      let again = try world.run("down", "-p", "nap")
      #expect(again.status == 0 && again.errors.contains("not running"))
    }
  }

  /// Seen to fail: names compared, and not files.
  @Test func anUpUnderARunningNameIsRefusedIfItIsOfAnotherFile() throws {
    try World.with { world in
      let file = try started(world)
      #expect(try world.run("up", "-d", file).errors.contains("nothing has changed"))
      let other = try world.write("other.yaml", "name: nap\nprocesses:\n  rest: {task: sleep, with: {for: 1h}}\n")
      let second = try world.run("up", "-d", other)
      #expect(second.status == 1 && second.errors.contains("running already"), "\(second.errors)")
      #expect(try world.run("down", "-p", "nap").status == 0)
    }
  }

  /// Seen to fail: codes as signed bytes.
  @Test(arguments: [0, 1, 7, 255]) func anExitCodeIsShownExactly(code: Int) throws {
    try World.with { world in
      let file = try world.write("code.yaml", "processes:\n  leave: {task: exit, with: {code: \(code)}}\n")
      let up = try world.run("up", file)
      #expect(up.status == (code == 0 ? 0 : 1))
      // Once, with its place.
      let told = up.errors.split(separator: "\n").filter { $0.contains("leave-1") }
      #expect(told.count == (code == 0 ? 0 : 1), "\(up.errors)")
      #expect(told.allSatisfy { $0.hasSuffix("code.yaml:2:3: error: process 'leave-1' exited with code \(code)") })
    }
  }

  /// Seen to fail: a `wait` that is answered at once.
  @Test func aSuccessOfAllIsZeroAfterWait() throws {
    try World.with { world in
      let file = try world.write("short.yaml", "processes:\n  nap: {task: sleep, with: {for: 2s}}\n")
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(try world.run("wait", "-p", "short").status == 0)
      #expect(try world.run("ls", "-q").text.isEmpty)
    }
  }

  /// Seen to fail: a `wait` that succeeds when the run has ended.
  @Test func aFailureIsOneAfterWait() throws {
    try World.with { world in
      let file = try world.write(
        "short.yaml", "processes: {nap: {task: sleep, with: {for: 2s}}, bad: {task: exit, with: {code: 3}}}\n")
      #expect(try world.run("up", "-d", file).status == 0)
      let wait = try world.run("wait", "-p", "short")
      #expect(wait.status == 1 && wait.errors.contains("bad-1 failed: exited with code 3"), "\(wait.errors)")
    }
  }

  /// Seen to fail: every signal passed on as SIGTERM.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func aSignalToTheClientTearsTheRunDown(signal: Int32) throws {
    try World.with { world in
      let client = try world.start("up", try world.write("nap.yaml", Self.sleeper))
      #expect(try poll(within: 30) { try world.run("ps", "-p", "nap", "-q").lines.count == 1 })
      client.send(signal)
      #expect(try client.wait(within: 60).status == 128 + signal)
    }
  }

  /// However early: before it knows of its supervisor, and before that knows of the run. Seen to fail: the supervisor took
  /// the wish to stop for a broken request, and 'up' said that it was lost; exit code 1.
  @Test(arguments: [SIGINT, SIGTERM]) func aSignalRightAtTheStartHasItsExitCode(signal: Int32) throws {
    try World.with { world in
      let file = try world.write("nap.yaml", Self.sleeper)
      for step in 0..<12 {
        let client = try world.start("up", file)
        usleep(UInt32(step) * 4_000)
        client.send(signal)
        let outcome = try client.wait(within: 60)
        #expect(outcome.status == 128 + signal && !outcome.errors.contains("error"), "\(step): \(outcome)")
      }
    }
  }

  /// As when the machine sleeps. Seen to fail: the end of the time was looked at before that of the process.
  @Test func aSupervisorThatStoodStillFailsNobodyThatEndedInTime() throws {
    try World.with { world in
      let file = try world.write("nap.yaml", "processes: {nap: {task: sleep, with: {for: 1s}, timeout: 2s}}\n")
      #expect(try world.run("up", "-d", file).status == 0)
      let supervisor = try #require(try pid(of: "nap", in: world).flatMap(parent))
      kill(supervisor, SIGSTOP)
      usleep(2_500_000)
      kill(supervisor, SIGCONT)
      let wait = try world.run("wait", "-p", "nap")
      #expect(wait.status == 0, "\(wait.errors)")
    }
  }

  /// Broken for a trial: the client says that the run is up.
  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalToAClientThatWaitsForReadinessTearsTheRunDown(signal: Int32) throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml", Self.sleeper + "  late: {task: sleep, with: {for: 1h}, depends_on: {nap: {condition: completed}}}\n"
      )
      let client = try world.start("up", "-d", "--wait", file)
      #expect(try poll(within: 30) { try world.run("ps", "-p", "nap", "-q").lines.count == 1 })
      client.send(signal)
      let outcome = try client.wait(within: 60)
      #expect(outcome.status == 128 + signal && !outcome.errors.contains("is up"), "\(outcome.errors)")
      #expect(poll(within: 30) { world.processes.isEmpty })
    }
  }

  /// Seen to fail: a folder that the end of a run leaves.
  @Test func aHundredProcessesComeAndGoAgainAndAgain() throws {
    try World.with { world in
      for round in 1...5 {
        let up = try world.run("up", "-d", "\(World.root)/topologies/bench/hundred.yaml", within: 60)
        #expect(up.status == 0, "round \(round): \(up.errors)")
        #expect(try world.run("ps", "-q", "-p", "bench-hundred").lines.count == 100)
        let down = try world.run("down", "-p", "bench-hundred", within: 60)
        #expect(down.status == 0, "round \(round): \(down.errors)")
        #expect(world.processes.isEmpty && world.runFolders.isEmpty)
      }
    }
  }

  /// Seen to fail: a second SIGINT that only repeats the first; one that came with the first killed.
  @Test func aSecondInterruptASecondLaterKillsAtOnce() throws {
    try World.with { world in
      let client = try world.start("up", try world.write("nap.yaml", Self.deaf))
      _ = try #require(try pid(of: "nap", in: world))
      client.send(SIGINT)
      usleep(100_000)
      client.send(SIGINT)
      usleep(1_100_000)
      #expect(world.processes.contains(client.pid), "the run was to wait for its deaf process")
      client.send(SIGINT)
      #expect(try client.wait(within: 60).status == 130)
    }
  }

  /// Seen to fail: names kept for good, so that a later command told of an earlier one's.
  @Test func whoHadToBeKilledIsToldOnceAndByWhoStoppedIt() throws {
    try World.withRun(
      """
      processes:
        c: {run: "trap '' TERM; while :; do sleep 0.1; done", stop_grace_period: 300ms}
        d: {run: "sleep 100"}
      """
    ) { world in
      let words = "killed, as the grace period was over: c-1\n"
      // Before its trap is set it would end by the signal.
      usleep(500_000)
      #expect(try world.run("stop", "c").errors == "mporch: " + words)
      #expect(try world.run("stop", "c").errors.isEmpty)
      #expect(try world.run("restart", "c").errors.isEmpty)
      usleep(500_000)
      #expect(try world.run("restart", "c").errors == "mporch: " + words)
      usleep(500_000)
      #expect(try world.run("stop", "c").errors == "mporch: " + words)
      let down = try world.run("down", "-p", "nap")
      #expect(down.status == 0 && !down.errors.contains("killed"), "\(down.errors)")
    }
  }

  /// Seen to fail: the stop signal alone.
  @Test func aSuspendedWorkerDoesNotHoldUpDown() throws {
    try World.with { world in
      _ = try started(world)
      kill(try #require(try pid(of: "nap", in: world)), SIGSTOP)
      let down = try world.run("down", "-p", "nap", "--timeout", "20s", within: 60)
      // At the end of the grace period it would be gone anyway.
      #expect(down.status == 0 && !down.errors.contains("killed"), "\(down.errors)")
    }
  }

  /// Seen to fail: `ps` and `down` waited for its answer without end.
  @Test func aSuspendedSupervisorIsToldAndDoesNotHoldUpDown() throws {
    try World.with { world in
      _ = try started(world)
      let supervisor = try #require(try pid(of: "nap", in: world).flatMap(parent))
      kill(supervisor, SIGSTOP)
      try #require(poll(within: 30) { readText("/proc/\(supervisor)/status").contains("(stopped)") })
      let ps = try world.run("ps", "-p", "nap", within: 30)
      #expect(ps.status == 1 && ps.errors.contains("(process \(supervisor)) is stopped"), "\(ps.errors)")
      #expect(ps.errors.contains("kill -CONT \(supervisor)"))
      #expect(try world.run("down", "-p", "nap", within: 30).status == 0)
    }
  }

  /// Seen to fail: commands that act on all.
  @Test func killAndRestartActOnOneProcess() throws {
    try World.with { world in
      let two = Self.sleeper + "  rest: {task: sleep, with: {for: 1h}}\n"
      _ = try started(world, two.replacing("1h}", with: "1h}, restart: always"))
      let other = try #require(try pid(of: "rest", in: world))
      let first = try #require(try pid(of: "nap", in: world))
      #expect(try world.run("kill", "nap", "-p", "nap").status == 0)
      #expect(try poll(within: 30) { try pid(of: "nap", in: world).map { $0 != first } ?? false })
      let second = try #require(try pid(of: "nap", in: world))
      #expect(try world.run("restart", "nap", "-p", "nap").status == 0)
      #expect(try poll(within: 30) { try pid(of: "nap", in: world).map { $0 != second } ?? false })
      #expect(try pid(of: "rest", in: world) == other)
      #expect(try world.run("down", "-p", "nap").status == 0)
    }
  }

  /// Seen to fail: a missing file that is an invalid one.
  /// Seen to fail: those that found no run and then came too late for its name were refused; so was who came while
  /// another one's change took effect.
  @Test func ofSeveralUpsAtOnceOneStartsItAndTheOthersFindIt() throws {
    try World.with { world in
      let file = try world.write("nap.yaml", Self.sleeper)
      for _ in 0..<3 {
        let all = try (0..<4).map { _ in try world.start("up", "-d", file) }.map { try $0.wait(within: 60) }
        #expect(all.allSatisfy { $0.status == 0 }, "\(all.map(\.errors))")
        #expect(all.count { $0.errors.contains("'nap' is up") } == 1)
        #expect(try world.run("down", "-p", "nap").status == 0)
      }
    }
  }

  /// Seen to fail: in a folder below, the run was named after `..`.
  @Test func theProjectIsNamedAfterTheFoldersNameFromWhereverItIsStarted() throws {
    try World.with { world in
      let outcome = try world.shell(
        """
        cd '\(world.folder)' && mkdir -p shop/below/more && ln -s shop link
        printf 'processes: {nap: {task: sleep, with: {for: 1h}}}' >shop/mporch.yaml
        (cd shop/below/more && $MPORCH up -d) && (cd shop/below && $MPORCH up -d) && $MPORCH up -d link/mporch.yaml
        $MPORCH ls | wc -l; cd shop && $MPORCH down
        """)
      #expect(outcome.status == 0 && outcome.lines == ["2"], "\(outcome)")
      #expect(outcome.errors.contains("'shop' is up") && outcome.errors.contains("'shop' is down"), "\(outcome.errors)")
    }
  }

  @Test func badUsageAndMissingFilesHaveCodesOfTheirOwn() throws {
    try World.with { world in
      let unknownOption = try world.run("up", "--no-such-option")
      #expect(unknownOption.status == 64)
      #expect(try world.run("up", "\(world.folder)/none.yaml").status == 66)
      #expect(try world.run("ps").status == 0)
    }
  }

  /// Files that no topology can be; the answer is a diagnostic, never a crash.
  static let invalid: [String: [UInt8]] = [
    "empty": [], "notUTF8": [0x6e, 0x61, 0xff, 0xfe, 0x3a, 0x0a], "binary": (0...255).map { UInt8($0) },
    "deep": Array(String(repeating: "[", count: 10_000).utf8),
    "bomb": Array(
      ("x-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + (1...12).map { n in
          "x-\(n): &a\(n) [\(Array(repeating: "*a\(n - 1)", count: 10).joined(separator: ", "))]\n"
        }.joined() + "processes: *a12\n").utf8),
  ]

  /// Seen to fail: exit code 1.
  @Test(arguments: invalid.keys.sorted()) func anInvalidFileIsDiagnosed(name: String) throws {
    try World.with { world in
      let file = try world.write("bad.yaml", Self.invalid[name] ?? [])
      let up = try world.run("up", file)
      #expect(up.status == 65 && up.errors.contains("bad.yaml") && up.errors.contains("error:"), "\(up.errors)")
    }
  }
}

func parent(of pid: pid_t) -> pid_t? {
  readText("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("PPid:") }
    .flatMap { pid_t($0.dropFirst(5).trimmingPrefix { $0 == "\t" }) }
}

/// The process id of the only instance of `name`, once it runs.
func pid(of name: String, in world: World, project: String = "nap") throws -> pid_t? {
  var found: pid_t?
  _ = try poll(within: 30) {
    found =
      try world.run("ps", "-p", project).lines.filter { $0.hasPrefix("\(name)-1") && $0.contains("running") }
      .compactMap { pid_t($0.split(separator: " ")[1]) }.first
    return found != nil
  }
  return found
}
