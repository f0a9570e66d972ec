import Glibc
import Testing

/// What is known of a run once it has ended, until the next one of its project.
@Suite(.serialized) struct OutcomeTests {
  /// Seen to fail: only in the log, or somewhere before.
  @Test func theReasonOfAFailureStandsInItsLine() throws {
    try World.with { world in
      let file = try world.write(
        "why.yaml",
        """
        queues: [q]
        processes:
          script: {script: "local x = nil\\nx.y = 3"}
          kind: {task: read-lines, with: {path: none.txt}, out: q}
          sink: {task: discard, in: q}
          command: {run: [no-such-program]}
        """)
      let up = try world.run("up", file)
      let wait = try world.run("wait", "-p", "why")
      #expect(up.status == 1 && wait.status == 1)
      let reasons = [
        ("script-1", "exited with code 1: \(world.folder)/why.yaml:3: attempt to index a nil value (local 'x')"),
        ("kind-1", "exited with code 1: read-lines can't open '\(world.folder)/none.txt'"),
        (
          "command-1", "exited with code 127, which another start could not change: its command 'no-such-program' can't"
        ),
      ]
      for (name, reason) in reasons {
        #expect(up.errors.contains("process '\(name)' \(reason)"), "\(up.errors)")
        #expect(wait.errors.contains("mporch: \(name) failed: \(reason)"), "\(wait.errors)")
      }
    }
  }

  private static let failing = """
    name: mixed
    processes:
      bad: {task: exit, with: {code: 7}}
      good: {task: sleep, with: {for: 10ms}}
      never: {task: sleep, with: {for: 10ms}, depends_on: {bad: {condition: completed_successfully}}}
    """

  /// Broken for a trial: the supervisor keeps no outcome.
  @Test func waitAfterTheEndExitsAsTheRunDid() throws {
    try World.with { world in
      let file = try world.write("mixed.yaml", Self.failing)
      #expect(try world.run("up", file).status == 1)
      let wait = try world.run("wait", "-p", "mixed")
      #expect(wait.status == 1)
      #expect(wait.errors.contains("'mixed' has ended") && wait.errors.contains("exit code 1"), "\(wait.errors)")
      #expect(wait.errors.contains("bad-1 failed: exited with code 7"), "\(wait.errors)")
      let good = try world.write("mixed.yaml", "name: mixed\nprocesses:\n  good: {task: sleep, with: {for: 10ms}}\n")
      #expect(try world.run("up", good).status == 0)
      // The next run's, and nothing of the one before.
      let again = try world.run("wait", "-f", file)
      #expect(again.status == 0 && !again.errors.contains("bad-1"), "\(again.errors)")
      // Nothing says which, but there is just one.
      #expect(try world.run("wait").status == 0)
    }
  }

  /// Seen to fail: nothing known is all well.
  @Test func waitForARunThatNeverWasIsAnError() throws {
    try World.with { world in
      let wait = try world.run("wait", "-p", "nobody")
      #expect(wait.status == 1 && wait.errors.contains("'nobody' is not running"), "\(wait.errors)")
      let ps = try world.run("ps", "-a", "-p", "nobody", "--format", "json")
      #expect(ps.status == 0 && ps.text == "[]\n")
    }
  }

  /// Seen to fail: what never started has failed.
  @Test func whatHasEndedIsListedOnDemand() throws {
    try World.with { world in
      #expect(try world.run("up", try world.write("mixed.yaml", Self.failing)).status == 1)
      let living = try world.run("ps", "-p", "mixed")
      #expect(living.lines.isEmpty)
      let all = try world.run("ps", "-a", "-p", "mixed")
      #expect(all.status == 0 && all.errors.contains("exit code 1"))
      let states = all.lines.dropFirst().map { line in line.split(separator: " ").prefix(3).joined(separator: " ") }
      #expect(states == ["bad-1 - failed", "good-1 - succeeded", "never-1 - never-started"], "\(all.text)")
      let json = try world.run("ps", "-a", "-p", "mixed", "--format", "json").text
      #expect(json.contains(#""exit" : 7"#) && json.contains(#""pid" : null"#), "\(json)")
      // One that has printed nothing has a log all the same: an empty one.
      let logs = try world.run("logs", "good", "-p", "mixed")
      #expect(logs.status == 0 && logs.output.isEmpty, "\(logs.errors)")
    }
  }

  /// Seen to fail: outcomes kept only of runs that end by themselves.
  @Test func aRunThatWasStoppedHasAnOutcomeToo() throws {
    try World.with { world in
      #expect(try world.run("up", "-d", try world.write("nap.yaml", LifecycleTests.sleeper)).status == 0)
      #expect(try world.run("down", "-p", "nap").status == 0)
      #expect(try world.run("wait", "-p", "nap").status == 0)
      let rows = try world.run("ps", "-a", "-p", "nap").text
      #expect(rows.contains("stopped"))
    }
  }

  /// Broken for a trial: the warden buries nothing.
  @Test func aRunWhoseSupervisorWasKilledHasFailed() throws {
    try World.with { world in
      #expect(try world.run("up", "-d", try world.write("nap.yaml", LifecycleTests.sleeper)).status == 0)
      let worker = try #require(try pid(of: "nap", in: world))
      kill(try #require(parent(of: worker)), SIGKILL)
      #expect(poll(within: 30) { world.processes.isEmpty })
      let wait = try world.run("wait", "-p", "nap")
      #expect(wait.status == 1 && wait.errors.contains("supervisor of this run was killed"), "\(wait.errors)")
    }
  }

  /// Seen to fail: only what comes from now on is shown.
  @Test func logsFollowedAfterTheEndEndAtOnce() throws {
    try World.with { world in
      let file = try world.write(
        "say.yaml",
        """
        queues: [q]
        processes:
          put: {task: items, with: {items: [a, b]}, out: q}
          say: {task: print, in: q}
        """)
      #expect(try world.run("up", file).status == 0)
      #expect(try world.run("logs", "-f", "-p", "say", "--no-log-prefix").lines == ["a", "b"])
    }
  }
}
