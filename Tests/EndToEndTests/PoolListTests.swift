#if Lua
  import Testing

  /// What a pool is given and gives back, to the last task.
  @Suite(.serialized) struct PoolListTests {
    private func up(_ script: String, pool: String, settings: String = "size: 2") throws -> Child.Outcome {
      let indent = { (text: String) in text.replacing("\n", with: "\n      ") }
      return try World.run(
        topology: """
          pools:
            p:
              \(settings)
              script: |
                \(indent(pool))
          processes:
            main:
              use: p
              script: |
                HELPERS
                \(indent(script))
          """)
    }

    /// Seen to fail: `1 nil nil`, and nothing said; for a map no task at all.
    @Test func aListWithHolesIsRefused() throws {
      let outcome = try up(
        """
        local t = {1, 2, 3, 4} t[2] = nil
        for _, list in ipairs{{1, nil, 3}, t} do
          raises('holes: put null', p.map, p, list)
          raises('holes: put null', p.imap, p, list)
          raises('holes: put null', p.imap_unordered, p, list)
        end
        raises("keys 1 to n, and not 'a'", p.map, p, {a = 1})
        raises("a list of tasks is due", p.map, p, p)
        print(#p:map({}), #p:map{1, null, 3}, p:map{1, null}[2])
        """, pool: "return function(x) return x end")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["0\t3\tnull"])
    }

    /// Seen to fail: the results of the other tasks of a bundle were nil.
    @Test func aResultThatIsNoItemFailsItsTaskAlone() throws {
      let outcome = try up(
        """
        local t = {} for i = 1, 500 do t[i] = i end
        for round = 1, 3 do
          local good, bad = 0, 0
          local results = p:imap(t)
          for i = 1, 500 do
            local ok, value = pcall(results)
            if ok then assert(value == i) good = good + 1 else
              assert(value == 'the result of a task is a function, which is no item', value) bad = bad + 1
            end
          end
          print(good, bad)
        end
        """, pool: "return function(x) if x % 7 == 3 then return print end return x end")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == Array(repeating: "428\t72", count: 3))
    }

    /// Seen to fail: `table: 0x5…`, the address in another process.
    @Test func anErrorThatIsATableComesAsATable() throws {
      let outcome = try up(
        """
        local ok, e = pcall(p.apply, p, 1)
        print(ok, e.code, e.list[2])
        print(pcall(p.apply, p, 2))
        print(select(2, pcall(p.apply, p, 3)))
        """,
        pool: """
          local words = setmetatable({}, {__tostring = function() return 'in words' end})
          return function(x)
            if x == 1 then error({code = 7, list = {1, 2}}) end
            error(x == 2 and words or {print})
          end
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["false\t7\t2", "false\tin words", "an error that is a function, which is no item"])
    }

    /// Seen to fail: the caller's traceback alone, which says nothing of the task.
    @Test func aFailedTaskShowsItsOwnTraceback() throws {
      let outcome = try up(
        "p:map{1, 2}",
        pool: """
          local function inner(x)
            local y = x.y.z
            return y
          end
          return function(x) local y = inner(x) return y end
          """)
      #expect(outcome.status == 1)
      #expect(
        (outcome.text + outcome.errors).contains(
          "nap.yaml:6: attempt to index a number value (local 'x')\nin a task of pool p, p-"))
      let text = (outcome.text + outcome.errors).replacing(/\/tmp\/mporch-test-\w+\//, with: "")
      #expect(
        text.contains(", stack traceback:\n\tnap.yaml:6: in upvalue 'inner'\n\tnap.yaml:9: in function"), "\(text)")
      #expect((outcome.text + outcome.errors).contains("\nstack traceback:\n"), "\(outcome.text)")
      #expect(!text.contains("[mporch]") && !text.contains("xpcall"), "\(outcome.text)")
    }

    /// Seen to fail: notes of tasks that went back to the pool's own queue.
    @Test(arguments: [
      ("for i = 1, 200 do p:apply_async(i) end", "size: 2"),
      ("local t = {} for i = 1, 50 do t[i] = i end p:map(t, 7)", "size: 2\n    max_tasks_per_worker: 3"),
    ])
    func aPoolThatEndedWellSaysNothing(script: String, settings: String) throws {
      let outcome = try up(script, pool: "return function(x) sleep(0.001) return x end", settings: settings)
      #expect(outcome.status == 0)
      #expect(outcome.errors == "")
    }
  }
#endif
