#if Lua
  import Testing

  /// What a run waits for, and what would help.
  @Suite(.serialized) struct WhyTests {
    private static func why(_ topology: String, _ arguments: [String] = [], until marks: [String]) throws -> String {
      try why(topology, arguments, "\(marks)") { text in marks.allSatisfy { text.contains($0) } }
    }

    private static func why(
      _ topology: String, _ arguments: [String], _ expected: String, until isRight: (String) -> Bool
    ) throws -> String {
      var text = ""
      try World.with { world in
        let file = try world.write("slow.yaml", topology)
        #expect(try world.run("up", "-d", file).status == 0)
        let command = (["$MPORCH", "why", "-f", file] + arguments).joined(separator: " ")
        let wasRight = try poll(within: 30) {
          text = try world.shell(command).text
          return isRight(text)
        }
        #expect(wasRight, "\(expected) in:\n\(text)")
        #expect(try world.run("down", "-f", file).status == 0)
      }
      return text
    }

    /// Seen to fail: who waits for room is blamed.
    @Test func aSlowConsumerIsNamed() throws {
      _ = try Self.why(
        """
        queues: {lines: 4, out: 4}
        processes:
          read: {script: "local i = 0 while true do lines:put(i) i = i + 1 end", out: {lines: lines}}
          slow: {script: "for x in lines:items() do sleep(0.02) out:put(x) end", in: {lines: lines}, out: {out: out}}
          sink: {task: discard, in: out}
        """,
        until: [
          "'slow' is too slow for queue 'lines': 'read' waits ", "more replicas of 'slow' (now 1) would help",
          "put lines ", "timer ", "now:\n", "read-1 waits for room in queue 'lines' (",
          "which is full (4 of 4 items); 'slow-1' takes from it",
        ])
    }

    /// Seen to fail: who waits for items is blamed.
    @Test func aSlowProducerIsNamed() throws {
      _ = try Self.why(
        """
        queues: [seeds, numbers]
        processes:
          seed: {task: range, with: {stop: 1000000}, out: seeds}
          make: {script: "for x in input:items() do sleep(0.05) output:put(x) end", in: seeds, out: numbers}
          eat: {replicas: 2, script: "for x in input:items() do end", in: numbers}
        """,
        until: ["'make' is too slow for queue 'seeds'", "more replicas of 'make' (now 1) would help"])
    }

    /// What needs no more of anything. Seen to fail, each: "more replicas of … would help".
    @Test(arguments: [
      (
        "src: {task: range, with: {stop: 100000000}, out: q}\n  slow: {task: throttle, with: {rate: 50}, in: q, out: r}",
        "'slow' lets through what its 'rate' allows: 'src' waits "
      ),
      ("t: {task: tick, with: {every: 100ms}, out: r}", "'t' sets the pace: its 'every' says how fast it is"),
      ("t: {script: 'while true do sleep(0.1) output:put(1) end', out: r}", "'t' sets the pace: it sleeps "),
      ("t: {run: 'while sleep 0.1; do echo x; done', out: r}", "'t' sets the pace: its command puts no more"),
      (
        "t: {script: 'for x in input:items() do output:put(x) end', in: jobs, out: r}",
        "of its time for what commands put into queue 'jobs': nothing in the run holds it up"
      ),
    ])
    func aLimitAndIdlenessAreNotCuredByReplicas(processes: String, words: String) throws {
      let text = try Self.why(
        "queues: {jobs: {external: true}, q: 8, r: 8}\nprocesses:\n  end: {task: discard, in: r}\n  \(processes)\n",
        until: [words])
      #expect(!text.contains("more replicas of"), "\(text)")
    }

    /// Seen to fail: 100% working; a shell's loop not working.
    @Test func aCommandWorksWhileItHasAProcessor() throws {
      _ = try Self.why(
        "processes: {nap: {run: [sleep, '100']}, spin: {run: 'while :; do :; done'}}", [], "a nap, and a loop at work"
      ) { text in
        let rows = text.split(separator: "\n").map { $0.split(separator: " ") }
        let working = { (name: Substring) in rows.first { $0.first == name }.flatMap { Int($0[2].dropLast()) } }
        return working("nap-1").map { $0 < 50 } == true && working("spin-1").map { $0 > 5 } == true
          && text.contains("command ")
      }
    }

    /// Seen to fail: its lives alone counted, and more replicas advised.
    @Test func aCrashLoopIsNamed() throws {
      let text = try Self.why(
        """
        queues: {jobs: {capacity: 4, max_deliveries: 1000}}
        processes:
          src: {task: range, with: {stop: 100000000}, out: jobs}
          w: {script: "error('no database')", in: jobs, restart: always, restart_delay: 300ms}
        """,
        until: ["'w' is down ", " times, and last exited with code 1; 'mporch logs w' says why", "  down "])
      #expect(!text.contains("would help"), "\(text)")
    }

    /// Seen to fail: more replicas of it.
    @Test func aCommandThatAnswersNothingIsNamed() throws {
      let text = try Self.why(
        """
        queues: {n: 8, m: 8}
        processes:
          src: {script: "output:put('a') output:put('b') sleep(100)", out: n}
          f: {run: 'sleep 100', with: {replies: each}, in: n, out: m}
          s: {task: count, in: m}
        """,
        until: ["'f' waits for the first answer of its command, and has for "])
      #expect(!text.contains("would help"), "\(text)")
    }

    /// Seen to fail: a source that has ended is too slow for who reads it.
    @Test func whoHasEndedIsNotBlamed() throws {
      let text = try Self.why(
        """
        queues: {q: 4, r: {external: true}}
        processes:
          first: {script: "for i = 1, 20 do sleep(0.05) output:put(i) end", out: q}
          last: {script: "for x in input:items() do end output:put('done') sleep(100)", in: q, out: r}
        """,
        until: ["last-1 waits for a timer"])
      #expect(!text.contains("'first'"), "\(text)")
    }

    /// Seen to fail: without the time of the wait that a worker is in.
    @Test func oneProcessAsJSON() throws {
      let text = try Self.why(
        """
        locks: [ledger]
        processes:
          holder: {script: "ledger:acquire() held:set() sleep(100)", use: [ledger, held]}
          other: {script: "held:wait() ledger:acquire()", use: [ledger, held]}
        events: [held]
        """,
        ["other", "--format", "json"],
        until: [
          #""on" : "for lock 'ledger' ("#, "which 'holder-1' holds", #""on" : "lock ledger""#,
          "lock 'ledger' is held for long: 'other' waits",
        ])
      #expect(!text.contains(#""name" : "holder-1""#))
    }
  }
#endif
