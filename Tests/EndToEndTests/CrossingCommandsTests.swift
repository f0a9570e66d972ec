import Glibc
import Testing

/// Commands that come while an earlier one is under way: each ends, and says what has become of it.
struct CrossingCommandsTests {
  /// Takes a second to end when it is told to.
  private static let slow = #"{run: "trap 'sleep 1; exit 0' TERM; echo up; while :; do sleep 0.1; done"}"#

  private func withSlow(_ rest: String = "", _ body: (World) throws -> Void) throws {
    try World.withRun("processes:\n  a: \(Self.slow)\n  keep: {run: [sleep, '100']}\n\(rest)") { world in
      #expect(try poll(within: 30) { try world.run("logs", "a").text.contains("up") })
      try body(world)
    }
  }

  static let pairs: [(first: [String], second: [String])] = [
    (["restart", "a"], ["stop", "a"]), (["stop", "a"], ["restart", "a"]), (["stop", "a"], ["start", "a"]),
  ]

  /// Seen to fail: the first of them waited for ever.
  @Test(arguments: pairs.indices) func whoIsOvertakenSaysByWhat(index: Int) throws {
    let (first, second) = Self.pairs[index]
    try withSlow { world in
      let earlier = try world.start(first[0], first[1])
      #expect(try poll(within: 30) { try world.run("ps", "-a").text.contains("stopping") })
      #expect(try world.mporch(second).status == 0)
      let outcome = try earlier.wait(within: 30)
      #expect(outcome.status == 1, "\(outcome.errors)")
      let words = "'mporch \(first.joined(separator: " "))' was overtaken by 'mporch \(second.joined(separator: " "))'"
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  /// Seen to fail: `restart` was answered with success, and what it had asked for was started in a run that ended.
  @Test func theEndOfTheRunOvertakesARestart() throws {
    try World.with { world in
      let file = try world.write("nap.yaml", "processes:\n  a: \(Self.slow)\n")
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(try poll(within: 30) { try world.run("logs", "a").text.contains("up") })
      let restart = try world.start("restart", "a")
      #expect(try poll(within: 30) { try world.run("ps").text.contains("stopping") })
      #expect(try world.run("down", "-p", "nap").status == 0)
      let outcome = try restart.wait(within: 30)
      #expect(outcome.status == 1 && outcome.errors.contains("overtaken by the end of the run"), "\(outcome.errors)")
      let log = try world.run("logs", "mporch", "-p", "nap").text
      #expect(log.components(separatedBy: "a-1 started").count == 2, "\(log)")
    }
  }

  /// Seen to fail: who was to be restarted was removed, and `restart` was answered as done.
  @Test func aRemovalOvertakesARestart() throws {
    try World.withRun("processes:\n  a: \(Self.slow.replacing("{run", with: "{replicas: 2, run"))\n") { world in
      #expect(try poll(within: 30) { try world.run("logs", "a").lines.count == 2 })
      let restart = try world.start("restart", "a-2")
      #expect(try poll(within: 30) { try world.run("ps").text.contains("stopping") })
      #expect(try world.run("scale", "a=1").status == 0)
      let outcome = try restart.wait(within: 30)
      #expect(outcome.status == 1 && outcome.errors.contains("overtaken by 'mporch scale'"), "\(outcome.errors)")
    }
  }

  /// What depends on it lives on for longer than its own stop takes. Seen to fail: the run never ended, by whatever.
  @Test(arguments: [["stop", "a"], ["restart", "a"], ["up", "-d"]])
  func downEndsARunInWhichSomethingIsBeingStopped(command: [String]) throws {
    try World.with { world in
      let top = "  top: {run: \"trap 'sleep 2; exit 0' TERM; while :; do sleep 0.1; done\", depends_on: [a]}\n"
      let file = try world.write("nap.yaml", "processes:\n  a: \(Self.slow)\n" + top)
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(try poll(within: 30) { try world.run("logs", "a").text.contains("up") })
      _ = try world.write(
        "nap.yaml", "processes:\n  a: \(Self.slow.replacing("}", with: ", environment: {A: b}}"))\n" + top)
      let earlier = try command[0] == "up" ? world.start("up", "-d", file) : world.start(command[0], command[1])
      #expect(try poll(within: 30) { try world.run("ps").text.contains("stopping") })
      #expect(try world.run("down", "-p", "nap", within: 30).status == 0)
      let outcome = try earlier.wait(within: 30)
      #expect(outcome.status == (command[0] == "stop" ? 0 : 1), "\(outcome.errors)")
    }
  }

  /// Seen to fail: the grace period of who came first stayed.
  @Test func aLaterTimeoutShortensTheGracePeriodOfWhatIsStopping() throws {
    let deaf = "processes:\n  a: {run: \"trap '' TERM; echo up; while :; do sleep 0.1; done\", stop_grace_period: 1h}\n"
    try World.with { world in
      for first in [["stop", "a"], ["down", "--timeout=1h"]] {
        #expect(try world.run("up", "-d", try world.write("nap.yaml", deaf)).status == 0)
        #expect(try poll(within: 30) { try world.run("logs", "a").text.contains("up") })
        let earlier = try world.start(first[0], first[1])
        #expect(try poll(within: 30) { try world.run("ps").text.contains("stopping") })
        let down = try world.run("down", "-p", "nap", "--timeout", "100ms", within: 30)
        #expect(down.status == 0 && down.errors.contains("killed, as the grace period was over: a-1"), "\(down.errors)")
        #expect(try earlier.wait(within: 30).status == 0)
      }
    }
  }

  /// Seen to fail: `stop` was answered when it was gone, and its policy started it again.
  @Test func whatIsStoppedWhileItsTimeoutEndsItStaysStopped() throws {
    try World.withRun(
      """
      processes:
        a:
          run: "trap 'sleep 1; exit 0' TERM; while :; do sleep 0.1; done"
          timeout: 500ms
          restart: always
          restart_delay: 100ms
        keep: {run: [sleep, '100']}
      """
    ) { world in
      #expect(try poll(within: 30) { try world.run("ps").text.contains("stopping") })
      #expect(try world.run("stop", "a").status == 0)
      usleep(500_000)
      let row = try world.run("ps", "-a").lines.first { $0.hasPrefix("a-1") } ?? ""
      #expect(row.contains("stopped"), "\(row)")
    }
  }
}

/// What a command or a change starts again, with all that it needs.
struct StartingAgainTests {
  /// Seen to fail: the services had ended with their caller, which could only fail.
  @Test func aCallerThatIsStartedAgainFindsItsServices() throws {
    let topology = """
      pools: {p: {size: 2, script: 'return function(x) return x * x end'}}
      managed: {d: dict}
      processes:
        u: {use: [p, d], script: 'local a = p:map({1, 2, 3}); d:add("n", 1) print("TEXT", a[3], d:get("n"))'}
        keep: {run: [sleep, "100"]}
      """
    try World.withRun(topology.replacing("TEXT", with: "first")) { world in
      func prints(_ count: Int, _ words: String) throws -> Bool {
        try poll(within: 30) {
          try world.run("logs", "u").lines.count { $0.contains(words) } == count
            && world.run("ps", "-a").text.components(separatedBy: "running").count == 2
        }
      }
      #expect(try prints(1, "first\t9\t1"))
      #expect(try world.run("restart", "u").status == 0)
      #expect(try prints(2, "first\t9\t1"))
      #expect(try world.run("start", "u").status == 0)
      #expect(try prints(3, "first\t9\t1"))
      let file = try world.write("nap.yaml", topology.replacing("TEXT", with: "second"))
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(try prints(1, "second\t9\t1"))
    }
  }

  /// Seen to fail: it stayed `never-started`, and `up --wait` failed.
  @Test func whatNeverStartedComesWhenItsCauseIsMended() throws {
    let topology = """
      processes:
        job: {run: "exit 3"}
        app: {run: [sleep, "100"], depends_on: {job: {condition: completed_successfully}}}
        keep: {run: [sleep, "100"]}
      """
    try World.withRun(topology) { world in
      #expect(try poll(within: 30) { try world.run("ps", "-a").text.contains("never-started") })
      let file = try world.write("nap.yaml", topology.replacing("exit 3", with: "exit 0"))
      let up = try world.run("up", "-d", "--wait", file)
      #expect(up.status == 0, "\(up.errors)")
      #expect(try world.run("ps").text.contains("app-1"))
    }
  }

  /// Seen to fail: it failed at its first failure, as the budget was that of the program that it was before.
  @Test func anotherProgramHasABudgetOfItsOwn() throws {
    let topology = """
      processes:
        a: {run: "exit 1", restart: "on-failure:2", restart_delay: 10ms}
        keep: {run: [sleep, "100"]}
      """
    try World.withRun(topology) { world in
      #expect(try poll(within: 30) { try world.run("ps", "-a").text.contains("failed") })
      let better = "test -e \(world.folder)/flag && exec sleep 100; touch \(world.folder)/flag; exit 1"
      let file = try world.write("nap.yaml", topology.replacing("exit 1", with: better))
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(
        try poll(within: 30) {
          try world.run("ps", "-a").lines.contains { $0.hasPrefix("a-1") && $0.contains("running") }
        })
    }
  }

  /// Seen to fail: begun at once.
  @Test func aRestartOfWhatWaitsWaitsToo() throws {
    try World.withRun(
      """
      processes:
        job: {run: "while ! test -e flag; do sleep 0.1; done"}
        app: {run: [sleep, "100"], depends_on: {job: {condition: completed_successfully}}}
      """
    ) { world in
      let restart = try world.start("restart", "app")
      usleep(500_000)
      #expect(try world.run("ps", "-a").lines.contains { $0.hasPrefix("app-1") && $0.contains("pending") })
      _ = try world.write("flag", "")
      #expect(try restart.wait(within: 30).status == 0)
      #expect(try world.run("ps").text.contains("app-1"))
    }
  }

  /// Seen to fail: the worker that a command had stopped was waited for without end.
  @Test func aPoolThatIsOverEndsWithWhomACommandHasStopped() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        pools: {p: {size: 2, script: 'return function(x) sleep(0.1) return x end'}}
        processes:
          u: {use: [p], script: 'sleep(1) print(#p:map({1, 2, 3}))'}
        """)
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(try world.run("stop", "p-1").status == 0)
      #expect(try world.run("wait", "-p", "nap", within: 30).status == 0)
    }
  }

  /// Seen to fail: its pause was waited for, or it was started only to be stopped.
  @Test func downDoesNotWaitForAPause() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        "processes:\n  a: {run: 'exit 1', restart: always, restart_delay: 30s}\n  k: {run: [sleep, '100']}\n")
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(try poll(within: 30) { try world.run("ps", "-a").text.contains("restarting") })
      let row = try world.run("ps", "-a", "--format", "json").text
      #expect(row.contains(#""restarts" : 0"#) && !row.contains(#""restarts" : 1"#), "\(row)")
      #expect(try world.run("down", "-p", "nap", within: 25).status == 0)
    }
  }
}
