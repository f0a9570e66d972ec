#if Lua
  import Glibc
  import Testing

  /// Scripts as a user runs them: what they see, how they end, what a kill of them leaves.
  @Suite(.serialized) struct ScriptTests {
    private func up(_ text: String, within seconds: Int = 90) throws -> Child.Outcome {
      var outcome: Child.Outcome?
      try World.with { world in
        outcome = try world.run("up", "--no-log-prefix", try world.write("nap.yaml", text), within: seconds)
      }
      return try #require(outcome)
    }

    // MARK: What they see

    /// Seen to fail: a loop that passes over the first item.
    @Test func aScriptSquaresWhatItReads() throws {
      let outcome = try up(
        """
        queues: [numbers, squares]
        processes:
          source: {task: range, with: {start: 1, stop: 5}, out: numbers}
          square:
            script: |
              for x in input:items() do output:put(x * x) end
            in: numbers
            out: squares
          show: {task: print, in: squares}
        """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["1", "4", "9", "16"])
    }

    /// Seen to fail: replicas numbered from 0.
    @Test func aScriptKnowsItsProcessAndArguments() throws {
      let outcome = try up(
        """
        processes:
          who:
            replicas: 2
            with: {greeting: hé, list: [1, 2.5, {a: null}], memory: 1MiB}
            script: |
              assert(process.name == "who" and process.instance == "who-" .. process.replica)
              assert(process.replicas == 2 and process.pid > 1)
              assert(args.list[1] == 1 and args.list[2] == 2.5 and args.list[3].a == null and args.memory == 2^20)
              print(args.greeting, process.replica)
        """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines.sorted() == ["hé\t1", "hé\t2"])
    }

    /// Seen to fail: an end that is closed for sending only.
    @Test func pipesCarryMessagesBetweenScripts() throws {
      let outcome = try up(
        """
        pipes: {talk: duplex, news: simplex}
        queues: {never: 1}
        processes:
          asks:
            script: |
              for _, x in ipairs{1, "two", {3}} do assert(talk:send(x)) end
              print(talk:receive(), talk:receive(), talk:receive()[1])
              assert(talk:close())
              print(input:receive(), input:receive(), select(2, input:receive()))
            use: talk.a
            in: news
          answers:
            script: |
              while true do
                local ready = wait({talk}, 60)
                assert(#ready == 1 and ready[1] == talk and talk:poll())
                local x, why = talk:receive()
                if not x then assert(why == "closed") break end
                talk:send(x)
              end
              print(select(2, talk:send("late")))
              output:send("") output:send("news")
            use: talk.b
            out: news
        """)
      #expect(outcome.status == 0, "\(outcome.errors) \(outcome.text)")
      #expect(outcome.lines.sorted() == ["\tnews\tclosed", "1\ttwo\t3", "broken"])
    }

    /// Seen to fail: the last of the list left out.
    @Test func aPutGoesToAllOfAList() throws {
      let outcome = try up(
        """
        queues: {a: {type: int64}, b: {type: any, capacity: 2}}
        processes:
          puts:
            script: |
              for i = 1, 50 do assert(output:put(i)) end
              local ok, message = pcall(output.put, output, "x")
              assert(not ok and message:find("'a' holds int64"), message)
            out: [a, b]
          sum: {task: sum, in: a}
          count: {task: count, in: b}
        """)
      #expect(outcome.status == 0, "\(outcome.errors) \(outcome.text)")
      #expect(outcome.lines.sorted() == ["1275", "50"])
    }

    /// Seen to fail: one more has to wait than can write; it is told as a deadlock.
    @Test func aQueueThatItsReadersWriteEndsWhenAllWait() throws {
      let outcome = try up(
        """
        queues: {pages: {type: int64, capacity: 10000}}
        values: {seen: int64}
        processes:
          seed: {task: items, with: {items: [1]}, out: pages}
          crawl:
            replicas: 2
            script: |
              for page in pages:items() do
                seen:add(1)
                for _, link in ipairs{2 * page, 2 * page + 1} do
                  if link < 256 then pages:put(link) end
                end
              end
            in: {pages: pages}
            out: {pages: pages}
            use: seen
          tell: {task: print, use: {value: seen}, depends_on: {crawl: {condition: completed_successfully}}}
        """)
      #expect(outcome.status == 0, "\(outcome.errors) \(outcome.text)")
      #expect(outcome.lines == ["255"])
    }

    /// Seen to fail: `false` taken for true.
    @Test func expressionsMapAndFilter() throws {
      let outcome = try up(
        """
        queues: [a, b, c]
        processes:
          source: {task: range, with: {start: 1, stop: 11}, out: a}
          even: {task: filter, with: {expr: item % 2 == 0}, in: a, out: b}
          square: {task: map, with: {expr: "{n = item, square = item * item, text = 'x' .. item}"}, in: b, out: c}
          show: {task: print, in: c}
        """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.lines == [2, 4, 6, 8, 10].map { #"{"n": \#($0), "square": \#($0 * $0), "text": "x\#($0)"}"# })
    }

    // MARK: Errors

    /// Seen to fail: lines counted from 0.
    @Test func anUncaughtErrorEndsWithATracebackInLinesOfTheFile() throws {
      let outcome = try up(
        """
        processes:
          fails:
            script: |
              local function inner(x)
                return x.y.z
              end
              print("before")
              inner({})
        """)
      #expect(outcome.status == 1)
      #expect(outcome.lines.first == "before")
      #expect(outcome.errors.contains("nap.yaml:5: attempt to index a nil value (field 'y')\nstack traceback:\n"))
      #expect(outcome.errors.contains("nap.yaml:8: in main chunk"))
      #expect(outcome.errors.contains("exited with code 1"))
    }

    /// Seen to fail: the line before is marked.
    @Test func syntaxErrorsAreFoundByCheck() throws {
      try World.with { world in
        let file = try world.write(
          "bad.yaml",
          """
          queues: [q]
          processes:
            first:
              script: |
                local x = 1

                local y = = 2
            second: {script: "for", out: q}
            third: {task: map, with: {expr: item *}, in: q, out: q}
          """)
        let check = try world.run("check", file)
        #expect(check.status == 65)
        #expect(
          check.text.contains(
            """
            bad.yaml:7:17: error: script of process 'first': unexpected symbol near '='
                7 |       local y = = 2
                  |                 ^
            """), "\(check.text)")
        #expect(check.text.contains("bad.yaml:8:20: error: script of process 'second': <name> expected near <eof>"))
        #expect(check.text.contains("bad.yaml:9:35: error: process 'third': unexpected symbol near <eof>"))
      }
    }

    /// Seen to fail: codes over 255 are cut down to that.
    @Test(arguments: [
      ("exit()", 0), ("exit(3)", 3), ("exit(300)", 44), ("os.exit(true)", 0), ("os.exit(false)", 1),
      ("exit(-1)", 255), ("pcall(exit, 7)", 7), ("error('x')", 1),
    ]) func exitCodesAreExact(statement: String, code: Int) throws {
      let outcome = try up("processes:\n  leaves:\n    script: |\n      \(statement)\n      print('not reached')\n")
      #expect(outcome.status == (code == 0 ? 0 : 1))
      #expect(!outcome.text.contains("not reached"))
      #expect(code == 0 || outcome.errors.contains("exited with code \(code)"), "\(outcome.errors)")
    }

    /// Seen to fail: a failure of the readers that is forgotten, and one that is made up.
    @Test func aPutThatNobodyWillReadEndsTheWriterAsItsReadersEnded() throws {
      let writer = """
          puts:
            script: |
              while true do output:put(1) end
            out: q

        """
      let good = try up(
        "queues: [q]\nprocesses:\n\(writer)  takes: {script: \"for _ = 1, 3 do input:get() end\", in: q}\n")
      #expect(good.status == 0, "\(good.errors) \(good.text)")
      #expect(good.text == "")
      let bad = try up("queues: [q]\nprocesses:\n\(writer)  takes: {script: \"input:get() exit(2)\", in: q}\n")
      #expect(bad.status == 1)
      #expect(bad.errors.contains("a process that reads what it writes has failed"), "\(bad.errors)")
    }

    /// Seen to fail: a close that holds only once its process has ended.
    @Test func closeIsTheEndForReaders() throws {
      let outcome = try up(
        """
        queues: [q]
        processes:
          puts:
            script: |
              output:put(1) output:close() output:close()
              assert(not pcall(output.put, output, 2))
              sleep(2)
              print("writer")
            out: q
          takes:
            script: |
              assert(input:get() == 1)
              local value, why = input:get()
              assert(value == nil and why == "closed")
              print("reader")
            in: q
        """)
      #expect(outcome.status == 0, "\(outcome.errors) \(outcome.text)")
      #expect(outcome.lines == ["reader", "writer"])
    }

    /// Seen to fail: a bound of each block, and not of all together.
    @Test func aScriptsMemoryIsBounded() throws {
      let outcome = try up(
        """
        processes:
          grows:
            with: {memory: 4MiB}
            script: |
              local t = {}
              while true do
                t[#t + 1] = ("x"):rep(1000) .. #t
                if #t % 100 == 0 then print(#t) end
              end
        """)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("not enough memory: it may use 4194304 bytes"), "\(outcome.errors)")
      let count = try #require(outcome.lines.compactMap { Int($0) }.last)
      #expect((3000...4100).contains(count), "\(count) texts of 1 kB")
    }

    /// Seen to fail: `io.write` through a buffer.
    @Test func theLastWordsBeforeACrashAreInTheLog() throws {
      let outcome = try up(
        """
        processes:
          crashes:
            script: |
              print("a line")
              io.write("no end of line")
              os.execute("kill -9 " .. process.pid)
              sleep(3600)
        """)
      #expect(outcome.status == 1)
      #expect(outcome.lines == ["a line", "no end of line"])
      #expect(outcome.errors.contains("signal 9"))
    }

    // MARK: Enemies

    /// Seen to fail: workers that keep the signal mask of their supervisor.
    @Test(arguments: ["while true do end", "string.find(('a'):rep(60), ('a*'):rep(30) .. 'b')", "sleep(3600)"])
    func aRunawayScriptIsStopped(statement: String) throws {
      try World.with { world in
        let file = try world.write("nap.yaml", "name: nap\nprocesses:\n  nap:\n    script: |\n      \(statement)\n")
        #expect(try world.run("up", "-d", file).status == 0)
        _ = try #require(try pid(of: "nap", in: world))
        let down = try world.run("down", "-p", "nap")
        #expect(down.status == 0, "\(down.errors)")
        #expect(!down.errors.contains("killed"), "\(down.errors)")
      }
    }

    /// Broken on purpose by advancing the lease when an item is given: items were missing.
    @Test func itemsOfAKilledScriptAreSeenTwiceAtMostAndNeverNotAtAll() throws {
      try World.with { world in
        let file = try world.write(
          "nap.yaml",
          """
          name: nap
          queues: {numbers: {type: int64}, copies: {type: int64}}
          processes:
            source: {task: range, with: {stop: 300000}, out: numbers}
            copy:
              restart: on-failure
              restart_delay: 10ms
              script: |
                for x in input:items() do output:put(x) end
              in: numbers
              out: copies
            show: {task: print, in: copies}
          """)
        let client = try world.start("up", "--no-log-prefix", file)
        var killed = 0
        for _ in 1...5 {
          guard let worker = try pid(of: "copy", in: world) else { break }
          killed += kill(worker, SIGKILL) == 0 ? 1 : 0
          usleep(20_000)
        }
        let outcome = try client.wait(within: 240)
        let seen = outcome.lines.compactMap { Int($0) }
        #expect(killed > 0 && outcome.status == 0, "\(outcome.errors)")
        #expect(Set(seen) == Set(0..<300_000))
        #expect(seen.count <= 300_000 + killed, "one item a kill may be seen twice, not \(seen.count - 300_000)")
      }
    }

    /// Seen to fail: what a dead worker had taken counts as finished.
    @Test func expressionsUnderKillsAnswerExactlyOnce() throws {
      try World.with { world in
        let file = try world.write(
          "nap.yaml",
          """
          name: nap
          queues: {numbers: {type: int64}, odd: {type: int64}, doubled: {type: int64}}
          processes:
            source: {task: range, with: {stop: 2000000}, out: numbers}
            keep: {task: filter, restart: on-failure, restart_delay: 10ms, with: {expr: item % 2 == 1}, in: numbers, out: odd}
            twice: {task: map, restart: on-failure, restart_delay: 10ms, with: {expr: item * 2}, in: odd, out: doubled}
            total: {task: sum, in: doubled}
          """)
        let client = try world.start("up", "--no-log-prefix", file)
        for name in ["twice", "keep", "twice", "keep"] {
          guard let worker = try pid(of: name, in: world) else { break }
          kill(worker, SIGKILL)
          usleep(20_000)
        }
        let outcome = try client.wait(within: 240)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.lines == ["2000000000000"])
      }
    }

    /// Seen to fail: a broken lock is just free.
    @Test func theNextHolderOfADeadScriptsLockIsTold() throws {
      let outcome = try up(
        """
        queues: [held]
        locks: [ledger]
        processes:
          dies:
            script: |
              ledger:acquire()
              output:put("held")
              output:close()
              os.execute("kill -9 " .. process.pid)
            use: ledger
            out: held
          goes-on:
            script: |
              input:get()
              print(ledger:with(function(recovered) return recovered end))
              print(ledger:acquire())
            use: ledger
            in: held
        """)
      #expect(outcome.status == 1)
      #expect(outcome.lines == ["true", "true"], "\(outcome.text)")
      #expect(outcome.errors.contains("lock 'ledger' was held by 'dies-1'"), "\(outcome.errors)")
    }
  }
#endif
