import Testing

/// A kind that is started again after it has done its work.
@Suite struct RestartTests {
  // Seen to fail: a new life that goes on where the last one ended, at the end of its work.
  @Test(arguments: [
    ("range, with: {stop: 3}", ["0", "1", "2", "0", "1", "2"]), ("items, with: {items: [7, x]}", ["7", "x", "7", "x"]),
    ("read-lines, with: {path: in.txt}", ["a", "b", "a", "b", "a"]),
    ("tick, with: {every: 1ms, count: 1}", ["1", "1"]),
    ("primes, with: {limit: 5}", ["2", "3", "5", "2"]),
  ])
  func doesItOnceMore(kind: String, items: [String]) throws {
    try World.with { world in
      _ = try world.write("in.txt", "a\nb\n")
      let file = try world.write(
        "again.yaml",
        """
        queues: [q, r]
        processes:
          put: {task: \(kind), out: q, restart: always, restart_delay: 10ms}
          some: {task: take, in: q, out: r, with: {count: \(items.count)}}
          say: {task: print, in: r}
        """)
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.lines == items)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
  }

  // Seen to fail: the same.
  @Test func instancesBeginAnewTogether() throws {
    try World.with { world in
      _ = try world.write("in.txt", (0..<400).map { "\($0)\n" }.joined())
      let file = try world.write(
        "again.yaml",
        """
        queues: {few: {capacity: 4}, r: {}}
        processes:
          put: {task: read-lines, with: {path: in.txt}, out: few, replicas: 3, restart: always, restart_delay: 1ms}
          some: {task: take, in: few, out: r, with: {count: 800}}
          say: {task: print, in: r}
        """)
      let lines = try world.run("up", "--no-log-prefix", file).lines
      #expect(lines.prefix(400).compactMap { Int($0) }.sorted() == Array(0..<400))
      #expect(lines.dropFirst(400).compactMap { Int($0) }.sorted() == Array(0..<400))
    }
  }
}
