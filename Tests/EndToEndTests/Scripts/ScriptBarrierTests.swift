#if Lua
  import Testing

  /// Barriers and events in scripts.
  @Suite(.serialized) struct ScriptBarrierTests {
    /// Seen to fail: with four parties declared, one is ahead; two that get index 0.
    @Test func fivePartiesPassAThousandTimesInLockstep() throws {
      let outcome = try World.run(
        topology: """
          barriers: {round: 5}
          arrays: {at: "int64[5]"}
          values: {firsts: int64, sum: int64}
          processes:
            party:
              replicas: 5
              script: |
                assert(round:parties() == 5)
                for i = 1, 1000 do
                  at[process.replica] = i
                  local index = round:wait()
                  for _, other in ipairs(at) do
                    assert(other == i or other == i + 1, "round " .. i .. " meets round " .. other)
                  end
                  if index == 0 then firsts:add(1) end
                  sum:add(index)
                end
              use: [round, at, firsts, sum]
            tell:
              depends_on: {party: {condition: completed_successfully}}
              script: print(firsts:get(), sum:get())
              use: [firsts, sum]
          """)
      #expect(outcome.status == 0, "\(outcome.errors) \(outcome.text)")
      #expect(outcome.lines == ["1000\t10000"])
    }

    /// Seen to fail: where an abort tells those who wait nothing, nobody passes any more; where a time-out breaks
    /// it for nobody else; where a reset leaves it broken.
    @Test func anAbortAndATimeOutBreakItForAllAndAResetMakesItWhole() throws {
      let outcome = try World.run(
        topology: """
          barriers: {round: 3}
          events: {whole: false, again: false}
          values: {told: int64}
          processes:
            first:
              script: |
                repeat sleep(0.005) until round:waiting() == 2
                print(round:abort())
                print(round:wait())
                print(round:reset())
                whole:set()
                print(round:wait(60) ~= nil)
                again:wait()
                print(round:wait())
                told:add(1)
              use: [round, whole, again, told]
            second:
              script: |
                HELPERS
                print(round:wait())
                whole:wait()
                print(round:wait(60) ~= nil)
                timed(0.2, round.wait, round, 0.2)
                again:set()
                -- Its end would break the barrier too.
                for _ = 1, 2000 do if told:get() < 2 then sleep(0.01) end end
                assert(told:get() == 2, "not told in time")
              use: [round, whole, again, told]
            third:
              script: |
                print(round:wait())
                whole:wait()
                print(round:wait(60) ~= nil)
                print(round:wait())
                told:add(1)
              use: [round, whole, told]
          """)
      #expect(outcome.status == 0, "\(outcome.errors) \(outcome.text)")
      #expect(
        outcome.lines.sorted() == [String](repeating: "nil\tbroken", count: 5) + [String](repeating: "true", count: 5))
    }

    /// Seen to fail: a time-out that breaks nothing.
    @Test func aWaitOfNoTimeBreaksABarrierThatIsNotFull() throws {
      let outcome = try World.run(
        topology: """
          barriers: {pair: 2, alone: 1}
          events: [seen]
          processes:
            party:
              replicas: 2
              script: |
                for _ = 1, 3 do assert(alone:wait(0) == 0) end
                -- A party that had ended would break the barrier before.
                if process.replica == 2 then seen:wait() end
                if process.replica == 1 then
                  local index, why = pair:wait(0)
                  assert(index == nil and why == "timeout")
                  assert(select(2, pair:wait()) == "broken")
                  seen:set()
                end
              use: [pair, alone, seen]
          """)
      #expect(outcome.status == 0, "\(outcome.errors) \(outcome.text)")
    }

    // MARK: Events

    /// Seen to fail: where a waiter looks at the flag alone, it misses that it was set.
    @Test func settingAndClearingAtOnceLetsAllPassWhoWaited() throws {
      try World.with { world in
        let file = try world.write(
          "nap.yaml",
          """
          name: nap
          events: {go: false}
          values: {passed: int64}
          processes:
            waiter:
              replicas: 5
              script: |
                assert(go:wait() == true)
                passed:add(1)
              use: [go, passed]
            setter:
              script: |
                repeat sleep(0.01) until io.open("now")
                go:set() go:clear()
                repeat sleep(0.01) until passed:get() == 5
                print(go:is_set(), go:wait(0))
              use: [go, passed]
          """)
        let client = try world.start("up", "--no-log-prefix", file)
        #expect(
          try poll(within: 60) {
            let text = try world.run("inspect", "go", "-p", "nap", "--format", "json").text
            return (1...5).allSatisfy { text.contains("\"waiter-\($0)\"") }
          })
        _ = try world.write("now", "")
        let outcome = try client.wait(within: 60)
        #expect(outcome.status == 0, "\(outcome.errors) \(outcome.text)")
        #expect(outcome.lines == ["false\tnil\ttimeout"])
      }
    }

    /// Seen to fail: a clear that leaves it set.
    @Test func whileAnEventIsSetNobodyWaitsAndAClearMakesThemWait() throws {
      let outcome = try World.run(
        topology: """
          events: {open: true}
          processes:
            waits:
              script: |
                HELPERS
                assert(open:is_set() and open:wait() and open:wait(0))
                assert(open:clear() and not open:is_set())
                timed(0, open.wait, open, 0)
                timed(0.2, open.wait, open, 0.2)
                assert(open:set() and open:set() and open:is_set() and open:wait())
              use: open
          """)
      #expect(outcome.status == 0, "\(outcome.errors) \(outcome.text)")
    }
  }
#endif
