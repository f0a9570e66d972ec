import Glibc
import Testing

/// What processes print reaches the user whole, while they run and after.
@Suite(.serialized) struct LogTests {
  private func printing(_ world: World, _ text: [UInt8], replicas: Int = 1) throws -> String {
    _ = try world.write("in.txt", text)
    return try world.write(
      "say.yaml",
      """
      queues: {lines: {bytes: 8MiB}}
      processes:
        read: {task: read-lines, with: {path: in.txt}, out: lines}
        say: {task: print, replicas: \(replicas), in: lines}
      """)
  }

  /// Seen to fail: fragments stored as lines.
  @Test func aLineOfAMegabyteStaysWhole() throws {
    try World.with { world in
      let line = [UInt8](repeating: 0x78, count: 1 << 20)
      let file = try printing(world, line)
      #expect(try world.run("up", "--no-log-prefix", file).output == line + [10])
      #expect(try world.run("logs", "-p", "say", "--no-log-prefix").output == line + [10])
    }
  }

  /// Seen to fail: bytes escaped as for a terminal.
  @Test func bytesThatAreNoTextPassAsTheyAre() throws {
    try World.with { world in
      let bytes: [UInt8] = [0x61, 0xff, 0xfe, 0x62, 0xc3, 10, 0, 0x80, 10, 0xe2, 0x82, 10]
      let file = try printing(world, bytes)
      #expect(try world.run("up", "--no-log-prefix", file).output == bytes)
      #expect(try world.run("logs", "-p", "say", "--no-log-prefix").output == bytes)
      let copy = try world.write(
        "copy.yaml",
        """
        queues: [lines]
        processes:
          read: {task: read-lines, with: {path: in.txt}, out: lines}
          copy: {task: write-lines, in: lines, with: {path: "-"}}
        """)
      #expect(try world.run("up", copy).output == bytes)
    }
  }

  /// Seen to fail: the very time left out.
  @Test func linesUpToATimeAreShown() throws {
    try World.with { world in
      let file = try world.write(
        "say.yaml",
        """
        queues: {ticks: {type: int64}}
        processes:
          tick: {task: tick, with: {every: 50ms, count: 10}, out: ticks}
          say: {task: print, in: ticks}
        """)
      #expect(try world.run("up", file).status == 0)
      let stamped = try world.run("logs", "say", "-p", "say", "--no-log-prefix", "-t").lines
      #expect(stamped.count == 10)
      let middle = try #require(stamped[4].split(separator: " ").first.map(String.init))
      let early = try world.run("logs", "say", "-p", "say", "--no-log-prefix", "-t", "--until", middle).lines
      let late = try world.run("logs", "say", "-p", "say", "--no-log-prefix", "-t", "--since", middle).lines
      // The line of that very time is in both.
      #expect(early.count >= 5 && early.last == stamped[early.count - 1])
      #expect(late.first?.hasPrefix(middle) == true)
      #expect(early.filter { !$0.hasPrefix(middle) } + late == stamped)
      #expect(try world.run("logs", "say", "-p", "say", "--until", "1h").lines.isEmpty)
    }
  }

  /// Seen to fail: lines that come at the end only; the last ones left out.
  @Test func followedLogsEndWithTheRun() throws {
    try World.with { world in
      let file = try world.write(
        "say.yaml",
        """
        queues: {ticks: {type: int64}}
        processes:
          tick: {task: tick, with: {every: 200ms, count: 12}, out: ticks}
          say: {task: print, in: ticks}
        """)
      #expect(try world.run("up", "-d", file).status == 0)
      let follower = try world.start("logs", "-f", "-p", "say", "--no-log-prefix")
      // While the run goes on: the first lines come before the last one is printed.
      #expect(poll(within: 30) { readText(follower.standardOutput).contains("\n") })
      let first = readText(follower.standardOutput)
      let outcome = try follower.wait(within: 60)
      #expect(outcome.status == 0 && outcome.lines.count == 12, "\(outcome.text)")
      #expect(first.split(separator: "\n").count < 12, "nothing came before the end")
      #expect(try world.run("wait", "-p", "say").status == 0)
    }
  }

  /// The worker is killed in the middle of a line that is longer than what fits between it and its supervisor. Broken
  /// for a trial: what is left in the pipes of a dead worker is not taken.
  @Test func unterminatedLastWordsAreKept() throws {
    try World.with { world in
      let fifo = "\(world.folder)/in.fifo"
      mkfifo(fifo, 0o600)
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        queues: {lines: {bytes: 8MiB}}
        processes:
          read: {task: read-lines, with: {path: in.fifo}, out: lines}
          say: {task: print, in: lines}
        """)
      let client = try world.start("up", "--no-log-prefix", file)
      let worker = try #require(try pid(of: "say", in: world))
      let supervisor = try #require(parent(of: worker))
      kill(supervisor, SIGSTOP)
      let line = try world.write("line.txt", String(repeating: "x", count: 4 << 20) + "\n")
      #expect(try world.shell("cat \(line) > \(fifo)").status == 0)
      // It writes until the pipe is full, and waits there.
      #expect(poll(within: 30) { unreadByteCount(ofStandardOutputOf: worker) >= 64 << 10 })
      kill(worker, SIGKILL)
      kill(supervisor, SIGCONT)
      let outcome = try client.wait(within: 60)
      #expect(outcome.status == 1 && outcome.errors.contains("signal 9"), "\(outcome.errors)")
      #expect(outcome.output.count(where: { $0 == 0x78 }) >= 64 << 10)
      #expect(try world.run("logs", "say", "-p", "nap", "--no-log-prefix").output == outcome.output)
    }
  }

  private func unreadByteCount(ofStandardOutputOf pid: pid_t) -> Int32 {
    let descriptor = open("/proc/\(pid)/fd/1", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return 0 }
    defer { close(descriptor) }
    var count: Int32 = 0
    return ioctl(descriptor, UInt(FIONREAD), &count) == 0 ? count : 0
  }

  /// Seen to fail: the last lines of a writer, which do not fill its buffer, left there.
  @Test func linesOfFourWritersAreNeitherLostNorMixed() throws {
    try World.with { world in
      let expected = (0..<20_000).map { "line \($0) of them all" }
      let file = try printing(world, Array(expected.joined(separator: "\n").utf8), replicas: 4)
      #expect(try world.run("up", "--no-log-prefix", file).lines.sorted() == expected.sorted())
      #expect(try world.run("logs", "-p", "say", "--no-log-prefix").lines.sorted() == expected.sorted())
    }
  }

  #if Lua
    /// Seen to fail: the parts of all writers put together as they come.
    @Test func partsOfLinesOfFourWritersAreNotMixed() throws {
      try World.with { world in
        let file = try world.write(
          "say.yaml",
          """
          processes:
            say:
              replicas: 4
              script: for i = 1, 500 do io.write("line ", i) io.write(" of ", process.replica, "\\n") end
          """)
        let expected = (1...4).flatMap { replica in (1...500).map { "line \($0) of \(replica)" } }.sorted()
        #expect(try world.run("up", "--no-log-prefix", file).lines.sorted() == expected)
        #expect(try world.run("logs", "-p", "say", "--no-log-prefix").lines.sorted() == expected)
      }
    }
  #endif

  /// Seen to fail: one line more than asked for.
  @Test func logsAreNarrowedAndFormatted() throws {
    try World.with { world in
      let file = try printing(world, Array((1...9).map { "n\($0)\n" }.joined().utf8))
      #expect(try world.run("up", file).status == 0)
      let tail = try world.run("logs", "say", "-p", "say", "--no-log-prefix", "--tail", "2")
      #expect(tail.text == "n8\nn9\n")
      #expect(try world.run("logs", "say", "-p", "say", "--since", "2000-01-01T00:00:00Z").lines.count == 9)
      #expect(try world.run("logs", "say", "-p", "say", "--since", "2999-01-01T00:00:00Z").lines.isEmpty)
      let times = try world.run("logs", "say", "-p", "say", "-t").lines
      #expect(times.count == 9 && times.allSatisfy { $0.contains(/\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d/) })
      let json = try world.run("logs", "say", "-p", "say", "--format", "json").lines
      #expect(json.count == 9 && json[0].contains(#""name":"say-1""#) && json[0].contains(#""text":"n1""#))
    }
  }

  /// However much it says before, and wherever that goes. Seen to fail: mporch's own words overtook what waited to be
  /// written.
  @Test(arguments: ["2>&1 | cat", "> all 2>&1; cat all"]) func lastWordsStandBeforeTheVerdict(place: String) throws {
    try World.with { world in
      let file = try world.write(
        "say.yaml",
        """
        processes:
          say: {script: "for i = 1, 20000 do print('line', i) end print('last words') exit(3)"}
        """)
      for _ in 0..<3 {
        let lines = try world.shell("cd \(world.folder); $MPORCH up \(file) \(place)").lines
        let last = try #require(lines.firstIndex { $0.contains("last words") })
        let verdict = try #require(lines.firstIndex { $0.contains("exited with code 3") })
        #expect(last < verdict && lines.count == 20_002, "\(last) \(verdict) \(lines.count)")
      }
    }
  }

  /// Seen to fail: an instance was refused as no process.
  @Test(arguments: [("say-2", "2"), ("say", "12")]) func onlyWhatIsAttachedIsShown(name: String, numbers: String) throws
  {
    try World.with { world in
      let file = try world.write(
        "say.yaml",
        """
        processes:
          say: {replicas: 2, script: "print(process.replica)"}
          other: {script: "print(3)"}
        """)
      let up = try world.run("up", "--no-log-prefix", "--attach", name, file)
      #expect(up.status == 0 && up.lines.sorted().joined() == numbers, "\(up)")
      #expect(try world.run("up", "--attach", "say-3", file).status == 64)
    }
  }

  /// Seen to fail: EPIPE is an error.
  @Test func aClosedStandardOutputIsNoReasonToComplain() throws {
    try World.with { world in
      let file = try printing(world, Array((0..<50_000).map { "line \($0)\n" }.joined().utf8))
      #expect(try world.run("up", file).status == 0)
      let head = try world.shell("$MPORCH logs -p say | head -n 1")
      #expect(head.lines.count == 1 && head.errors.isEmpty, "\(head.errors)")
      #expect(try world.shell("{ $MPORCH up \(file); echo $? >&2; } | head -n 1").errors.hasSuffix("0\n"))
    }
  }

  /// Its last words come when nobody reads any more. Seen to fail: they wait to be written for ever.
  @Test func whatIsPrintedForNobodyHoldsUpNoEnd() throws {
    try World.with { world in
      let file = try world.write(
        "last.yaml",
        """
        processes:
          say: {run: "trap 'seq 1000; exit 0' TERM; echo first; while :; do sleep 0.1; done"}
        """)
      let outcome = try world.shell("{ $MPORCH up \(file); echo $? >&2; } | head -n 1")
      #expect(outcome.lines == ["say-1  | first"] && outcome.errors.hasSuffix("0\n"), "\(outcome)")
    }
  }

  /// Seen to fail: SIGPIPE ends the writer, which is a failure of the run.
  @Test func whoWritesToAClosedStandardOutputHasSucceededAsHasItsWriter() throws {
    try World.with { world in
      let file = try world.write(
        "much.yaml",
        """
        queues: [lines]
        processes:
          many: {task: range, with: {stop: 1000000}, out: lines}
          copy: {task: write-lines, in: lines, with: {path: "-"}}
        """)
      let outcome = try world.shell("{ $MPORCH up \(file); echo $? >&2; } | head -n 1")
      #expect(outcome.lines == ["0"] && outcome.errors.hasSuffix("0\n"), "\(outcome.errors)")
    }
  }

  /// Seen to fail: the file was cut short, and the exit code 0.
  @Test func anAnswerThatCantBeWrittenIsAFailure() throws {
    try World.with { world in
      let file = try printing(world, [0x61, 10])
      let config = try world.shell("$MPORCH config \(file) >/dev/full")
      #expect(config.status == 1 && config.errors.contains("No space left on device"), "\(config.errors)")
      #expect(try world.shell("$MPORCH up \(file) >/dev/full").status == 0)
    }
  }

  /// Seen to fail: what was open next was taken for them.
  @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]) func aRunNeedsNoStandardStream(closed: String) throws {
    try World.with { world in
      let file = try printing(world, [0x61, 10])
      #expect(try world.shell("$MPORCH up \(file) \(closed)").status == 0)
      #expect(try world.run("logs", "-p", "say", "--no-log-prefix").text == "a\n")
      #expect(try world.shell("$MPORCH up -d \(file) \(closed) && $MPORCH wait -p say").status == 0)
    }
  }
}
