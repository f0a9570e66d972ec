#if Lua
  import Testing

  /// What a run waits for, and what would help.
  @Suite(.serialized) struct WhyTests {
    private static func why(_ topology: String, _ arguments: [String] = [], until marks: [String]) throws -> String {
      var text = ""
      try World.with { world in
        let file = try world.write("slow.yaml", topology)
        #expect(try world.run("up", "-d", file).status == 0)
        let command = (["$MPORCH", "why", "-f", file] + arguments).joined(separator: " ")
        let isRight = try poll(within: 30) {
          text = try world.shell(command).text
          return marks.allSatisfy { text.contains($0) }
        }
        #expect(isRight, "\(marks) in:\n\(text)")
        #expect(try world.run("down", "-f", file).status == 0)
      }
      return text
    }

    /// Seen to fail: who waits for room is blamed.
    @Test func aSlowConsumerIsNamed() throws {
      _ = try Self.why(
        """
        queues: {lines: 4, out: 4}
        processes:
          read: {script: "local i = 0 while true do lines:put(i) i = i + 1 end", out: {lines: lines}}
          slow: {script: "for x in lines:items() do sleep(0.02) out:put(x) end", in: {lines: lines}, out: {out: out}}
          sink: {task: discard, in: out}
        """,
        until: [
          "'slow' is too slow for queue 'lines': 'read' waits ", "more replicas of 'slow' (now 1) would help",
          "put lines ", "timer ", "now:\n", "read-1 waits for room in queue 'lines' (",
          "which is full (4 of 4 items); 'slow-1' takes from it",
        ])
    }

    /// Seen to fail: who waits for items is blamed.
    @Test func aSlowProducerIsNamed() throws {
      _ = try Self.why(
        """
        queues: [numbers]
        processes:
          make: {script: "while true do sleep(0.05) numbers:put(1) end", out: {numbers: numbers}}
          eat: {replicas: 2, script: "for x in numbers:items() do end", in: {numbers: numbers}}
        """,
        until: [
          "'make' is too slow for who reads queue 'numbers': 'eat' waits ",
          "more replicas of 'make' (now 1) would help",
        ])
    }

    /// Seen to fail: without the time of the wait that a worker is in.
    @Test func oneProcessAsJSON() throws {
      let text = try Self.why(
        """
        locks: [ledger]
        processes:
          holder: {script: "ledger:acquire() sleep(100)", use: ledger}
          other: {script: "sleep(0.1) ledger:acquire()", use: ledger}
        """,
        ["other", "--format", "json"],
        until: [
          #""on" : "for lock 'ledger' ("#, "which 'holder-1' holds", #""on" : "lock ledger""#,
          "lock 'ledger' is held for long: 'other' waits",
        ])
      #expect(!text.contains(#""name" : "holder-1""#))
    }
  }
#endif
