import Glibc
import Testing

/// A filter that is stopped gets the end of its input first, and answers what it has: nothing is lost by a command of the
/// user's, and what is lost by a death is counted.
@Suite(.serialized) struct CommandDrainTests {
  private static let count = 3000

  private func topology(_ filter: String) -> String {
    """
    name: nap
    queues: {n: {type: int64}, m: {type: int64}, l: {type: int64}}
    processes:
      make: {task: range, with: {stop: \(Self.count)}, out: n}
      f: {\(filter), replicas: 3, in: n, out: [m, l], environment: {A: "1"}}
      sum: {task: sum, in: l}
      see:
        in: m
        script: |
          local seen, once, again = {}, 0, 0
          for x in input:items() do
            if seen[x] then again = again + 1 else seen[x] = true; once = once + 1 end
          end
          print("seen", once, again)

    """
  }

  static let filters = [
    "run: [python3, -u, -c, \"import sys,time\\nfor l in sys.stdin: time.sleep(0.001); print(int(l))\"]",
    "run: 'while read -r x; do echo $x; sleep 0.001; done', with: {replies: each}",
    "run: [python3, -u, -c, \"import sys,time\\nfor l in sys.stdin: time.sleep(0.001); print(int(l))\"], with: {format: json}",
    "run: 'while read -r x; do echo $x; sleep 0.001; done', with: {format: json, replies: each}",
  ]

  /// Seen to fail: a filter that gets its stop signal with items that it has read.
  @Test(arguments: filters) func nothingIsLostByCommandsOfTheUsers(filter: String) throws {
    try World.with { world in
      let text = topology(filter)
      let file = try world.write("nap.yaml", text)
      let client = try world.start("up", "--no-log-prefix", file)
      #expect(try poll(within: 30) { try world.run("ps", "-p", "nap").text.contains("f-1") })
      for command in [["scale", "f=1"], ["scale", "f=3"], ["restart", "f"], ["stop", "f-1"], ["start", "f-1"]] {
        usleep(50_000)
        #expect(try world.mporch([command[0], "-p", "nap", command[1]]).status == 0)
      }
      _ = try world.write("nap.yaml", text.replacing("A: \"1\"", with: "A: \"2\""))
      #expect(try world.run("up", "-d", file).status == 0)
      let outcome = try client.wait(within: 90)
      let sum = Self.count * (Self.count - 1) / 2
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines.contains("seen\t\(Self.count)\t0") && outcome.lines.contains("\(sum)"), "\(outcome.text)")
      #expect(!outcome.errors.contains("lost"), "\(outcome.errors)")
    }
  }

  /// Each line that it has begun it has done. Seen to fail like the one above.
  @Test func theEndOfTheRunLetsAFilterDoWhatItHas() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        queues: {n: {type: int64}}
        processes:
          make: {task: range, with: {stop: 100000}, out: n}
          f:
            run: 'while read -r x; do echo $x >>begun; sleep 0.05; echo $x >>done; done; echo whole >>done'
            replicas: 2
            in: n

        """)
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(poll(within: 30) { readText("\(world.folder)/done").count > 10 })
      let down = try world.run("down", "-p", "nap")
      #expect(down.status == 0 && !down.errors.contains("killed") && !down.errors.contains("lost"), "\(down.errors)")
      let (begun, done) = (readText("\(world.folder)/begun"), readText("\(world.folder)/done"))
      #expect(begun.split(separator: "\n").sorted() + ["whole", "whole"] == done.split(separator: "\n").sorted())
    }
  }

  /// One that does not end when its input does gets the stop signal before it is killed.
  @Test func aFilterThatOverlooksItsEndGetsTheStopSignal() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        queues: {n: {external: true}}
        processes:
          f: {run: 'trap "echo told; exit 0" TERM; echo up; while :; do sleep 0.02; done', in: n, stop_grace_period: 1s}

        """)
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(try poll(within: 30) { try world.run("logs", "-p", "nap").text.contains("up") })
      let down = try world.run("down", "-p", "nap")
      #expect(down.status == 0 && !down.errors.contains("killed"), "\(down.errors)")
      #expect(try world.run("logs", "-p", "nap").text.contains("told"))
    }
  }

  // MARK: Losses

  /// Its reads are as large as they can be: what was in its memory is nobody's. Seen to fail: exit code 0, and no word.
  @Test func whatADeathMayHaveLostIsToldWhereItHappensAndAtTheEnd() throws {
    try World.with { world in
      let program =
        "import sys,os\\nfor i,l in enumerate(sys.stdin):\\n  if i==100: os.kill(os.getpid(),9)\\n  print(l.strip())"
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        queues: [n, m]
        processes:
          make: {task: range, with: {stop: 1000}, out: n}
          f: {run: [python3, -u, -c, "\(program)"], restart: on-failure, restart_delay: 1ms, in: n, out: m}
          see: {task: count, in: m}

        """.replacing("i==100", with: "i==100 and not os.path.exists('died') and not open('died','w').close()"))
      let outcome = try world.run("up", "--no-log-prefix", "--summary", "json", file)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let missing = try 1000 - #require(outcome.lines.last.flatMap { Int($0) })
      let told = try #require(
        outcome.errors.firstMatch(of: /process 'f-1': (?:at most )?(\d+) items? that its command was given/))
      let most = try #require(Int(told.1))
      #expect(missing > 0 && missing <= most, "\(outcome.errors)")
      #expect(outcome.errors.contains("nap.yaml:5:3: warning: process 'f-1'"))
      #expect(outcome.errors.contains("it had read") && outcome.errors.contains("replies: each"), "\(outcome.errors)")
      #expect(outcome.errors.contains(/mporch: (at most )?\d+ items? that the command of f-1 was given/))
      #expect(outcome.errors.contains("\"atMost\":\(most)"), "\(outcome.errors)")
      let all = try world.run("ps", "-a", "-p", "nap").text
      #expect(all.contains("that the command of f-1 was given"), "\(all)")
      #expect(try world.run("ps", "-a", "-p", "nap", "--format", "json").text.contains("\"atMost\" : \(most)"))
      #expect(try world.run("events", "-p", "nap").text.contains("that its command was given"))
      let check = try world.run("check", file)
      #expect(check.status == 0 && check.text.contains("items that it has read are lost with it"), "\(check)")
    }
  }

  /// One that does not end in time, and is scaled away. Seen to fail: told once, and forgotten with the instance.
  @Test func whatWasLostWithARemovedInstanceIsToldAtTheEndToo() throws {
    try World.with { world in
      let stubborn =
        "trap '' TERM; if [ $MPORCH_REPLICA = 1 ]; then sleep 1; exec cat; fi; while :; do sleep 0.02; done"
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        queues: {n: {type: int64}, m: {type: int64}}
        processes:
          make: {task: range, with: {stop: 40}, out: n}
          f: {run: "\(stubborn)", replicas: 2, stop_grace_period: 50ms, in: n, out: m}
          see: {task: count, in: m}

        """)
      let client = try world.start("up", "--no-log-prefix", "--summary", "json", file)
      let hasItems = /"in" : [1-9]\d*,\s*"lost" : null,\s*"name" : "f-2"/
      #expect(try poll(within: 30) { try world.run("ps", "-p", "nap", "--format", "json").text.contains(hasItems) })
      #expect(try world.run("scale", "-p", "nap", "f=1").status == 0)
      let outcome = try client.wait(within: 60)
      let sentence = /(?:at most )?(\d+) items? that the command of f-2 was given/
      let count = try #require(outcome.errors.firstMatch(of: sentence)?.1, "\(outcome.errors)")
      #expect(outcome.errors.contains("{\"instance\":\"f-2\",\"isRemoved\":true,\"lost\":{"), "\(outcome.errors)")
      #expect(Int(count) == outcome.lines.last.flatMap { Int($0) }.map { 40 - $0 }, "\(outcome.text)")
      #expect(try world.run("ps", "-a", "-p", "nap").text.contains(sentence))
      #expect(try world.run("wait", "-p", "nap").errors.contains(sentence))
    }
  }
}
