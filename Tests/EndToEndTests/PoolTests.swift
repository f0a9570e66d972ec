#if Lua
  import Testing

  /// Pools, as scripts call them.
  @Suite(.serialized) struct PoolTests {
    private func up(_ main: String, pool: String, options: String = "") throws -> Child.Outcome {
      func block(_ text: String, _ indent: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
          .map { String(repeating: " ", count: indent) + $0 }.joined(separator: "\n")
      }
      let text = """
        pools:
          work:
            size: 2
        \(block(options, 4))
            script: |
        \(block(pool, 6))
        processes:
          main:
            script: |
        \(block(main, 6))
            use: [work]
        """
      var outcome: Child.Outcome?
      try World.with { world in
        outcome = try world.run("up", "--no-log-prefix", try world.write("crew.yaml", text))
      }
      return try #require(outcome)
    }

    private static let squares = "return function(x) return x * x end"

    /// Seen to fail: results in the order in which they come.
    @Test func mapKeepsTheOrderWhateverTheChunk() throws {
      let outcome = try up(
        """
        local list = {}
        for i = 1, 1000 do list[i] = i end
        for _, chunk in ipairs{1, 7, 1000, 5000} do
          local squares = work:map(list, chunk)
          for i = 1, 1000 do assert(squares[i] == i * i) end
          assert(#squares == 1000)
        end
        assert(#work:map({}) == 0 and work:map(list)[1000] == 1000000)
        print("in order")
        """, pool: Self.squares)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["in order"])
    }

    /// Seen to fail: results in the order in which they come; of a bundle only the first.
    @Test func imapIsOrderedAndUnorderedIsComplete() throws {
      let outcome = try up(
        """
        local list, seen, sum = {}, 0, 0
        for i = 1, 300 do list[i] = i end
        for square in work:imap(list) do
          seen = seen + 1
          assert(square == seen * seen)
        end
        for square in work:imap_unordered(list) do sum = sum + square end
        print(seen, sum)
        """, pool: Self.squares)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["300\t9045050"])
    }

    /// Seen to fail: a `get` without its time-out.
    @Test func resultsComeLater() throws {
      let outcome = try up(
        """
        local slow, quick = work:apply_async(0.3), work:apply_async(0)
        assert(quick:get() == 0)
        local value, reason = slow:get(0.01)
        assert(value == nil and reason == "timeout" and not slow:ready())
        assert(slow:get() == 0.3 and slow:ready() and work:apply(0) == 0)
        print("both")
        """, pool: "return function(x) sleep(x) return x end")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["both"])
    }

    /// Seen to fail where the first result that came was raised, and where it was raised as soon as it was known to
    /// be the first.
    @Test func mapRaisesTheFirstFailureOfTheListWhenAllAreDone() throws {
      let outcome = try up(
        """
        local start = now()
        print(pcall(function() return work:map({1, "late", 2, "soon", 3, "last"}, 1) end))
        print(now() - start >= 0.5)
        print(pcall(function() return work:apply("soon") end))
        print(work:apply(5))
        """,
        pool: """
          return function(x)
            if x == "late" then sleep(0.2) error("first of the list", 0) end
            if x == "soon" then error("second", 0) end
            if x == "last" then sleep(0.5) end
            return x
          end
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["false\tfirst of the list", "true", "false\tsecond", "5"])
    }

    /// Seen to fail where a worker finished its task before its result was there.
    @Test func aKilledWorkersTaskIsRunAgain() throws {
      let outcome = try up(
        """
        local list = {}
        for i = 1, 60 do list[i] = i end
        local total = 0
        for _, x in ipairs(work:map(list, 1)) do total = total + x end
        print(total)
        """,
        pool: """
          local mark = os.getenv("MPORCH_PROJECT") .. process.pid
          return function(x)
            if x % 20 == 0 and math.random(2) == 1 then os.execute("kill -9 " .. process.pid) end
            return x
          end
          """, options: "max_deliveries: 1000")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["1830"])
    }

    /// Seen to fail where the given-up task went to nobody: `map` hung.
    @Test func aTaskThatAlwaysKillsItsWorkerFailsByName() throws {
      let outcome = try up(
        """
        print(pcall(function() return work:map({1, "die", 3}, 1) end))
        print(work:apply(4))
        """,
        pool: """
          return function(x)
            if x == "die" then os.execute("kill -9 " .. process.pid) end
            return x
          end
          """, options: "max_deliveries: 2")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.lines == ["false\ta task of pool work was given up: it took down its worker 2 times", "4"])
      #expect(outcome.errors.contains("has had all its deliveries"), "\(outcome.errors)")
    }

    /// Tasks that travel together: seen to fail where the whole bundle was given up.
    @Test func onlyTheTaskThatKillsItsWorkerFails() throws {
      let outcome = try up(
        """
        local list, failed, done = {}, 0, 0
        for i = 1, 4000 do list[i] = i end
        local results = work:imap(list)
        for i = 1, 4000 do
          local good, value = pcall(results)
          if good and value == i then done = done + 1 end
          if not good then failed = failed + 1 end
        end
        print(done, failed)
        """,
        pool: """
          return function(x)
            if x == 3000 then os.execute("kill -9 " .. process.pid) end
            return x
          end
          """, options: "max_deliveries: 1")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["3999\t1"], "\(outcome.errors)")
    }

    /// Seen to fail: workers that do two tasks too many; a worker that leaves with its last task finished and not
    /// done.
    @Test func workersAreRenewedAndNoResultIsLost() throws {
      let outcome = try up(
        """
        local list, pids, count = {}, {}, 0
        for i = 1, 40 do list[i] = i end
        for i, result in ipairs(work:map(list, 1)) do
          assert(result[1] == i)
          if not pids[result[2]] then count = count + 1 end
          pids[result[2]] = true
        end
        print(count >= 8)
        """, pool: "return function(x) return {x, process.pid} end", options: "max_tasks_per_worker: 5")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["true"])
    }

    /// Seen to fail: workers that ignore SIGTERM.
    @Test func tenThousandLongTasksDontHoldUpTheEnd() throws {
      let outcome = try up(
        """
        for i = 1, 10000 do work:apply_async(60) end
        print("enough")
        os.exit(0)
        """, pool: "return function(x) sleep(x) end", options: "max_deliveries: 1")
      #expect(outcome.status == 0 && outcome.lines == ["enough"], "\(outcome.errors)")
      #expect(!outcome.errors.contains("killed"), "\(outcome.errors)")
    }

    /// Seen to fail: a `map` that gives what has come.
    @Test func aPoolWithoutAFunctionFailsByNameAndItsCallersAreTold() throws {
      let outcome = try up("print(work:map({1, 2}))", pool: "return 5")
      #expect(outcome.status == 1)
      #expect(outcome.lines.contains("nil\tbroken"), "\(outcome.text)")
      #expect(outcome.errors.contains("'work-1' exited with code 1"), "\(outcome.errors)")
    }
  }
#endif
