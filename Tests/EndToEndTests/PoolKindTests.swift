#if Lua
  import Testing

  /// Pools whose function is a kind: called by scripts as those with a script of their own.
  @Suite(.serialized) struct PoolKindTests {
    /// `pools` is the inside of the section, on one line each.
    private func up(_ main: String, pools: String, uses: String = "p") throws -> Child.Outcome {
      func indented(_ text: String, by count: Int) -> String {
        text.split(separator: "\n").map { String(repeating: " ", count: count) + $0 }.joined(separator: "\n")
      }
      return try World.run(
        topology: """
          pools:
          \(indented(pools, by: 2))
          processes:
            main:
              use: [\(uses)]
              script: |
          \(indented(main, by: 6))
          """)
    }

    /// Seen to fail where the answers to the tasks of a chunk were not forgotten between them.
    @Test func mapKeepsTheOrderWhateverTheChunk() throws {
      let outcome = try up(
        """
        local list = {}
        for i = 1, 1000 do list[i] = i end
        for _, chunk in ipairs{1, 7, 1000} do
          local squares = p:map(list, chunk)
          for i = 1, 1000 do assert(squares[i] == i * i) end
        end
        print(p:apply(1.5), math.type(p:apply(3)))
        """, pools: "p: {size: 2, task: compute, with: {function: square}}")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["2.25\tinteger"])
    }

    /// Seen to fail where one word came as itself.
    @Test func aKindGivesOneValueOrNullOrAlwaysAList() throws {
      let outcome = try up(
        """
        for _, line in ipairs{"Hello big World", "One", ""} do print(#words:apply(line), words:apply(line)[1]) end
        print(keep:apply(3), keep:apply(-3) == null)
        for _, x in ipairs{"a\\0b", "\\xff", false, null, 2^63, -7} do assert(same:apply(x) == x) end
        assert(rawequal(getmetatable(same:apply(map{})), getmetatable(map{})) and #same:apply{1, {2}}[2] == 1)
        """,
        pools: """
          words: {size: 1, task: split-words, with: {lowercase: true}}
          keep: {size: 1, task: filter, with: {expr: item > 0}}
          same: {size: 1, task: echo}
          """, uses: "words, keep, same")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["3\thello", "1\tone", "0\tnil", "3\ttrue"])
    }

    /// The worker goes on: seen to fail where the error ended it, and the task was given up.
    @Test func aTaskThatAKindCantTakeFailsInItsWords() throws {
      let outcome = try up(
        """
        local pid = where:apply(0)
        print(pcall(p.map, p, {1, "x", {}, 4}, 2))
        print(pcall(where.apply, where, "x"))
        assert(where:apply(1) == pid and p:apply(3) == 9)
        """,
        pools: """
          p: {size: 2, max_deliveries: 1, task: compute, with: {function: square}}
          where: {size: 1, task: map, with: {expr: "item + 0 and io.open('/proc/self/stat'):read('n')"}}
          """, uses: "p, where")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.lines.first
          == "false\tcompute: square takes a number (integers up to 2^63-1), but got 'x'", "\(outcome.text)")
      #expect(outcome.text.contains("false\tmap: expr:1: attempt to"), "\(outcome.text)")
    }

    /// Seen to fail where the worker had finished its task before its result was there.
    @Test func aKilledWorkersTaskIsRunAgainOrFailsByName() throws {
      let outcome = try up(
        """
        local list, total = {}, 0
        for i = 1, 60 do list[i] = i end
        for _, x in ipairs(p:map(list, 1)) do total = total + x end
        print(total)
        print(pcall(q.map, q, {1, "die", 3}, 1))
        print(q:apply(4))
        """,
        pools: """
          p: {size: 2, max_deliveries: 1000, task: map, with: {expr: "item % 20 == 0 and math.random(2) == 1 and \
          os.execute('kill -9 $PPID; sleep 9') or item"}}
          q: {size: 2, max_deliveries: 2, task: map, with: {expr: "item == 'die' and os.execute('kill -9 $PPID; sleep 9') or item"}}
          """, uses: "p, q")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.lines == ["1830", "false\ta task of pool q was given up: it took down its worker 2 times", "4"],
        "\(outcome.text)")
    }

    /// Seen to fail where tasks were not counted.
    @Test func workersAreRenewedAndNoResultIsLost() throws {
      let outcome = try up(
        """
        local list, pids, count = {}, {}, 0
        for i = 1, 40 do list[i] = i end
        for i, result in ipairs(p:map(list, 1)) do
          assert(result[1] == i)
          if not pids[result[2]] then count = count + 1 end
          pids[result[2]] = true
        end
        print(count >= 8)
        """,
        pools: """
          p: {size: 2, max_tasks_per_worker: 5, task: map, with: {expr: "{item, io.open('/proc/self/stat'):read('n')}"}}
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["true"])
    }

    /// All at their places. Seen to fail where a kind's own check was not asked for a pool.
    @Test func whatAPoolCantCallIsDiagnosed() throws {
      try World.with { world in
        let file = try world.write(
          "crew.yaml",
          """
          pools:
            p: {task: count}
            q: {task: map, with: {expr: "item +"}}
            r: {task: compute, with: {function: sqare}}
          processes:
            main: {script: "return", use: [p, q, r]}
          """)
        let outcome = try world.run("check", file)
        #expect(outcome.status == 65)
        let errors = outcome.text + outcome.errors
        #expect(errors.contains("crew.yaml:2:13: error: pool 'p' can't call kind 'count' with its tasks"), "\(errors)")
        #expect(errors.contains("'compute', 'echo', 'filter', 'map' or 'split-words'"), "\(errors)")
        #expect(errors.contains("crew.yaml:3:31: error: pool 'q': unexpected symbol near <eof>"), "\(errors)")
        #expect(errors.contains("did you mean 'square'?"), "\(errors)")
      }
    }
  }
#endif
