import Glibc
import Testing

/// `run:` commands that stand for themselves: how they start, what they print, how they end.
@Suite(.serialized) struct CommandTests {
  private func up(_ processes: String, _ world: World, environment: [String: String] = [:]) throws -> Child.Outcome {
    let file = try world.write("nap.yaml", "name: nap\nprocesses:\n  \(processes)\n")
    return try world.run("up", "--no-log-prefix", file, environment: environment)
  }

  @Test func whatACommandPrintsIsItsLog() throws {
    try World.with { world in
      let outcome = try up("hello: {run: [echo, hi, 'two  words', '$HOME']}", world)
      #expect(outcome.status == 0 && outcome.text == "hi two  words $HOME\n", "\(outcome.errors)")
      let shell = try up("hello: {run: 'echo err >&2; printf %s \"$((1 + 1)) unterminated\"'}", world)
      #expect(shell.status == 0 && Set(shell.lines) == ["err", "2 unterminated"], "\(shell.text)")
    }
  }

  /// Broken for a trial: the pump always exits with 1 where the command has failed.
  @Test(arguments: [0, 1, 7, 126, 255]) func theExitCodeIsTheCommands(code: Int) throws {
    try World.with { world in
      let outcome = try up("leave: {run: 'exit \(code)'}", world)
      #expect(outcome.status == (code == 0 ? 0 : 1))
      #expect(code == 0 || outcome.errors.contains("process 'leave-1' exited with code \(code)\n"), "\(outcome.errors)")
      let all = try world.run("ps", "-a", "-p", "nap", "--format", "json").text
      #expect(all.contains("\"exit\" : \(code)"), "\(all)")
    }
  }

  @Test(arguments: [SIGKILL, SIGSEGV, SIGTERM, SIGPIPE, SIGUSR1, 40]) func theSignalIsTheCommands(signal: Int32) throws
  {
    try World.with { world in
      let outcome = try up("die: {run: 'kill -\(signal) $$; sleep 60'}", world)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("process 'die-1' was ended by signal \(signal)"), "\(outcome.errors)")
    }
  }

  @Test func whatCanNotBeExecutedSaysWhy() throws {
    try World.with { world in
      _ = try world.write("plain.txt", "no program\n")
      let outcome = try up("a: {run: [no-such-program, x]}\n  b: {run: [./plain.txt]}", world)
      #expect(outcome.status == 1)
      #expect(
        outcome.errors.contains("nap.yaml:3:12: error: process 'a-1': its command 'no-such-program' can't be executed"))
      #expect(
        outcome.errors.contains("install it, or write its path") && outcome.errors.contains("chmod +x ./plain.txt"))
      #expect(
        outcome.errors.contains("'a-1' exited with code 127") && outcome.errors.contains("'b-1' exited with code 126"))
    }
  }

  /// Broken for a trial: the command starts with descriptor 3 open.
  @Test func aCommandHasItsStandardStreamsAndNothingElse() throws {
    try World.with { world in
      let outcome = try up("look: {run: [ls, /proc/self/fd]}", world)
      // 3 is the folder that `ls` reads.
      #expect(outcome.lines == ["0", "1", "2", "3"])
      let input = try up("look: {run: [readlink, /proc/self/fd/0]}", world)
      #expect(input.lines == ["/dev/null"])
      let blocked = try up("look: {run: [grep, -E, 'Sig(Blk|Ign)', /proc/self/status]}", world)
      // But for 32 and 33, which are the C library's own.
      let masks = blocked.lines.compactMap { UInt64($0.suffix(16), radix: 16) }
      #expect(masks.count == 2 && masks.allSatisfy { $0 & ~(3 << 31) == 0 }, "\(blocked.text)")
      let limit = try world.shell("ulimit -n").text
      #expect(try up("look: {run: 'ulimit -n'}", world).text == limit)
    }
  }

  @Test func itRunsWhereAndAsTheFileSays() throws {
    try World.with { world in
      mkdir("\(world.folder)/sub", 0o700)
      _ = try world.write("vars.env", "A=file\nB=file\n")
      let outcome = try up(
        "show: {run: 'echo $(pwd) $A $B $C $MPORCH_PROJECT $MPORCH_PROCESS $MPORCH_REPLICA $(nice)', working_dir: sub, "
          + "env_file: vars.env, environment: {A: key}, nice: 5, cpus: [0], replicas: 2}", world,
        environment: ["C": "up"])
      #expect(
        outcome.lines.sorted() == [1, 2].map { "\(world.folder)/sub key file up nap show \($0) 5" }, "\(outcome.errors)"
      )
    }
  }

  @Test func itIsStoppedAtItsTimeout() throws {
    try World.with { world in
      let outcome = try up("slow: {run: [sleep, '1000'], timeout: 300ms}", world)
      #expect(outcome.status == 1 && outcome.errors.contains("ran longer than its timeout"), "\(outcome.errors)")
    }
  }

  @Test func itIsStartedAgainAsItsPolicySays() throws {
    try World.with { world in
      let outcome = try up(
        "flaky: {run: 'echo x >>tries; test $(wc -l <tries) -eq 3', restart: on-failure, restart_delay: 10ms}", world)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(readText("\(world.folder)/tries") == "x\nx\nx\n")
    }
  }

  /// Of a kind, a script, a command. Seen to fail: it comes on standard output, as if they had printed it.
  @Test func whatMporchHasToSayOfThemIsNotAmongWhatTheyPrint() throws {
    try World.with { world in
      let outcome = try up(
        "a: {run: [no-such-program]}\n  b: {script: 'print(\"first\") error(\"oh\")'}\n"
          + "  c: {task: read-lines, with: {path: nothing-here}, out: q}\n  d: {task: discard, in: q}\nqueues: [q]",
        world)
      #expect(outcome.status == 1 && outcome.text == "first\n", "\(outcome.text)")
      for words in ["its command 'no-such-program' can't be executed", "nap.yaml:4: oh", "nothing-here"] {
        #expect(outcome.errors.contains(words), "\(words): \(outcome.errors)")
        #expect(try world.run("logs", "a", "b", "c", "-p", "nap").text.ranges(of: words).count == 1)
        #expect(try world.run("events", "-p", "nap").text.contains(words))
      }
      // Before the verdict.
      let words = try #require(outcome.errors.firstRange(of: "nap.yaml:4: oh"))
      let verdict = try #require(outcome.errors.firstRange(of: "process 'b-1' exited with code 1"))
      #expect(words.upperBound < verdict.lowerBound)
    }
  }
}
