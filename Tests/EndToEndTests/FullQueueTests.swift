import Glibc
import Testing

/// Queues at their limits: who waits for what they can't hold, and what they drop.
@Suite(.serialized) struct FullQueueTests {
  /// `w` puts one number and waits for its answer, which `one` can give; the others want five.
  /// Seen to fail: the wake-up went to one of those that want five, and the run stood, unseen.
  @Test func anItemIsTakenByWhoTakesOneThoughOthersWaitForFive() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        queues: {q: {type: int64}, lists: {type: any}, answers: {type: int64}}
        processes:
          gather: {task: batch, with: {size: 5}, replicas: 8, in: q, out: lists}
          show: {task: discard, in: lists}
          one: {task: compute, with: {function: negate}, in: q, out: answers, depends_on: {gather: {condition: started}}}
          w: {run: ["sh", "-c", "sleep 0.5; for i in 1 2 3; do echo $i; read x; echo $x >&2; done"], in: answers, out: q}
        """)
      let outcome = try world.run("up", "--no-log-prefix", file, within: 60)
      #expect(outcome.status == 0 && outcome.lines == ["-1", "-2", "-3"], "\(outcome)")
    }
  }

  /// Three of five items have room, by `bytes`; whatever the policy, and with a pipe in place of the queue.
  /// Seen to fail: it stood, unseen.
  @Test(arguments: [
    "queues: {q: {type: string, bytes: 64KiB}, lists: }", "queues: [lists]\npipes: {q: {duplex: false, type: string}}",
  ])
  func aListIsAsLongAsItsInputHasRoomFor(resources: String) throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        \(resources)
        processes:
          w: {run: "for i in 1 2 3 4 5 6 7 8 9 10; do head -c 20000 /dev/zero | tr '\\\\0' x; echo; done", out: q}
          gather: {task: batch, with: {size: 5}, in: q, out: lists}
          count: {script: "local n = 0 for list in input:items() do n = n + #list end print(n)", in: lists}
        """)
      let outcome = try world.run("up", "--no-log-prefix", file, within: 60)
      #expect(outcome.status == 0 && outcome.lines == ["10"], "\(outcome)")
    }
  }

  /// Two commands take turns; the output of one is full after its second item, while it counts as asleep at its input.
  /// Seen to fail: the next wake-up was its, and what it was for lay there.
  @Test func aCommandWhoseOutputIsFullPassesItsWakeUpOn() throws {
    try World.withRun(
      """
      name: nap
      queues: {q: {type: string}, full: {capacity: 1}, answers: }
      processes:
        stuck: {run: cat, in: q, out: full}
        calm: {run: cat, in: q, out: answers}
        w:
          script: |
            sleep(0.5)
            for n = 1, 8 do
              output:put('x')
              if not output:join(20) then print('item ' .. n .. ' lies there') sleep(100) end
              sleep(0.1)
            end
            print('all were taken')
            sleep(100)
          out: q
        slow: {script: "sleep(100)", in: full}
        fast: {task: discard, in: answers}
      """
    ) { world in
      let isOver = try poll(within: 60) {
        let words = try world.run("logs", "w").text
        return words.contains("there") || words.contains("all")
      }
      #expect(isOver)
      #expect(try world.run("logs", "w").text.contains("all were taken"))
    }
  }

  /// Seen to fail: of a batch that exceeds `bytes` the first items kept.
  @Test func dropOldKeepsTheNewestByBytes() throws {
    try World.with { world in
      _ = try world.write("lines.txt", (1001...2000).map { "line \($0)\n" }.joined())
      let file = try world.write(
        "nap.yaml",
        """
        queues: {q: {type: string, capacity: 1000, bytes: 1KiB, on_full: drop_old}}
        processes:
          w: {task: read-lines, with: {path: lines.txt}, out: q}
          r: {task: print, in: q, depends_on: {w: {condition: completed}}}
        """)
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.status == 0 && outcome.lines == (1888...2000).map { "line \($0)" }, "\(outcome.lines.count)")
    }
  }

  static let writers = [
    "task: range, with: {stop: 5000}", #"script: "for i = 0, 4999 do output:put(i) end""#, #"run: "seq 0 4999""#,
  ]

  /// Kinds, scripts and commands: what stays and what is dropped is all that there was; `drop_new` keeps the first, and
  /// `drop_old` the last.
  /// Seen to fail: what of a batch never came in not counted.
  @Test(arguments: writers.indices, ["drop_new", "drop_old"])
  func whatIsDroppedIsCounted(index: Int, policy: String) throws {
    try World.withRun(
      """
      name: nap
      queues: {q: {capacity: 7, on_full: \(policy), type: int64, external: true}}
      processes:
        w: {\(Self.writers[index]), out: q}
        stay: {task: sleep, with: {for: 100s}}
      """
    ) { world in
      let dropped = policy == "drop_new" ? "4993 new, 0 old" : "0 new, 4993 old"
      _ = try world.inspect("q") { $0.contains("dropped         \(dropped) ") }
      let items = try world.run("get", "q", "-n", "7").lines
      #expect(items == (policy == "drop_new" ? (0..<7) : (4993..<5000)).map { "\($0)" }, "\(items)")
    }
  }
}
