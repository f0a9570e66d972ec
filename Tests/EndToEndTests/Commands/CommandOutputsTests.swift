import Testing

/// `run:` commands whose lines go into several queues.
@Suite(.serialized) struct CommandOutputsTests {
  static let wrong: [(queues: String, command: String, words: [String])] = [
    ("{b: {type: int64}, d: {type: string, bytes: 1}}", "seq 9 11", ["\"10\"", "'d'"]),
    ("{b: {type: int64}, d: {type: int8}}", "echo 1; echo 300", ["printed the line \"300\"", "'d' holds int8 items"]),
    ("{b: , d: {bytes: 10}}", "echo 1; echo 123456789012", ["more than 10 bytes", "raise the 'bytes' of 'd'"]),
  ]

  /// Seen to fail: the queues before the one that refuses it left with an item more, which nothing ever published; the
  /// first queue named, whichever has the limit.
  @Test(arguments: wrong.indices) func aLineThatOneOfThemRefusesFailsTheProcess(index: Int) throws {
    try World.with { world in
      let wrong = Self.wrong[index]
      let file = try world.write(
        "nap.yaml",
        """
        queues: \(wrong.queues)
        processes:
          h: {run: "\(wrong.command)", out: [b, d]}
          i: {task: discard, in: b}
          j: {task: discard, in: d}

        """)
      let outcome = try world.run("up", file, within: 60)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("nap.yaml:3:12: error: process 'h-1'"), "\(outcome.errors)")
      for words in wrong.words { #expect(outcome.errors.contains(words), "\(outcome.errors)") }
    }
  }

  /// Seen to fail: numbers put into all queues, where one holds numbers.
  @Test func aLineIsANumberWhereThatIsWantedAndAStringElsewhere() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        queues: {s: {type: int64}, r: , a: {type: any}, f: {type: float64}}
        processes:
          h: {run: "echo 1; echo 20", out: [s, r, a, f]}
          i: {task: sum, in: s}
          j: {task: write-lines, with: {path: r.txt}, in: r}
          l: {script: "for x in input:items() do print(math.type(x) or x .. '!') end", in: a}
          k: {task: sum, in: f}

        """)
      let outcome = try world.run("up", "--no-log-prefix", file, within: 60)
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.lines.sorted() == ["1!", "20!", "21", "21.0"], "\(outcome.lines)")
      #expect(readBytes("\(world.folder)/r.txt") == Array("1\n20\n".utf8))
    }
  }
}
