#if Lua
  import Testing

  /// Managed objects, as scripts call them.
  @Suite(.serialized) struct ManagedTests {
    private func up(_ text: String, within seconds: Int = 90) throws -> Child.Outcome {
      var outcome: Child.Outcome?
      try World.with { world in
        outcome = try world.run("up", "--no-log-prefix", try world.write("shelf.yaml", text), within: seconds)
      }
      return try #require(outcome)
    }

    /// Seen to fail: a list that is sorted aside.
    @Test func aListIsTheSameForAll() throws {
      let outcome = try up(
        """
        managed:
          records: {type: list, initial: [3, 1]}
        processes:
          changes:
            script: |
              assert(records:append(2) and records:insert(1, 9) and records:extend{7, 8})
              assert(records:pop() == 8 and records:pop(1) == 9 and records:set(1, 4) and #records == 4)
              records[2] = 0
              records:sort()
            use: [records]
          looks:
            script: |
              print(table.concat(records:all(), " "), records[1], records:get(4), records[5])
            use: [records]
            depends_on: {changes: {condition: completed_successfully}}
        """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["0 2 4 7\t0\t7\tnil"])
    }

    /// Seen to fail: `null` kept as nothing.
    @Test func dictsAndNamespacesKeepItems() throws {
      let outcome = try up(
        """
        managed:
          stock: {type: dict, initial: {apples: 2}}
          state: namespace
        processes:
          one:
            script: |
              assert(stock:add("apples", 3) == 5 and stock:add("pears", 1) == 1)
              assert(stock:get("plums") == nil and stock:get("plums", 7) == 7 and #stock == 2)
              assert(table.concat(stock:keys(), " ") == "apples pears")
              assert(stock:pop("pears") == 1 and stock:pop("pears") == nil and stock:all().apples == 5)
              state.phase = "ready"
              state.none = null
              assert(state.phase == "ready" and state.none == null and state.other == nil)
              print("all held")
            use: [stock, state]
        """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["all held"])
    }

    /// Seen to fail: a `get` that gives a copy.
    @Test func nestedObjectsStayLive() throws {
      let outcome = try up(
        """
        managed: {tree: dict}
        processes:
          one:
            script: |
              tree:set("leaves", {1, {deep = "x"}})
              local leaves = tree:get("leaves")
              leaves:append(3)
              leaves:get(2):set("deep", "y")
              print(#tree:get("leaves"), tree:all().leaves[2].deep, tree:get("leaves")[3])
              tree:pop("leaves")
              print(pcall(function() return leaves:get(1) end))
            use: [tree]
        """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines.first == "3\ty\t3")
    }

    /// Seen to fail where the server let an error end it.
    @Test func aFailingCallRaisesInItsCallerOnly() throws {
      let outcome = try up(
        """
        managed: {records: list, counts: dict}
        processes:
          one:
            script: |
              for _, call in ipairs{
                function() records:get(1) end,
                function() records:set("x", 1) end,
                function() records:append(nil) end,
                function() counts:add("k", "word") end,
                function() records:extend{1, "a"}; records:sort() end,
              } do
                local done, message = pcall(call)
                print(done, message:match("shelf.yaml:%d+: (.*)"))
              end
              print(#records)
            use: [records, counts]
        """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.lines == [
          "false\tindex 1 of an empty list", "false\tan index must be an integer, not 'x'",
          "false\tnil can not be kept: write null", "false\twhat is added must be a number, not 'word'",
          "false\tattempt to compare string with number", "2",
        ] || outcome.lines[4] == "false\tattempt to compare number with string", "\(outcome.lines)")
    }

    /// Seen to fail where `add` read and wrote in two requests.
    @Test func addsOfSeveralProcessesAreAllCounted() throws {
      let outcome = try up(
        """
        managed: {counts: dict}
        processes:
          adds:
            replicas: 4
            script: for _ = 1, 500 do counts:add("n", 1) end
            use: [counts]
          looks:
            script: print(counts:get("n"))
            use: [counts]
            depends_on: {adds: {condition: completed_successfully}}
        """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["2000"])
    }

    /// Seen to fail: calls that give nil; a server's SIGKILL taken for a good end.
    @Test func callsRaiseWhereTheServerWasKilledAndTheRunFailsByName() throws {
      try World.with { world in
        let file = try world.write(
          "shelf.yaml",
          """
          managed: {records: list}
          processes:
            one:
              script: |
                for i = 1, 2000 do
                  local done, message = pcall(records.append, records, 1)
                  if not done then print(message:match("managed objects are gone") or message) return end
                  if i == 1 then print("first") end
                  sleep(0.01)
                end
                print("not told")
              use: [records]
          """)
        let child = try world.start("up", "--no-log-prefix", file)
        #expect(poll(within: 60) { readText(child.standardOutput).contains("first") })
        let killed = try world.run("kill", "-p", "shelf", "managed", "-s", "KILL")
        #expect(killed.status == 0, "\(killed.errors)")
        let outcome = try child.wait(within: 60)
        #expect(outcome.status == 1)
        #expect(outcome.lines == ["first", "managed objects are gone"], "\(outcome.text)")
        #expect(outcome.errors.contains("'managed-1' was ended by signal 9"), "\(outcome.errors)")
      }
    }

    /// Seen to fail: nested objects had the numbers of the objects that are declared after theirs.
    @Test func whatOneObjectBeginsWithIsNoneOfTheOthers() throws {
      let outcome = try up(
        """
        managed:
          settings: {type: dict, initial: {limits: {max: 3}}}
          records: {type: list, initial: [[Sam, 10], [Adam, 9]]}
          results: dict
        processes:
          one:
            script: |
              assert(results:set("max", 99) and results:set("own", {}))
              print(settings:get("limits"):get("max"), records[1][1], records[2][2], #results, #results:get("own"))
            use: [settings, records, results]
        """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["3\tSam\t9\t2\t0"])
    }

    /// Seen to fail: the sum was another one.
    @Test func anAdditionDoesNotWrap() throws {
      let outcome = try up(
        """
        managed: {m: {type: dict, initial: {high: 9223372036854775807, low: -9223372036854775807}}}
        processes:
          one:
            script: |
              print(pcall(m.add, m, "high", 1))
              print(pcall(m.add, m, "low", -2))
              print(m:add("high", 0), m:add("low", -1), m:add("high", 0.5))
            use: [m]
        """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.lines == [
          "false\t9223372036854775807 + 1 is out of the range of int64",
          "false\t-9223372036854775807 + -2 is out of the range of int64",
          "9223372036854775807\t-9223372036854775808\t9.2233720368548e+18",
        ])
    }
  }
#endif
