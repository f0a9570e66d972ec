extension Scenario {
  static let all: [Scenario] = queues

  private static let queues: [Scenario] = [
    Scenario(
      name: "put",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}}
        processes:
          victim: {task: range, with: {stop: 3}, out: a}
          show: {task: print, in: a}
        """,
      victim: "victim", outcome: .text("0\n1\n2\n")),
    Scenario(
      name: "finish-and-publish",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1, stop: 5}, out: a}
          victim: {task: compute, with: {function: square}, in: a, out: b}
          show: {task: print, in: b}
        """,
      before: ["feed"], victim: "victim", outcome: .text("1\n4\n9\n16\n")),
  ]
}
