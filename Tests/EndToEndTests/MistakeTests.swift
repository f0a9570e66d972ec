import Testing

/// Mistakes in what kinds and scripts are given, in words of the one who made them.
@Suite struct MistakeTests {
  // Seen to fail: nothing said of them.
  @Test(arguments: ["", "1, 2", "-- nothing"]) func anExpressionIsOne(text: String) throws {
    try World.with { world in
      let file = try world.write(
        "expr.yaml",
        """
        queues: {q: {external: true}}
        processes:
          map: {task: map, with: {expr: "\(text)"}, in: q, out: q}
          filter: {task: filter, with: {expr: "\(text)"}, in: q, out: q}
        """)
      let check = try world.run("check", file)
      #expect(check.status == 65)
      for place in ["3:33: error: process 'map'", "4:39: error: process 'filter'"] {
        #expect(check.text.contains("expr.yaml:\(place): one expression is due, as in 'item * 2'"), "\(check.text)")
      }
    }
  }

  // Seen to fail: the place in what mporch says in Lua itself; its frames in the traceback.
  @Test func whatIsNoFunctionIsToldWhereItIsGiven() throws {
    try World.with { world in
      let file = try world.write(
        "with.yaml",
        """
        locks: [l]
        processes:
          a:
            script: |
              print(pcall(l.with, l, 5))
              l:with(function() error("inside") end)
            use: l
        """)
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.lines.first == "false\ta function is due, not 5")
      #expect(outcome.errors.contains("with.yaml:6: inside\nstack traceback:\n"), "\(outcome.errors)")
      #expect(outcome.errors.contains("with.yaml:6: in main chunk"))
      #expect(!outcome.text.contains("[mporch]"))
    }
  }

  // Seen to fail: an undefined symbol of a library; fourteen files that are not there, and no word of what to do.
  @Test func aModuleInCIsNoneForScripts() throws {
    try World.with { world in
      _ = try world.write("fast.so", "")
      _ = try world.write("own.lua", "return {answer = 42}\n")
      let file = try world.write(
        "modules.yaml",
        """
        processes:
          a:
            script: |
              print(require("own").answer)
              print(select(2, pcall(require, "fast")))
              require("gone")
        """)
      let outcome = try world.run("up", "--no-log-prefix", file)
      let told = outcome.text + outcome.errors
      #expect(outcome.lines.first == "42")
      #expect(
        told.contains("module 'fast' is in C (./fast.so), and scripts load modules in Lua only: let a 'run:'"))
      #expect(told.contains("modules.yaml:6: module 'gone' not found:"), "\(told)")
      #expect(told.contains("modules in C can't be loaded, a 'run:' command can use them"), "\(told)")
      #expect(!told.contains(".so'"), "\(told)")
    }
  }

  // Seen to fail: the bytes that happen to be read said to be the line's length.
  @Test func aLineThatIsTooLongIsNotMeasured() throws {
    try World.with { world in
      _ = try world.write("long.txt", String(repeating: "x", count: 2_000_000) + "\n")
      let file = try world.write(
        "long.yaml",
        """
        queues: [q]
        processes:
          read: {task: read-lines, with: {path: long.txt}, out: q}
          say: {task: discard, in: q}
        """)
      let outcome = try world.run("up", file)
      #expect(outcome.status == 1)
      let words = /an item of \d+ bytes or more is larger than 'q' takes \(bytes: 1048576\)/
      #expect(outcome.errors.firstMatch(of: words) != nil, "\(outcome.errors)")
    }
  }
}
