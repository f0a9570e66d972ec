import Glibc
import Testing

/// `run:` commands between queues: real programs, and what becomes of each line.
@Suite(.serialized) struct CommandFilterTests {
  /// `text` goes line by line through the process `filter`, declared as given, and is printed.
  private func filter(
    _ text: String, _ filter: String, _ world: World, queues: String = "{i: {type: string}, o: {}}"
  ) throws -> Child.Outcome {
    _ = try world.write("text", text)
    let file = try world.write(
      "nap.yaml",
      """
      name: nap
      queues: \(queues)
      processes:
        read: {task: read-lines, with: {path: text}, out: i}
        filter: {\(filter), in: i, out: o}
        print: {task: print, in: o}

      """)
    return try world.run("up", "--no-log-prefix", file, within: 60)
  }

  static let programs: [String: (run: String, expected: [String])] = [
    "cat": ("[cat]", ["b 2", "a 1", "c 3"]), "sort": ("[sort]", ["a 1", "b 2", "c 3"]),
    "awk": ("[awk, '{ s += $2 } END { print s }']", ["6"]), "sed": ("[sed, 's/ .*//']", ["b", "a", "c"]),
    "head": ("[head, -n, '1']", ["b 2"]), "wc": ("'wc -l | tr -d \" \"'", ["3"]),
    "printf": ("'cat >/dev/null; printf end'", ["end"]), "none": ("[cat, /dev/null]", []),
    "python": ("[python3, -c, 'for l in open(0): print(l[::-1].strip())']", ["2 b", "1 a", "3 c"]),
  ]

  @Test(arguments: programs.keys.sorted()) func lineByLine(name: String) throws {
    try World.with { world in
      let program = Self.programs[name]!
      let outcome = try filter("b 2\na 1\nc 3\n", "run: \(program.run)", world)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines.filter { !$0.contains("not read") && !$0.contains("= help") } == program.expected)
    }
  }

  @Test func manyLinesOfAnyBytesArriveInOrder() throws {
    try World.with { world in
      let lines = (0..<200_000).map { Array("\($0) ".utf8) + ($0 % 7 == 0 ? [0xff, 0xfe, 0] : []) }
      _ = try world.write("text", lines.flatMap { $0 + [0x0A] })
      let file = try world.write(
        "nap.yaml",
        """
        queues: {i: {bytes: 64KiB}, o: {capacity: 50}}
        processes:
          read: {task: read-lines, with: {path: text}, out: i}
          filter: {run: [cat], in: i, out: o}
          write: {task: write-lines, with: {path: out}, in: o}

        """)
      #expect(try world.run("up", file, within: 120).status == 0)
      #expect(readBytes("\(world.folder)/out") == readBytes("\(world.folder)/text"))
    }
  }

  @Test func jsonGoesInAndOut() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        #"""
        queues: [i, o]
        processes:
          items: {task: items, with: {items: ["two\nlines", 5, 2.5, null, {a: [1, true]}]}, out: i}
          jq: {run: [jq, -c, --unbuffered, '[., type]'], in: i, out: o, with: {format: json}}
          print: {task: print, in: o}

        """#)
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.lines == [
          #"["two\nlines", "string"]"#, #"[5, "number"]"#, #"[2.5, "number"]"#, #"[null, "null"]"#,
          #"[{"a": [1, true]}, "object"]"#,
        ])
    }
  }

  /// Items that are no strings are JSON in a line of their own; lines become what a typed queue holds.
  @Test func numbersAreLines() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        queues: {i: {type: int64}, o: {type: float64}, u: {type: uint64}}
        processes:
          range: {task: range, with: {start: -2, stop: 3}, out: i}
          half: {run: [awk, '{ print " ", $1 / 2, "" }'], in: i, out: o}
          print: {task: print, in: o}
          big: {run: [echo, '18446744073709551615'], out: u}
          same: {run: [cat], in: u, out: v}
          print_big: {task: print, in: v}

        """.replacing("u: {type: uint64}}", with: "u: {type: uint64}, v: {type: uint64}}"))
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines.sorted() == ["-0.5", "-1.0", "0.0", "0.5", "1.0", "18446744073709551615"])
    }
  }

  // MARK: What is wrong with a line

  static let wrong: [(filter: String, queues: String, words: [String], printed: [String])] = [
    (
      "run: 'echo 1; echo abc; sleep 60'", "{i: {type: string}, o: {type: int64}}",
      ["nap.yaml:5:17: error: process 'filter-1': its command printed the line \"abc\"", "'o' holds int64 items"], ["1"]
    ),
    (
      "run: 'echo 1; echo 300; sleep 60'", "{i: {type: string}, o: {type: uint8}}",
      ["printed the line \"300\"", "'o' holds uint8 items"], ["1"]
    ),
    (
      "with: {format: json}, run: 'echo 1; echo {; sleep 60'", "[i, o]",
      ["nap.yaml:5:39: error: process 'filter-1'", "\"{\"", "not JSON", "standard error"], ["1"]
    ),
    (
      "run: 'echo 1; head -c 1000 /dev/zero; sleep 60'", "{i: {}, o: {bytes: 100}}",
      ["more than 100 bytes", "raise the 'bytes' of 'o'"], ["1"]
    ),
    (
      "run: 'echo 1; head -c 1000 /dev/zero | tr \"\\\\0\" x; echo; sleep 60'", "{i: {}, o: {bytes: 100}}",
      ["its command printed a line of more than 100 bytes, \"xxx", "raise the 'bytes' of 'o'"], ["1"]
    ),
    (
      "with: {replies: each}, run: 'while read x; do echo $x; echo $x; done'", "[i, o]",
      ["more lines than it was given items"], []
    ),
  ]

  /// Broken for a trial: the command is not told to end.
  @Test(arguments: wrong.indices) func aWrongLineIsToldWithItsPlace(index: Int) throws {
    try World.with { world in
      let wrong = Self.wrong[index]
      let outcome = try filter("a\n", wrong.filter, world, queues: wrong.queues)
      #expect(outcome.status == 1)
      for words in wrong.words { #expect(outcome.errors.contains(words), "\(outcome.errors)") }
      #expect(wrong.printed.allSatisfy(outcome.lines.contains), "\(outcome.text)")
    }
  }

  @Test func anItemWithANewlineFailsWhenItsTurnHasCome() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        #"""
        queues: [i, o]
        processes:
          items: {task: items, with: {items: [a, "b\nc", d]}, out: i}
          filter: {run: [cat], in: i, out: o}
          print: {task: print, in: o}

        """#)
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.status == 1 && outcome.lines.contains("a") && !outcome.lines.contains("d"))
      #expect(outcome.errors.contains(#"the item "b\nc" holds a newline"#) && outcome.errors.contains("format: json"))
    }
  }

  // MARK: Ends

  /// Broken for a trial: the pump waits for the command to end by itself.
  @Test func aCommandThatNobodyReadsIsEnded() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        queues: [o, p]
        processes:
          yes: {run: [yes], out: o}
          stubborn: {run: 'trap "" PIPE; while :; do echo x 2>/dev/null; done', out: p}
          take: {task: take, with: {count: 3}, in: o, out: q}
          take_p: {task: take, with: {count: 3}, in: p, out: q}
          count: {task: count, in: q}

        """.replacing("[o, p]", with: "[o, p, q]"))
      let outcome = try world.run("up", "--no-log-prefix", file, within: 60)
      #expect(outcome.status == 0 && outcome.lines == ["6"], "\(outcome.text)\(outcome.errors)")
    }
  }

  @Test func aCommandWhoseReaderFailedHasFailed() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        queues: [o]
        processes:
          yes: {run: [yes], out: o}
          crash: {task: crash, with: {after: 10}, in: o}

        """)
      let outcome = try world.run("up", file, within: 60)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("'yes-1' ended because a process that reads what it writes has failed"))
    }
  }

  @Test func whatACommandDidNotReadIsCounted() throws {
    try World.with { world in
      let lines = (1...100).map { "\($0)\n" }.joined()
      let outcome = try filter(lines, "run: 'read x; echo $x; sleep 0.5; exit 3'", world)
      #expect(outcome.status == 1 && outcome.lines.contains("1"))
      let told = outcome.errors.firstMatch(of: /(\d+) items? that its command was given (is|are) lost: it had not read/)
      // It was given a line or two ahead, as it is slow, and the others went back.
      #expect(told.flatMap { Int($0.1) }.map { $0 < 10 } == true, "\(outcome.errors)")
    }
  }

  @Test func theLastWordsOfAKilledCommandAreNoItem() throws {
    try World.with { world in
      let outcome = try filter("a\n", "run: 'echo whole; printf half; kill -9 $$'", world)
      #expect(outcome.status == 1 && outcome.lines.contains("whole") && !outcome.lines.contains("half"))
      #expect(outcome.errors.contains("has no end (4 bytes)"), "\(outcome.errors)")
      #expect(outcome.errors.contains("signal 9"))
    }
  }

  /// Each of four takes a share: none has all that is there in its pipe. Broken for a trial: a pipe of 64 KiB, filled.
  @Test func replicasShareWhatIsSlow() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        queues: {i: {type: int64}, o: {type: int64}}
        processes:
          range: {task: range, with: {stop: 400}, out: i}
          slow:
            run: 'while read x; do sleep 0.005; echo $MPORCH_REPLICA; done'
            replicas: 4
            in: i
            out: o
          print: {task: print, in: o}

        """)
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.status == 0 && outcome.lines.count == 400, "\(outcome.errors)")
      let most = Dictionary(grouping: outcome.lines, by: \.self).values.map(\.count).max() ?? 0
      #expect(most < 250, "one replica had \(most) of 400 items")
    }
  }

  // MARK: Wiring

  @Test func pipesAndSeveralQueuesServeAsWell() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        queues: [i, a, b]
        pipes: {p: duplex, s: simplex}
        processes:
          items: {task: items, with: {items: [x, y]}, out: i}
          upper: {run: [tr, a-z, A-Z], in: i, out: [a, b]}
          print_a: {task: print, in: a, with: {format: "a {item}"}}
          print_b: {task: print, in: b, with: {format: "b {item}"}}
          echo: {run: [sed, -u, 's/^/re: /'], in: p.a, out: p.a, with: {replies: each}}
          talk:
            use: p.b
            out: s
            script: |
              for _, word in ipairs{"one", "two"} do p.b:send(word); output:send(p.b:receive()) end
          show: {run: [cat], in: s}

        """.replacing("p.b:", with: "p:").replacing("use: p.b", with: "use: {p: p.b}"))
      let outcome = try world.run("up", "--no-log-prefix", file, within: 60)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines.sorted().suffix(2) == ["re: one", "re: two"], "\(outcome.text)")
      #expect(outcome.lines.sorted().prefix(4) == ["a X", "a Y", "b X", "b Y"], "\(outcome.text)")
    }
  }

  @Test func aCommandBeforeAFullQueueStopsAtOnce() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        queues: {o: {capacity: 2}}
        processes:
          yes: {run: [yes], out: o, stop_grace_period: 1m}
          burst: {run: 'seq 100', out: o, stop_grace_period: 1m}
          slow: {script: "sleep(1000)", in: o}

        """)
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(
        try poll(within: 20) {
          let words = try world.run("ps", "-p", "nap").text
          return words.ranges(of: "put o").count == 2
        })
      let down = try world.run("down", "-p", "nap", within: 30)
      #expect(down.status == 0 && !down.errors.contains("killed"), "\(down.errors)")
    }
  }
}
