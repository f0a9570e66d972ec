import Testing

/// What a built-in kind that fails says: place, process, resource, what was tried, what to change.
@Suite(.serialized) struct KindFailureTests {
  static let failures: [(resources: String, process: String, words: [String])] = [
    (
      "values: {v: int8}\nqueues: {q: }", "{task: sum, in: q, use: {value: v}}",
      [
        "5:13: error: process 'b-1': value 'v' holds int8, and 300 is out of its range\n",
        "= help: declare it with a wider type\n",
        "5:3: error: process 'b-1' exited with code 1: value 'v' holds int8, and 300 is out of its range; the 2 items that "
          + "it had absorbed are lost",
      ]
    ),
    (
      "values: {v: int8}\nqueues: {q: }", "{task: primes, with: {limit: 1000}, use: {value: v}}",
      ["5:13: error: process 'b-1': value 'v' holds int8, and 0 + 168 is out of its range\n"]
    ),
    (
      "values: {v: int8}\nqueues: {q: }", "{task: increment, with: {by: 100, times: 2}, use: {value: v}}",
      ["5:13: error: process 'b-1': value 'v' holds int8, and 100 + 100 is out of its range\n"]
    ),
    (
      "values: {v: int8}\nqueues: {q: }", "{task: increment, with: {by: 100, times: 2, mode: atomic}, use: {value: v}}",
      ["5:13: error: process 'b-1': value 'v' holds int8, and 100 + 100 is out of its range\n"]
    ),
    (
      "values: {v: uint8}\nlocks: {l: }\nqueues: {q: }",
      "{task: increment, with: {by: 200, times: 2, mode: locked}, use: {value: v, lock: l}}",
      ["6:13: error: process 'b-1': value 'v' holds uint8, and 200 + 200 is out of its range\n"]
    ),
    (
      "queues: {q: , o: {bytes: 2}}\nx-a: ", "{task: batch, with: {size: 2}, in: q, out: o}",
      [
        "5:13: error: process 'b-1': an item of ", "bytes is larger than 'o' takes (bytes: 2)\n",
        "= help: raise the 'bytes' of 'o'\n",
      ]
    ),
    (
      "queues: {q: }\nx-a: ", "{task: read-lines, with: {path: none.txt}, out: q}",
      [
        "5:13: error: process 'b-1': read-lines can't open '/", "none.txt': No such file or directory (errno 2)\n",
        "= help: check `path`, which is relative",
      ]
    ),
  ]

  /// Seen to fail: the bare words of the error; what is absorbed left out where the kind fails by itself.
  @Test(arguments: failures.indices) func aFailureIsToldInTheFormOfADiagnostic(index: Int) throws {
    try World.with { world in
      let failure = Self.failures[index]
      // What `b` does not read, or writes.
      let rest = failure.resources.contains("o:") ? "o" : failure.process.contains("in: q") ? nil : "q"
      let file = try world.write(
        "nap.yaml",
        """
        \(failure.resources)
        processes:
          a: {task: items, with: {items: [100, 200]}, out: q}
          b: \(failure.process)
        \(rest.map { "  c: {task: discard, in: \($0)}" } ?? "")

        """)
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.status == 1, "\(outcome)")
      for words in failure.words { #expect((outcome.text + outcome.errors).contains(words), "\(outcome)") }
    }
  }

  /// Seen to fail: numbers alone asked for.
  @Test func sortSaysThatItTakesTextsToo() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        "queues: [q]\nprocesses:\n  a: {task: items, with: {items: [1, b, null]}, out: q}\n  b: {task: sort, in: q}\n")
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("expected a number or a text as item, found 'null'"), "\(outcome)")
    }
  }
}
