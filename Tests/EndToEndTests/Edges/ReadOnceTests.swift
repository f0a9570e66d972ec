import Glibc
import Testing

/// Topologies that come by a pipe, which can be read only once; and files that are none.
@Suite(.serialized) struct ReadOnceTests {
  private static let echo = "processes: {a: {run: \"echo one; cat beside.txt\"}}"

  private func inFolder(_ world: World, _ command: String) throws -> Child.Outcome {
    mkdir("\(world.folder)/project", 0o700)
    _ = try world.write("project/beside.txt", "beside\n")
    return try world.shell("cd \(world.folder)/project; export TOPOLOGY='\(Self.echo)'; \(command)")
  }

  /// Seen to fail: opened once more by the supervisor, when nothing was left in it.
  @Test(arguments: [
    "echo \"$TOPOLOGY\" | $MPORCH up -", "echo \"$TOPOLOGY\" | $MPORCH up -f -",
    "echo \"$TOPOLOGY\" | $MPORCH up /dev/stdin", "bash -c '$MPORCH up <(echo \"$TOPOLOGY\")'",
    "echo \"$TOPOLOGY\" | $MPORCH up -f - --attach a --scale a=1", "echo \"$TOPOLOGY\" >t && $MPORCH up /dev/fd/3 3<t",
  ])
  func aTopologyComesByAPipe(command: String) throws {
    try World.with { world in
      let outcome = try inFolder(world, command)
      #expect(outcome.status == 0 && outcome.lines == ["a-1  | one", "a-1  | beside"], "\(outcome)")
      // Named for the folder in which it was started, as one that lies there.
      #expect(try world.run("logs", "-p", "project", "--no-log-prefix").text == "one\nbeside\n")
    }
  }

  /// Seen to fail: as above; and what a mistake in it is called.
  @Test func theyAreCheckedChangedAndFound() throws {
    try World.with { world in
      let wrong = try inFolder(world, "echo 'processes: {a: {runs: x}}' | $MPORCH check -")
      #expect(wrong.status == 65 && wrong.text.hasPrefix("-:1:"), "\(wrong)")
      let sleeper = "echo 'processes: {a: {run: sleep 1000, replicas: 2, environment: {X: \"%s\"}}}'"
      func up(_ value: String) throws -> Child.Outcome {
        try inFolder(world, "\(sleeper.replacing("%s", with: value)) | $MPORCH up -d -f -")
      }
      #expect(try up("1").status == 0)
      #expect(try up("1").errors.contains("nothing has changed"))
      #expect(try up("2").errors.contains("restarted"))
      // Of the same text, which nobody can read any more.
      let scaled = try world.run("scale", "a=3")
      #expect(scaled.status == 0, "\(scaled.errors)")
      #expect(try inFolder(world, "$MPORCH ps -f - -q").lines.count == 3)
      #expect(try inFolder(world, "$MPORCH down -f -").status == 0)
    }
  }

  /// Seen to fail: each waited for somebody at the other end of a FIFO.
  @Test(arguments: ["topology", ".env", "--env-file", "env_file"]) func aFIFOInPlaceOfAFileIsRefused(what: String)
    throws
  {
    try World.with { world in
      let fifo = "\(world.folder)/\(what == ".env" ? ".env" : "fifo")"
      #expect(mkfifo(fifo, 0o600) == 0)
      let environment = what == "env_file" ? "env_file: fifo, " : ""
      let file = try world.write("a.yaml", "processes: {a: {\(environment)run: echo hello}}")
      let arguments = what == "topology" ? ["check", fifo] : ["check", file]
      let outcome = try world.mporch(arguments + (what == "--env-file" ? ["--env-file", fifo] : []), within: 30)
      #expect(outcome.status == 65 && outcome.text.contains("it is a FIFO, a socket or a device"), "\(outcome)")
    }
  }

  /// Seen to fail: the commands waited, as above.
  @Test(arguments: ["outcome.json", "events.jsonl", "a-1.log"]) func aFIFOBesideTheLogsHoldsUpNobody(name: String)
    throws
  {
    try World.with { world in
      let file = try world.write("nap.yaml", "name: nap\nprocesses: {a: {run: echo hello}}")
      #expect(try world.run("up", file).status == 0)
      let place = "\(world.folder)/state/mporch/nap/logs/\(name)"
      #expect(unlink(place) == 0 && mkfifo(place, 0o600) == 0)
      for command in [["ps", "-a"], ["logs"], ["events"], ["wait"]] {
        let outcome = try world.mporch(command + ["-p", "nap"], within: 30)
        let isHit = ["outcome.json": ["ps", "events", "wait"], "events.jsonl": ["events"], "a-1.log": ["logs"]][name]
        guard isHit?.contains(command[0]) == true else { continue }
        #expect(outcome.status != 0 && outcome.errors.contains("is no file, but a FIFO"), "\(command): \(outcome)")
      }
      // The next run of the project removes what lies there.
      #expect(try world.run("up", file).status == 0)
      #expect(try world.run("logs", "-p", "nap", "--no-log-prefix").text == "hello\n")
    }
  }

  /// Under a name of its own, from the file of this folder. Seen to fail: looked for under the file's own name.
  @Test func afterTheEndTheRunOfThisFoldersFileIsFound() throws {
    try World.with { world in
      _ = try world.write("mporch.yaml", "name: own\nprocesses: {a: {run: echo hello}}")
      #expect(try world.shell("cd \(world.folder) && $MPORCH up -p other").status == 0)
      let commands = ["logs --no-log-prefix": "hello\n", "events": "the run has ended", "ps -a": "a-1", "wait": ""]
      for (command, word) in commands {
        let outcome = try world.shell("cd \(world.folder) && $MPORCH \(command)")
        #expect(outcome.status == 0 && (word.isEmpty || outcome.text.contains(word)), "\(command): \(outcome)")
      }
      let inspect = try world.shell("cd \(world.folder) && $MPORCH inspect")
      #expect(inspect.status == 1 && inspect.errors.contains("'other' has ended"), "\(inspect)")
    }
  }

  /// Seen to fail: it went on for ever.
  @Test(arguments: ["while :; do echo line; sleep 0.01; done", "echo line; exec sleep 1000"])
  func upEndsWhenItsReaderHas(command: String) throws {
    try World.with { world in
      let file = try world.write("endless.yaml", "processes: {a: {run: '\(command)'}}")
      let outcome = try world.shell("{ $MPORCH up \(file); echo $? >&2; } | head -n 1", within: 60)
      #expect(outcome.lines == ["a-1  | line"] && outcome.errors.hasSuffix("\n0\n"), "\(outcome)")
      #expect(outcome.errors.contains("nobody reads any more what it prints"), "\(outcome.errors)")
    }
  }
}
