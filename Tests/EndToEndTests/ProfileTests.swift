import Testing

/// Processes that run only where their profile is chosen.
@Suite(.serialized) struct ProfileTests {
  private static let text = """
    queues: [q]
    processes:
      feed: {task: items, with: {items: [1, 2]}, out: q, profiles: [full]}
      show: {task: print, in: q}
      extra: {script: 'print("extra")', profiles: [debug, full]}
    """

  /// Seen red when a queue without writers was open.
  @Test func aQueueWhoseOnlyWriterIsNotChosenEndsAtOnce() throws {
    try World.with { world in
      let up = try world.run("up", try world.write("p.yaml", Self.text))
      #expect(up.status == 0 && up.text.isEmpty, "\(up.text)")
      let warning = "p.yaml:1:10: warning: queue 'q' is read and never written"
      #expect(up.errors.contains(warning) && up.errors.contains("'--profile full'"), "\(up.errors)")
    }
  }

  /// Seen to fail: a pipe without a writer that is open.
  @Test func aPipeWhoseOtherEndIsNotChosenEndsAtOnce() throws {
    try World.with { world in
      let file = try world.write(
        "p.yaml",
        """
        pipes: {p: simplex}
        processes:
          say: {script: 'output:send("x")', out: p, profiles: [full]}
          hear: {script: 'print(select(2, input:receive()))', in: p}
        """)
      let up = try world.run("up", file)
      #expect(up.status == 0 && up.lines == ["hear-1  | closed"], "\(up.text)\(up.errors)")
    }
  }

  /// Seen to fail: profiles of both.
  @Test func profilesAreChosenByFlagOrElseByTheEnvironment() throws {
    try World.with { world in
      let file = try world.write("p.yaml", Self.text)
      let environment = ["MPORCH_PROFILES": "other, full"]
      let lines = ["show-1   | 1", "show-1   | 2", "extra-1  | extra"].sorted()
      #expect(try world.run("up", file, "--profile", "full").lines.sorted() == lines)
      #expect(try world.run("up", file, environment: environment).lines.sorted() == lines)
      let flagged = try world.run("up", file, "--profile", "debug", environment: environment)
      #expect(flagged.lines == ["extra-1  | extra"])
    }
  }

  /// Seen to fail: profiles not looked at.
  @Test func aDependencyOnAProcessThatIsNotChosenIsAnErrorThatNamesTheProfile() throws {
    try World.with { world in
      let file = try world.write(
        "p.yaml",
        "processes:\n  a: {script: x(), profiles: [debug]}\n  b: {script: x(), depends_on: {a: {condition: completed}}}\n"
      )
      let up = try world.run("up", file)
      let words = "process 'b' depends on 'a', which only runs under the profile 'debug'"
      #expect(up.status == 65 && up.errors.contains("p.yaml:3:33: error: \(words)"), "\(up.errors)")
    }
  }
}
