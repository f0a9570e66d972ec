#if Lua
  import Testing

  /// What must hold for managed objects and pools, whatever is done to them.
  @Suite(.serialized) struct ServiceCases {
    /// Seen to fail where the server has the signal's usual effect.
    @Test func theServerIgnoresAnInterruptUntilTheRunIsTornDown() throws {
      try World.with { world in
        let file = try world.write(
          "shelf.yaml",
          """
          managed: {records: list}
          events: [interrupted]
          processes:
            one:
              script: |
                records:append(1)
                print("first")
                interrupted:wait()
                for i = 1, 20 do records:append(i) end
                print("all held", #records)
              use: [records, interrupted]
            other:
              script: |
                while not io.open("go") do sleep(0.01) end
                interrupted:set()
              use: interrupted
          """)
        let child = try world.start("up", "--no-log-prefix", file)
        #expect(poll(within: 60) { readText(child.standardOutput).contains("first") })
        #expect(try world.run("kill", "-p", "shelf", "managed", "-s", "INT").status == 0)
        _ = try world.write("go", "")
        let outcome = try child.wait(within: 60)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.lines.contains("all held\t21"), "\(outcome.text)")
      }
    }

    /// Seen to fail where the words are those of the queue of requests, which nobody can change.
    @Test func whatACallCantCarryIsAnErrorThatSaysSoAndTheNextOneWorks() throws {
      let outcome = try World.run(
        topology: """
          managed: {shelf: dict}
          pools: {work: {size: 1, script: "return function(n) return type(n) == 'string' and #n or ('x'):rep(n) end"}}
          processes:
            one:
              script: |
                HELPERS
                local text = ("x"):rep(600000)
                raises("carries at most 1 MiB: keep the value in parts", shelf.set, shelf, "k", text .. text)
                shelf:set("a", text) shelf:set("b", text)
                raises("has at most 1 MiB: get the value in parts", shelf.all, shelf)
                assert(#shelf:get("b") == 600000)
                raises("a task takes more than 1 MiB", work.apply, work, text .. text)
                raises("the result of a task takes more than 1 MiB", work.apply, work, 1200000)
                assert(work:apply(text) == 600000)
                print("all told")
              use: [shelf, work]
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["all told"])
    }

    /// Tasks and results that are small, and too large together. Seen to fail where a bundle is put as it is.
    @Test func tasksAreSentApartWhereTheyAreTooLargeTogether() throws {
      let outcome = try World.run(
        topology: """
          pools: {work: {size: 2, script: "return function(x) return type(x) == 'string' and #x or ('x'):rep(x) end"}}
          processes:
            one:
              script: |
                local texts, numbers = {}, {}
                for i = 1, 60 do texts[i] = ("x"):rep(99000 + i) numbers[i] = 99000 + i end
                for _, chunk in ipairs{1, 7, 60} do
                  local lengths, made = work:map(texts, chunk), work:map(numbers, chunk)
                  for i = 1, 60 do assert(lengths[i] == 99000 + i and #made[i] == 99000 + i, i) end
                end
                print("all there")
              use: work
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["all there"])
    }

    /// Whatever ends a worker, its task is run again. Seen to fail where a task may end
    /// its worker by `exit`.
    @Test(arguments: ["TERM", "SEGV", "ABRT", "KILL", "HUP"]) func anyEndOfAWorkerResolvesItsTask(signal: String) throws
    {
      let outcome = try World.run(
        topology: """
          values: {deaths: int64}
          pools:
            work:
              size: 2
              use: deaths
              script: |
                return function(x)
                  if x == 3 and deaths:add(1) <= 2 then os.execute("kill -\(signal) " .. process.pid) sleep(9) end
                  if x == 0 then exit(0) end
                  return x
                end
          processes:
            one:
              script: |
                print(table.concat(work:map({1, 2, 3, 4}, 1), " "))
                print(select(2, pcall(work.apply, work, 0)):match("can't end its worker"))
              use: work
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["1 2 3 4", "can't end its worker"], "\(outcome.text)")
    }

    /// Tasks of an hour. Seen to fail: workers that ignore SIGTERM.
    @Test func tenThousandLongTasksDontHoldUpATermination() throws {
      try World.with { world in
        let file = try world.write(
          "crew.yaml",
          """
          pools: {work: {size: 2, script: "return function(x) sleep(3600) end"}}
          processes:
            one:
              script: |
                local list = {}
                for i = 1, 10000 do list[i] = i end
                print("submits")
                work:map(list, 1)
              use: work
          """)
        let child = try world.start("up", "--no-log-prefix", file)
        #expect(poll(within: 60) { readText(child.standardOutput).contains("submits") })
        let down = try world.run("down", "-p", "crew", "--timeout", "1h", within: 60)
        #expect(down.status == 0 && !down.errors.contains("killed"), "\(down.errors)")
        _ = try child.wait(within: 60)
      }
    }
  }
#endif
