import Glibc
import Testing

/// `with: {replies: each}`: an item is finished in one step with its answer, whoever is killed when.
@Suite(.serialized) struct CommandRepliesTests {
  private static let python =
    "import sys\\nfor line in sys.stdin:\\n  n = int(line)\\n  print(n * n, flush=True)"

  private func topology(count: Int, replicas: Int) -> String {
    """
    name: nap
    queues: {n: {type: int64}, paced: {type: int64}, squares: {type: int64}}
    processes:
      range: {task: range, with: {stop: \(count)}, out: n}
      pace: {task: throttle, with: {rate: 20000}, in: n, out: paced}
      square:
        run: [python3, -u, -c, "\(Self.python)"]
        in: paced
        out: squares
        with: {replies: each}
        replicas: \(replicas)
        restart: on-failure
        restart_delay: 5ms
      count: {task: count, in: squares, use: {value: counted}}
      sum: {task: sum, in: squares}

    """
  }

  private func run(_ world: World, count: Int, killing: (World) throws -> [pid_t], times: Int) throws {
    let text = topology(count: count, replicas: 2).replacing(
      "  count: {task: count, in: squares, use: {value: counted}}\n", with: "")
    let client = try world.start("up", "--no-log-prefix", try world.write("nap.yaml", text))
    var killed = 0
    for _ in 0..<times {
      usleep(UInt32.random(in: 20_000...150_000))
      var victims: [pid_t] = []
      _ = try poll(within: 30) {
        victims = try killing(world)
        return !victims.isEmpty
      }
      if let victim = victims.randomElement(), kill(victim, SIGKILL) == 0 { killed += 1 }
    }
    let outcome = try client.wait(within: 120)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(killed > 2)
    let sum = (0..<count).reduce(0) { $0 + $1 * $1 }
    #expect(outcome.lines.last == "\(sum)", "after \(killed) kills: \(outcome.text)\n\(outcome.errors)")
  }

  private func commands(_ world: World) -> [pid_t] {
    world.processes.filter { readText("/proc/\($0)/cmdline").hasPrefix("python3\0-u\0") }
  }

  @Test func aKilledCommandLosesAndRepeatsNothing() throws {
    try World.with { try run($0, count: 60_000, killing: commands, times: 8) }
  }

  @Test func aKilledPumpLosesAndRepeatsNothing() throws {
    try World.with { try run($0, count: 60_000, killing: { world in commands(world).compactMap(parent) }, times: 8) }
  }

  /// Broken for a trial: what is not answered goes back as if nobody had failed at it.
  @Test(arguments: ["exit 1", "kill -9 $$", "printf 'x\\ny\\n'"]) func anItemThatNoCommandSurvivesIsGivenUp(
    failure: String
  ) throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        queues: {i: {max_deliveries: 2, dead_letter: dead}, o: {}, dead: {}}
        processes:
          items: {task: items, with: {items: [a, bad, c]}, out: i}
          picky:
            run: |
              while read -r x; do
                if [ $x = bad ]; then \(failure); sleep 60; fi
                echo $x
              done
            in: i
            out: o
            with: {replies: each}
            restart: on-failure
            restart_delay: 1ms
            stop_grace_period: 100ms
          print: {task: print, in: o}
          lost: {task: print, in: dead, with: {format: "given up {item}"}}

        """)
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines.filter { !$0.contains("filter") && $0.count < 20 }.sorted() == ["a", "c", "given up bad"])
    }
  }

  /// It is no answer, though an item waits for one. Seen to fail: it is put as the answer to the first item, and each
  /// answer as that to the next.
  @Test func whatIsPrintedBeforeAnItemIsReadAnswersNone() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        queues: {i: {}, o: {}}
        processes:
          items: {task: items, with: {items: [a, b, c]}, out: i}
          greet: {run: 'sleep 0.2; echo hello; sleep 0.5; while read -r x; do echo $x; done', with: {replies: each}, in: i, out: o}
          print: {task: print, in: o}

        """)
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.status == 1 && outcome.lines.isEmpty, "\(outcome.text)")
      #expect(outcome.errors.contains("more lines than it was given items"), "\(outcome.errors)")
    }
  }

  /// A value of JSON that fills a page of its pipe to the last byte is whole without its newline, and may be answered.
  /// Seen to fail: an answer before the newline is written is one too many.
  @Test func anItemMayBeAnsweredBeforeItsNewline() throws {
    try World.with { world in
      // A string and its quotes: 4,096 bytes, and then the newline.
      let text = String(repeating: "x", count: 4094)
      let file = try world.write(
        "nap.yaml",
        """
        queues: {i: {}, o: {type: int64}}
        processes:
          items: {task: items, with: {items: [\(text), \(text)]}, out: i}
          size:
            run: [python3, -u, -c, "import os\\nwhile os.read(0, 4096): print(1); os.read(0, 1)"]
            with: {format: json, replies: each}
            in: i
            out: o
          sum: {task: sum, in: o}

        """)
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.status == 0 && outcome.lines == ["2"], "\(outcome)")
    }
  }

  // MARK: Rejections

  /// Bad items are dead letters at once: neither a death nor a pause. Seen to fail: such an answer is put as an item.
  @Test func anAnswerMayRejectItsItem() throws {
    try World.with { world in
      let program =
        "import sys,json\\nfor l in sys.stdin:\\n  x = json.loads(l)\\n"
        + "  print(json.dumps({'mporch': 'reject', 'reason': f'bad {x}'} if x % 10 == 3 else x * 2))"
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        queues: {n: {type: int64, dead_letter: dead}, o: {type: int64}, dead: {type: int64, capacity: 2}}
        processes:
          make: {task: range, with: {stop: 1000}, out: n}
          f: {run: [python3, -u, -c, "\(program)"], with: {format: json, replies: each}, replicas: 2, in: n, out: o}
          sum: {task: sum, in: o}
          lost: {task: count, in: dead}

        """)
      let outcome = try world.run("up", "--no-log-prefix", "--summary", "json", file)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let sum = (0..<1000).filter { $0 % 10 != 3 }.reduce(0) { $0 + 2 * $1 }
      #expect(outcome.lines.sorted() == ["100", "\(sum)"], "\(outcome.text)")
      #expect(outcome.errors.contains("process 'f-") && outcome.errors.contains(": bad 13"), "\(outcome.errors)")
      #expect(!outcome.errors.contains("starts again"))
    }
  }

  /// Seen to fail: exit code 0.
  @Test func whatIsRejectedAndHasNoDeadLettersFailsTheRun() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        #"""
        queues: {i: {}, o: {}}
        processes:
          items: {task: items, with: {items: [1, 2, 3]}, out: i}
          f: {run: 'while read -r x; do test $x = 2 && x="{"mporch": "reject"}"; echo "$x"; done', with: {format: json, replies: each}, in: i, out: o}
          print: {task: print, in: o}

        """#)
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.status == 1 && outcome.lines == ["1", "3"], "\(outcome)")
      #expect(outcome.errors.contains("'f-1' rejected the item 2 of 'i'; it is lost"), "\(outcome.errors)")
    }
  }

  // MARK: What never answers

  /// Each has read all that it was given, has answered less, and waits for more.
  static let swallowers: [String: String] = [
    "grep": "run: [grep, --line-buffered, '5']",
    "a shell before another": "run: 'cat | grep --line-buffered 5; exit 0'",
    "one that keeps its answers": "run: [python3, -c, 'import sys; [print(l.strip()) for l in sys.stdin]']",
    "one without its newline": "run: 'while read -r x; do printf \"%s \" $x; done'",
    "with threads":
      "run: [python3, -c, 'import sys, threading; threading.Thread(target=threading.Event().wait, daemon=True)"
      + ".start(); [print(l.strip(), flush=True) for l in sys.stdin if \"5\" in l]']",
  ]

  /// Seen to fail: it stands for ever, and nobody says so.
  @Test(arguments: swallowers.keys.sorted()) func whoSwallowsItemsIsToldByName(swallower: String) throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        queues: [n, m]
        processes:
          range: {task: range, with: {stop: 1000}, out: n}
          f: {\(Self.swallowers[swallower]!), with: {replies: each}, in: n, out: m}
          print: {task: discard, in: m}

        """)
      let outcome = try world.run("up", file, within: 60)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("error: process 'f-1': its command was given"), "\(outcome.errors)")
      #expect(outcome.errors.contains("and waits for the next, but has answered only"), "\(outcome.errors)")
    }
  }

  /// Slow ones, which read ahead, sleep, wait for others, or have asked the outside. Seen to fail: a look at the readers
  /// of the pipe alone.
  @Test func whoStillWorksIsNotToldOf() throws {
    try World.with { world in
      let ahead =
        "import sys, time\\nlines = [sys.stdin.readline() for _ in range(1)]\\nwhile lines[-1]:\\n"
        + "  time.sleep(0.7); print(len(lines), flush=True); lines.append(sys.stdin.readline())"
      let file = try world.write(
        "nap.yaml",
        """
        queues: {n: {}, a: {}, b: {}, c: {}, k: {}, l: {}, o: {}}
        processes:
          items: {task: items, with: {items: [1, 2, 3]}, out: [n, k, l]}
          sleeps: {run: [python3, -c, "\(ahead)"], with: {replies: each}, in: n, out: a}
          below: {run: '(cat; sleep 1) | while read -r x; do (sleep 0.6; echo $x) & wait; done', with: {replies: each}, in: k, out: b}
          pipes: {run: 'while read -r x; do (sleep 0.6; echo $x) | cat; done', with: {replies: each}, in: l, out: c}
          all: {run: [cat], in: a, out: o}
          also: {run: [cat], in: b, out: o}
          too: {run: [cat], in: c, out: o}
          count: {task: count, in: o}

        """)
      let outcome = try world.run("up", "--no-log-prefix", file, within: 60)
      #expect(outcome.status == 0 && outcome.lines == ["9"], "\(outcome)")
    }
  }
}
