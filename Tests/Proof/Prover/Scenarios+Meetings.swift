// Seen to fail by a suspension, nobody being killed: where a look computes with what it has not found valid, `share-strings`
// and `fill-beside-a-writer`; where one of many sleepers is woken, who may want more than is there, `choosy-sleeper`; where
// the end of another replica is looked at after its state, `answer-of-two`; where who answers is decided twice, `scale-at-the-end`;
// where a position of a pipe is loaded twice, `look-at-pipes`. By two deaths: where the supervisor remembers whom it helped
// beyond that death, `squares-of-two` never ends.

// Several of the same sort, and the supervisor at work among them.

extension Scenario {
  static let meetings: [Scenario] = [
    Scenario(
      name: "share",
      topology: sharing(type: "int64", feed: "{task: range, with: {stop: 6}, out: a}", "{task: take, with: {count: 9}"),
      victim: "victim", isDialogue: true, outcome: .lines((0..<6).map(String.init))),
    Scenario(
      name: "share-strings",
      topology: sharing(
        type: "string", feed: "{task: items, with: {items: [a, b, c, d, e, f]}, out: a}", "{task: echo"),
      victim: "victim", isDialogue: true, outcome: .lines(["a", "b", "c", "d", "e", "f"])),
    // Room for two: the writers wait for readers, and for each other.
    Scenario(
      name: "fill-beside-a-writer",
      topology: """
        queues: {a: {type: string, bytes: 4KiB, capacity: 2}}
        processes:
          victim: {task: items, with: {items: [a, b, c]}, out: a}
          beside: {task: items, with: {items: [d, e, f]}, out: a}
          show: {task: print, in: a}
        """,
      victim: "victim", isDialogue: true, outcome: .lines(["a", "b", "c", "d", "e", "f"])),
    // The victim waits for the answer to its only item; who is woken first may want more.
    Scenario(
      name: "choosy-sleeper",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {bytes: 4KiB}, c: {type: int64, bytes: 4KiB}}
        processes:
          victim: {script: "output:put(1) print(input:get())", in: c, out: a}
          gather: {task: batch, with: {size: 2}, in: a, out: b}
          one: {task: compute, with: {function: negate}, in: a, out: c}
          show: {task: print, in: b}
        """,
      victim: "victim", isMortal: false, outcome: .text("-1\n")),
    Scenario(
      name: "sum-of-two",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1, stop: 5}, out: a}
          victim: {task: sum, replicas: 2, in: a, out: b}
          show: {task: print, in: b}
        """,
      before: ["feed"], victim: "victim", rival: "victim-2", outcome: .text("10\n")),
    // Both may die in one step each, and in the same place twice.
    Scenario(
      name: "squares-of-two",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1, stop: 5}, out: a}
          victim: {task: compute, with: {function: square}, replicas: 2, in: a, out: b}
          show: {task: print, in: b}
        """,
      before: ["feed"], victim: "victim", rival: "victim-2", outcome: .lines(["1", "4", "9", "16"])),
    // Who sees the other's end answers with what it had: that is seen whole.
    Scenario(
      name: "answer-of-two",
      topology: """
        queues: {b: {type: float64, bytes: 4KiB}}
        processes:
          victim: {task: monte-carlo-pi, replicas: 2, with: {samples: 131072}, out: b}
          show: {task: print, in: b}
        """,
      victim: "victim", rival: "victim-2", outcome: .text("3.1357421875\n")),
  ]

  private static func sharing(type: String, feed: String, _ kind: String) -> String {
    """
    queues: {a: {type: \(type), bytes: 4KiB}, b: {type: \(type), bytes: 4KiB}}
    processes:
      feed: \(feed)
      victim: \(kind), in: a, out: b}
      beside: \(kind), in: a, out: b}
      show: {task: print, in: b}
    """
  }

  static let duties: [Scenario] = [
    Scenario(
      name: "scale-at-the-end",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1, stop: 5}, out: a}
          victim: {task: sum, replicas: 2, in: a, out: b}
          show: {task: print, in: b}
        """,
      before: ["feed"], victim: "victim", duty: .scale("victim", to: 1), isMortal: false, outcome: .text("10\n")),
    Scenario(
      name: "look-at-queues",
      topology: """
        queues:
          a: {type: int64, bytes: 4KiB, capacity: 2}
          b: {type: string, bytes: 4KiB}
          c: {type: string, bytes: 4KiB}
        processes:
          numbers: {task: range, with: {stop: 4}, out: a}
          words: {task: items, with: {items: [a b, c]}, out: b}
          split: {task: split-words, in: b, out: c}
          show: {task: print, in: a}
          show-words: {task: print, in: c}
        """,
      victim: .supervisor, duty: .look, outcome: .lines(["0", "1", "2", "3", "a", "b", "c"])),
    Scenario(
      name: "look-at-pipes",
      topology: """
        pipes: {p: {duplex: false, bytes: 4KiB, type: string}, q: {duplex: false, bytes: 4KiB, type: string}}
        processes:
          feed: {task: items, with: {items: [one, two, three]}, out: p}
          through: {task: echo, in: p, out: q}
          show: {task: print, in: q}
        """,
      victim: .supervisor, duty: .look, outcome: .text("one\ntwo\nthree\n")),
    Scenario(
      name: "look-at-primitives",
      topology: """
        values: {v: int64}
        locks: [l]
        semaphores: {s: 1}
        conditions: {c: l}
        events: {e: false}
        barriers: {b: 2}
        processes:
          left:
            script: "l:acquire() while v:get() == 0 do c:wait() end l:release() s:acquire() s:release() e:wait() b:wait() print(1)"
            use: [v, l, s, c, e, b]
          right:
            script: "s:acquire() l:acquire() v:set(1) c:notify() l:release() s:release() e:set() b:wait() print(1)"
            use: [v, l, s, c, e, b]
        """,
      victim: .supervisor, duty: .look, outcome: .text("1\n1\n")),
  ]
}
