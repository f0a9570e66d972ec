#if Lua
  import Testing

  /// A put that nobody reads any more ends a script well; no other error does, whatever its words.
  @Suite(.serialized) struct ScriptClosedTests {
    private func outcome(of ending: String) throws -> Child.Outcome {
      try World.run(
        topology: """
          queues: {q: {capacity: 4}, r: 4}
          processes:
            reader: {task: take, with: {count: 1}, in: q, out: r}
            sink: {task: discard, in: r}
            writer:
              out: q
              script: |
                output:put(1)
                local ok, e
                repeat ok, e = pcall(output.put, output, 2) sleep(0.01) until not ok
                assert(e == 'closed')
                \(ending)
          """)
    }

    /// Seen to fail: the first three ended well.
    @Test(arguments: [
      #"error("connection to the database: closed")"#, #"error("10.0.0.1:5432: closed", 0)"#,
      #"error(setmetatable({}, {__tostring = function() return "door: closed" end}))"#, #"error("closed door")"#,
    ])
    func anErrorOfAnotherOriginIsAFailure(ending: String) throws {
      let outcome = try outcome(of: ending)
      #expect(outcome.status == 1, "\(outcome)")
      #expect(outcome.errors.contains("process 'writer-1' exited with code 1"), "\(outcome.errors)")
    }

    /// Seen to fail: the places not taken off.
    @Test(arguments: [
      "output:put(3)", "error(e, 0)", "error(e)", "error(e, 2)", "assert(false, e)",
      "coroutine.wrap(function() output:put(3) end)()", "coroutine.wrap(function() error(e) end)()",
      "local function f() error(e, 2) end f()", "require('deeper')(e)",
    ])
    func thePutsErrorRaisedAgainIsTheEnd(ending: String) throws {
      let preload = "package.preload.deeper = function() return function(e) error(e) end end "
      let outcome = try outcome(of: preload + ending)
      #expect(outcome.status == 0, "\(outcome)")
    }
  }
#endif
