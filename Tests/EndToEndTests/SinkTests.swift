import Testing

/// Sinks: a line an item, and a word where the input was not whole.
@Suite(.serialized) struct SinkTests {
  private static func topology(_ items: String, _ sink: String) -> String {
    """
    queues: [rows]
    processes:
      source: {task: items, with: {items: \(items)}, out: rows}
      sink: {\(sink), in: rows}
    """
  }

  /// Seen to fail: two lines of one item, exit 0.
  @Test(arguments: [
    "task: write-lines, with: {path: out.txt}", "task: print", "task: sort", "run: cat",
  ])
  func anItemWithANewlineIsRefused(sink: String) throws {
    let outcome = try World.run(topology: Self.topology(#"["a\nb", "c"]"#, sink))
    #expect(outcome.status == 1, "\(outcome)")
    #expect((outcome.text + outcome.errors).contains(#""a\nb" holds a newline"#), "\(outcome)")
    #expect((outcome.text + outcome.errors).contains("format: json"), "\(outcome)")
  }

  /// Seen to fail: no such format.
  @Test func inJSONEachItemIsOneLine() throws {
    let items = #"["a\nb", 3, 1.5, {k: [null, true]}, 18446744073709551615]"#
    let lines = [#""a\nb""#, "3", "1.5", #"{"k": [null, true]}"#, "18446744073709551615"]
    #expect(try World.run(topology: Self.topology(items, "task: print, with: {format: json}")).lines == lines)
    let file = try World.run(topology: Self.topology(items, "task: write-lines, with: {path: '-', format: json}"))
    #expect(file.lines == lines)
    let bad = try World.run(topology: Self.topology("[[.nan]]", "task: write-lines, with: {path: '-', format: json}"))
    #expect(bad.status == 1)
    #expect((bad.text + bad.errors).contains("JSON has no form for NaN, which is at [1]"), "\(bad)")
  }

  private static func failing(_ sink: String) -> String {
    """
    queues: [n, m, k]
    processes:
      source: {task: range, with: {stop: 1000}, out: n}
      fails: {script: "for x in input:items() do if x == 500 then error('boom') end output:put(x) end", in: n, out: m}
      passes: {task: map, with: {expr: item}, in: m, out: k}
      sink: {\(sink), in: k}
    """
  }

  /// Seen to fail: no word of the sink, whose file looked like a whole one; behind `passes` a sum of what had come.
  @Test(arguments: [
    ("task: write-lines, with: {path: out.txt}", "warning: process 'sink-1': its input is incomplete"),
    ("task: print", "warning: process 'sink-1': its input is incomplete"),
    ("task: sum", "no answer rather than a wrong one"),
    ("script: 'local x, why repeat x, why = input:get() until x == nil print(why)'", "failed"),
  ])
  func whoReadsBehindAFailureIsTold(sink: String, words: String) throws {
    let outcome = try World.run(topology: Self.failing(sink))
    #expect(outcome.status == 1)
    #expect((outcome.text + outcome.errors).contains(words), "\(outcome)")
  }

  /// Seen to fail: half of the lines under the file's name.
  @Test func anAtomicFileIsWholeOrAsItWas() throws {
    try World.with { world in
      let sink = "task: write-lines, with: {path: out.txt, atomic: true}"
      _ = try world.write("out.txt", "old\n")
      let failed = try world.run("up", "--no-log-prefix", try world.write("bad.yaml", Self.failing(sink)))
      #expect(failed.status == 1)
      #expect(
        (failed.text + failed.errors).contains("out.txt' is as it was, without the 1890 bytes that came"), "\(failed)")
      #expect(try world.shell("cat \(world.folder)/out.txt").text == "old\n")
      let good = try world.run("up", try world.write("good.yaml", Self.topology("[1, 2]", sink)))
      #expect(good.status == 0, "\(good)")
      #expect(try world.shell("cat \(world.folder)/out.txt").text == "1\n2\n")
      #expect(try world.shell("ls -A \(world.folder) | grep -c mporch-part").text == "0\n")
      let onto = try world.run(
        "up",
        try world.write("dev.yaml", Self.topology("[1]", "task: write-lines, with: {path: /dev/full, atomic: true}")))
      #expect(onto.status == 1 && (onto.text + onto.errors).contains("no regular file"), "\(onto)")
    }
  }

  /// Seen to fail: lines twice, or a part of them.
  @Test func anAtomicFileSurvivesItsWritersDeaths() throws {
    try World.with { world in
      let file = try world.write(
        "kill.yaml",
        """
        queues: [n]
        processes:
          source: {task: range, with: {stop: 3000}, out: n}
          slow: {task: throttle, with: {rate: 3000}, in: n, out: m}
          sink: {task: write-lines, with: {path: out.txt, atomic: true}, in: m, restart: always, restart_delay: 1ms}
        """.replacing("[n]", with: "[n, m]"))
      let up = try world.start("up", file)
      for _ in 0..<5 {
        _ = try world.shell("sleep 0.1; \(World.binary) kill sink -p kill 2>/dev/null; true")
      }
      #expect(try up.wait(within: 60).status == 0)
      let expected = (0..<3000).map { "\($0)\n" }.joined()
      #expect(try world.shell("cat \(world.folder)/out.txt").text == expected)
    }
  }

  /// Seen to fail: 0 lines, exit 0; a worker has no standard input.
  @Test(arguments: ["-", "/dev/stdin", "/dev/fd/0"]) func aStandardStreamHasSeveralNames(path: String) throws {
    try World.with { world in
      let file = try world.write(
        "in.yaml",
        """
        queues: [q, r]
        processes:
          read: {task: read-lines, with: {path: \(path)}, out: [q, r]}
          count: {task: count, in: q}
          copy: {task: write-lines, with: {path: \(path.replacing("stdin", with: "stdout").replacing("0", with: "1"))}, in: r}
        """)
      let outcome = try world.run("up", file, input: "a\nb\n")
      #expect(outcome.status == 0)
      #expect(outcome.text == "a\nb\n")
      #expect(outcome.errors.contains("count-1  | 2"), "\(outcome.errors)")
    }
  }
}
