/// What a worker absorbs is in a table that outlives it: the counts are those of an undisturbed run.
extension Scenario {
  static let tables: [Scenario] = [
    Scenario(
      // Batches of two lines and of one; the table grows from 8 slots to 32, in the middle of a batch too.
      name: "count-words",
      topology: """
        queues: {a: {type: string, bytes: 4KiB}, b: {bytes: 16KiB}}
        processes:
          feed:
            task: items
            with: {items: [a b a, a-word-of-more-than-16-bytes c, a-word-of-more-than-16-bytes d e f g a, h i b]}
            out: a
          victim: {task: count-words, with: {durable: true}, in: a, out: b}
          show: {task: merge-counts, in: b}
        """,
      before: ["feed"], victim: "victim",
      outcome: .text("3 a\n2 a-word-of-more-than-16-bytes\n2 b\n1 c\n1 d\n1 e\n1 f\n1 g\n1 h\n1 i\n")),
    Scenario(
      // Room for eight, so published by twos: the answer goes out in three steps.
      name: "merge-counts",
      topology: """
        queues: {a: {bytes: 4KiB}, b: {bytes: 4KiB, capacity: 8}}
        processes:
          feed:
            task: items
            with: {items: [{a: 1, b: 2}, {a-word-of-more-than-16-bytes: 4, c: 9007199254740992}, {b: 3, d: 1, e: 1}]}
            out: a
          victim: {task: merge-counts, with: {durable: true}, in: a, out: b}
          show: {task: print, in: b}
        """,
      before: ["feed"], victim: "victim",
      outcome: .text(
        [("c", 9_007_199_254_740_992), ("b", 5), ("a-word-of-more-than-16-bytes", 4), ("a", 1), ("d", 1), ("e", 1)]
          .map { "{\"word\": \"\($0)\", \"count\": \($1)}\n" }.joined())),
    Scenario(
      // A line that was printed before is printed again, unless all were.
      name: "merge-counts-to-its-log",
      topology: """
        queues: {a: {bytes: 4KiB}}
        processes:
          feed: {task: items, with: {items: [{a: 1}, {b: 2}]}, out: a}
          victim: {task: merge-counts, with: {durable: true}, in: a}
        """,
      before: ["feed"], victim: "victim", outcome: .either(["2 b\n1 a\n", ""])),
  ]
}
