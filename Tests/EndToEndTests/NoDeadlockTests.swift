#if Lua
  import Glibc
  import Testing

  /// What looks like a deadlock and is none: somebody is left who can act, be it later or from outside.
  @Suite(.serialized) struct NoDeadlockTests {
    /// They wait for longer than it takes to tell a deadlock.
    private static let wait = 1.2

    struct Case: Sendable, CustomTestStringConvertible {
      let name: String
      let topology: String
      var testDescription: String { name }
    }

    /// Seen to fail: where waits are never shown as ending by themselves (`isTimed`), "time-outs"; where a pause before a
    /// restart counts as an end, "back-off"; where a timer's wait has no waker, "timers".
    @Test(arguments: cases) func isNotTold(_ hang: Case) throws {
      let outcome = try World.run(topology: hang.topology)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(!outcome.errors.contains("deadlock"), "\(outcome.errors)")
    }

    static let cases = [
      Case(
        name: "timers",
        topology: """
          queues: [q]
          processes:
            late: {script: "sleep(\(wait)) q:put(1)", out: {q: q}}
            reader: {script: "assert(q:get() == 1)", in: {q: q}}
          """),
      Case(
        name: "a task that waits until a worker has time for it",
        topology: """
          pools: {p: {size: 1, script: "return function(x) sleep(x) return x end"}}
          processes:
            long: {use: [p], script: "p:apply(\(wait))"}
            short: {use: [p], script: "sleep(0.1) p:apply(0)"}
          """),
      Case(
        name: "time-outs",
        topology: """
          locks: [a, b]
          processes:
            first: {script: "a:acquire() sleep(0.1) print(b:acquire(\(wait)))", use: [a, b]}
            second: {script: "b:acquire() sleep(0.1) a:acquire()", use: [a, b]}
          """),
      Case(
        name: "time-outs of queues",
        topology: """
          queues: {up: 1, down: 1}
          processes:
            one: {script: "print(up:get(\(wait))) down:put(1)", in: {up: up}, out: {down: down}}
            two: {script: "down:get() print(up:put(1))", in: {down: down}, out: {up: up}}
          """),
      Case(
        name: "back-off",
        topology: """
          values: {lives: int64}
          queues: [q]
          processes:
            flaky:
              restart: on-failure
              restart_delay: \(wait)s
              script: if lives:add(1) == 1 then error("once") end q:put(1)
              out: {q: q}
              use: lives
            reader: {script: "assert(q:get() == 1)", in: {q: q}}
          """),
      Case(
        name: "a command",
        topology: """
          queues: [q]
          processes:
            command: {run: "sleep \(wait); echo 1", out: q}
            reader: {script: "for line in q:items() do assert(line == '1') end", in: {q: q}}
          """),
      Case(
        name: "an end of stream that is still to come",
        topology: """
          queues: [q, r]
          processes:
            source: {script: "q:put(1)", out: {q: q}}
            work: {replicas: 2, script: "for x in q:items() do sleep(\(wait)) r:put(x) end", in: {q: q}, out: {r: r}}
            sink: {script: "for x in r:items() do end", in: {r: r}}
          """),
      // Seen to fail: where what is printed and not yet looked through counts as no line.
      Case(
        name: "a line behind many",
        topology: """
          queues: [q]
          processes:
            reader:
              script: for i = 1, 300000 do print(i) end print("ready") q:get()
              ready_log_line: ready
              in: {q: q}
            writer: {script: "q:put(1)", out: {q: q}, depends_on: {reader: {condition: healthy}}}
          """),
      // Seen to fail, as the next: where an instance alone can print what is its output.
      Case(
        name: "a line of a command that waits for items",
        topology: """
          queues: [q, r]
          processes:
            reader:
              run: "(sleep \(wait); echo ready >&2) & while read x; do echo $x; done"
              in: q
              out: r
              with: {replies: each}
              ready_log_line: ready
            writer: {script: "q:put('x')", out: {q: q}, depends_on: {reader: {condition: healthy}}}
            sink: {task: discard, in: r}
          """),
      Case(
        name: "a line of what a script has started",
        topology: """
          queues: [q]
          processes:
            reader:
              script: os.execute("(sleep \(wait); echo ready) &") q:get()
              ready_log_line: ready
              in: {q: q}
            writer: {script: "q:put(1)", out: {q: q}, depends_on: {reader: {condition: healthy}}}
          """),
      Case(
        name: "what crawls its own queue",
        topology: """
          queues: [urls]
          processes:
            crawl:
              replicas: 2
              script: |
                if process.replica == 1 then urls:put(5) end
                for n in urls:items() do
                  sleep(0.3)
                  if n > 0 then urls:put(n - 1) end
                end
              in: {urls: urls}
              out: {urls: urls}
          """),
    ]

    /// Seen to fail: where who waits at an external queue counts as waiting for its declared writers.
    @Test func externalQueuesAreFedFromOutside() throws {
      try World.with { world in
        let file = try world.write(
          "outside.yaml",
          """
          queues: {q: {external: true}}
          processes:
            reader: {script: "print(q:get())", in: {q: q}}
          """)
        let up = try world.start("up", file)
        usleep(1_500_000)
        #expect(!readText(up.standardError).contains("deadlock"))
        up.send(SIGINT)
        #expect(try up.wait(within: 30).status == 130)
      }
    }

    @Test func standardInputMayStillCome() throws {
      try World.with { world in
        let file = try world.write(
          "in.yaml",
          """
          queues: [lines]
          processes:
            read: {task: read-lines, with: {path: "-"}, out: lines}
            count: {task: count, in: lines}
          """)
        let outcome = try world.shell("{ sleep 1.2; echo one; } | $MPORCH up --no-log-prefix \(file)")
        #expect(outcome.status == 0 && outcome.lines == ["1"], "\(outcome.errors)")
      }
    }

    /// Seen to fail: where neither sleep nor need is looked at (`isInVain`).
    @Test func aStoppedMemberMayBeLetGoOn() throws {
      try World.with { world in
        let file = try world.write(
          "ring.yaml",
          """
          queues: {there: 1, back: 1}
          processes:
            one: {script: "while true do there:put(1) back:get() end", out: {there: there}, in: {back: back}}
            two: {script: "while true do there:get() sleep(0.01) back:put(1) end", in: {there: there}, out: {back: back}}
          """)
        let up = try world.start("up", file)
        var pids: [pid_t] = []
        #expect(
          try poll(within: 30) {
            pids = try world.run("ps", "-q", "-f", file).lines.compactMap { pid_t($0) }
            return pids.count == 2
          })
        // Wherever it is in its round, the other comes to wait for it.
        for _ in 0..<3 {
          kill(pids[0], SIGSTOP)
          usleep(1_500_000)
          kill(pids[0], SIGCONT)
        }
        #expect(!readText(up.standardError).contains("deadlock"), "\(readText(up.standardError))")
        #expect(try world.run("ps", "-q", "-f", file).lines.count == 2)
        up.send(SIGINT)
        #expect(try up.wait(within: 30).status == 130)
      }
    }

    /// Seen to fail: where the run's exit code goes by the last outcomes alone, the restarted processes hide it.
    @Test func beforeARunningTickerTheDeadlockAloneFails() throws {
      try World.with { world in
        let file = try world.write(
          "part.yaml",
          """
          locks: [a, b]
          queues: [ticks]
          values: {lives: int64}
          processes:
            tick: {task: tick, with: {every: 100ms, count: 30}, out: ticks}
            count: {task: count, in: ticks}
            first:
              script: "if lives:add(1) > 2 then return end a:acquire() both:wait() b:acquire()"
              use: [a, b, lives, both]
              restart: on-failure
            second:
              script: "if lives:add(1) > 2 then return end b:acquire() both:wait() a:acquire()"
              use: [a, b, lives, both]
              restart: on-failure
          barriers: {both: 2}
          """)
        let up = try world.start("up", "--no-log-prefix", file)
        let outcome = try up.wait(within: 60)
        #expect(outcome.status == 1 && outcome.lines == ["30"], "\(outcome.errors)")
        #expect(outcome.errors.contains("deadlock: 'first-1' and 'second-1' wait for one another"))
        #expect(outcome.errors.contains("starts again"))
        let log = try world.run("logs", "mporch", "--file", file)
        #expect(log.text.contains("deadlock: 'first-1'"))
      }
    }

    /// Seen to fail: a row of `ps` as of any that has failed.
    @Test func psAndWaitAndEventsTellOfIt() throws {
      try World.with { world in
        let file = try world.write(
          "told.yaml",
          """
          events: {go: false}
          queues: [ticks]
          processes:
            tick: {task: tick, with: {every: 100ms, count: 40}, out: ticks}
            sink: {task: discard, in: ticks}
            late: {script: "sleep(1) go:wait()", use: go}
          """)
        #expect(try world.run("up", "-d", file).status == 0)
        let events = try world.start("events", "-f", file)
        #expect(try poll(within: 30) { try world.run("ps", "-f", file).text.contains("deadlocked: event go") })
        #expect(try world.run("wait", "-f", file).status == 1)
        #expect(try events.wait(within: 30).text.contains("deadlock: 'late-1' waits for what nobody can do any more"))
      }
    }
  }
#endif
