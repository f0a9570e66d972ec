// Seen to fail by a suspension, nobody being killed: where a look computes with what it has not found valid, `share-strings`
// and `fill-beside-a-writer`; where one of many sleepers is woken, who may want more than is there, `choosy-sleeper`; where
// the end of another replica is looked at after its state, `pi-of-two`; where who answers is decided twice, `scale-at-the-end`;
// where a position of a pipe is loaded twice, `look-at-pipes`. By two deaths: where the supervisor remembers whom it helped
// beyond that death, `squares-of-two` never ends.

// Several of the same sort, and the supervisor at work among them.

extension Scenario {
  static let meetings: [Scenario] = [
    Scenario(
      name: "share",
      topology: sharing(type: "int64", feed: "{task: range, with: {stop: 6}, out: a}", "{task: take, with: {count: 9}"),
      victim: "victim", isMortal: false, outcome: .lines((0..<6).map(String.init))),
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
      name: "answer-of-two",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1, stop: 5}, out: a}
          victim: {task: sum, replicas: 2, in: a, out: b}
          show: {task: print, in: b}
        """,
      before: ["feed"], victim: "victim", rival: "victim-2", outcome: .text("10\n")),
    // What a dead one had gathered comes again one by one: it is not killed.
    Scenario(
      name: "gather",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {bytes: 4KiB}}
        processes:
          feed: {task: range, with: {stop: 6}, out: a}
          victim: {task: batch, with: {size: 2}, in: a, out: b}
          show: {task: print, in: b}
        """,
      victim: "victim", isMortal: false, outcome: .text("[0, 1]\n[2, 3]\n[4, 5]\n")),
    Scenario(
      name: "feed-a-gatherer",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB, capacity: 2}, b: {bytes: 4KiB}}
        processes:
          victim: {task: range, with: {stop: 6}, out: a}
          gather: {task: batch, with: {size: 2}, in: a, out: b}
          show: {task: print, in: b}
        """,
      victim: "victim", isMortal: false, outcome: .text("[0, 1]\n[2, 3]\n[4, 5]\n")),
    // Of both ends of a pipe that is full after two, and of what is converted on its way.
    Scenario(
      name: "fill-a-pipe",
      topology: """
        pipes: {p: {duplex: false, bytes: 24, type: string}}
        processes:
          victim: {task: items, with: {items: [first-of-all, second-of-all, third-of-all, the-last]}, out: p}
          show: {task: print, in: p}
        """,
      victim: "victim", isDialogue: true,
      outcome: .text("first-of-all\nsecond-of-all\nthird-of-all\nthe-last\n")),
    Scenario(
      name: "drain-a-pipe",
      topology: """
        pipes: {p: {duplex: false, bytes: 24, type: string}}
        queues: {b: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: items, with: {items: [first-of-all, second-of-all, third-of-all, the-last]}, out: p}
          victim: {task: compute, with: {function: length}, in: p, out: b}
          show: {task: print, in: b}
        """,
      victim: "victim", isDialogue: true, outcome: .text("12\n13\n12\n8\n")),
    Scenario(
      name: "convert-into-a-pipe",
      topology: """
        pipes: {p: {duplex: false, bytes: 32, type: any}}
        queues: {a: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1000000, stop: 1000006}, out: a}
          victim: {task: compute, with: {function: negate}, in: a, out: p}
          show: {task: print, in: p}
        """,
      victim: "victim", isDialogue: true,
      outcome: .text((1_000_000..<1_000_006).map { "-\($0)\n" }.joined())),
    Scenario(
      name: "converse",
      topology: """
        pipes: {p: {type: any, bytes: 4KiB}}
        processes:
          victim:
            script: "for i = 1, 2 do output:send(i) print(input:receive()) end"
            in: p.a
            out: p.a
          beside:
            script: "for x in function() return input:receive() end do output:send(10 * x) end"
            in: p.b
            out: p.b
        """,
      victim: "victim", isDialogue: true, isMortal: false, outcome: .text("10\n20\n")),
    // Newer items than were dropped come out, whoever is quicker; none twice, none out of order.
    Scenario(
      name: "drop-new",
      topology: dropping("drop_new"), victim: "victim", isDialogue: true, isMortal: false, outcome: ordered(of: 4)),
    Scenario(
      name: "drop-old-beside-a-reader",
      topology: dropping("drop_old"), victim: "victim", isDialogue: true, isMortal: false, outcome: ordered(of: 4)),
    Scenario(
      name: "claims-of-two",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1, stop: 9}, out: a}
          victim: {task: take, with: {count: 3}, replicas: 2, in: a, out: b}
          show: {task: count, in: b}
        """,
      before: ["feed"], victim: "victim", rival: "victim-2", outcome: .text("3\n")),
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
      name: "pi-of-two",
      topology: """
        queues: {b: {type: float64, bytes: 4KiB}}
        processes:
          victim: {task: monte-carlo-pi, replicas: 2, with: {samples: 131072}, out: b}
          show: {task: print, in: b}
        """,
      victim: "victim", rival: "victim-2", outcome: .text("3.1357421875\n")),
  ]

  private static func dropping(_ policy: String) -> String {
    """
    queues: {a: {type: int64, capacity: 2, bytes: 4KiB, on_full: \(policy)}}
    processes:
      victim: {task: range, with: {stop: 4}, out: a}
      show: {task: print, in: a}
    """
  }

  /// Any of the first numbers, in their order.
  private static func ordered(of count: Int) -> Outcome {
    .either(
      (0..<1 << count).map { chosen in
        (0..<count).filter { chosen >> $0 & 1 == 1 }.map { "\($0)\n" }.joined()
      })
  }

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
      name: "scale-up",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1, stop: 5}, out: a}
          victim: {task: compute, with: {function: square}, in: a, out: b}
          show: {task: print, in: b}
        """,
      victim: "victim", duty: .scale("victim", to: 2), isMortal: false, outcome: .lines(["1", "4", "9", "16"])),
    Scenario(
      name: "scale-up-a-sum",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1, stop: 5}, out: a}
          add: {task: sum, in: a, out: b}
          show: {task: print, in: b}
        """,
      victim: .supervisor, duty: .scale("add", to: 2), outcome: .text("10\n")),
    Scenario(
      name: "scale-down",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1, stop: 5}, out: a}
          add: {task: sum, replicas: 2, in: a, out: b}
          show: {task: print, in: b}
        """,
      victim: .supervisor, duty: .scale("add", to: 1), outcome: .text("10\n")),
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
