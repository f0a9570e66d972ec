import Testing

/// What has no limit, by the whole program.
@Suite(.serialized) struct LimitTests {
  /// Kinds, scripts and commands as writers.
  /// Seen to fail: the outputs past the 48th got nothing, exit 0; past the 64th another process's counters were written.
  @Test(arguments: [
    "task: range, with: {stop: 10}", #"script: "for i = 0, 9 do output:put(i) end""#, #"run: "seq 0 9""#,
  ])
  func aProcessWritesToAsManyQueuesAsItNames(work: String) throws {
    try World.with { world in
      let names = (0..<70).map { "q\($0)" }
      let sums = names.indices.map { "  s\($0): {task: sum, in: q\($0)}" }.joined(separator: "\n")
      let file = try world.write(
        "nap.yaml",
        """
        queues: {\(names.map { "\($0): {type: int64}" }.joined(separator: ", "))}
        processes:
          w: {\(work), out: [\(names.joined(separator: ", "))]}
        \(sums)
        """)
      let outcome = try world.run("up", "--no-log-prefix", file, within: 90)
      #expect(outcome.status == 0 && outcome.lines == Array(repeating: "45", count: 70), "\(outcome)")
    }
  }

  /// Seen to fail: 'valid', and no run of it on any machine.
  @Test func moreMemoryThanAnyRunHasIsRefusedByCheck() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        queues: {small: 10}
        arrays: {a: "int64[68719476736]", b: "int64[68719476736]", c: "int64[68719476736]"}
        processes: {p: {run: "true", in: small}, q: {run: "true", out: small}}
        """)
      let outcome = try world.run("check", file)
      #expect(
        outcome.status == 65 && outcome.text.contains("nap.yaml:2:10: error: the topology needs 1.5TiB"), "\(outcome)")
      #expect(outcome.text.contains("a run has 1.0TiB at most"), "\(outcome)")
    }
  }
}
