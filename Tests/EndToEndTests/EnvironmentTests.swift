import Testing

/// Variables of every process, and those of one.
@Suite struct EnvironmentTests {
  private static let topology = """
    name: env
    env_file: .env
    environment: {B: top, C: top, D: top}
    processes:
      plain: {run: "echo $A $B $C $D"}
      own: {run: "echo $A $B $C $D", env_file: own.env, environment: [D=process]}
      without: {run: "echo [$B]", environment: {B: }}
    """

  /// Seen to fail: unknown keys; the top's `environment` over a process's `env_file`.
  @Test func thoseAtTheTopHoldForAllAndAProcessesOwnWin() throws {
    try World.with { world in
      _ = try world.write(".env", "A=file\nB=file\n")
      _ = try world.write("own.env", "C=own\n")
      let file = try world.write("env.yaml", Self.topology)
      let up = try world.run("up", file)
      #expect(
        up.lines.sorted() == ["own-1      | file top own process", "plain-1    | file top top top", "without-1  | []"],
        "\(up)")
    }
  }

  /// Seen to fail: a second reading of it without them.
  @Test func whatConfigPrintsHasThem() throws {
    try World.with { world in
      _ = try world.write(".env", "A=file\nB=file\n")
      _ = try world.write("own.env", "C=own\n")
      let text = try world.run("config", try world.write("env.yaml", Self.topology)).text
      #expect(text.contains("environment:\n  A: file\n  B: top\n  C: top\n  D: top\n"), "\(text)")
      let again = try world.write("again.yaml", text)
      #expect(try world.run("config", again).text == text)
      #expect(try world.run("up", again).lines.contains("without-1  | []"))
    }
  }

  #if Lua
    /// Seen to fail: a pool's workers without them.
    @Test func aPoolsWorkersHaveThem() throws {
      try World.with { world in
        let file = try world.write(
          "pool.yaml",
          """
          environment: {GREETING: hello}
          pools: {p: {size: 1, script: "return function(x) return os.getenv('GREETING') end"}}
          processes: {a: {script: "print(p:apply(1))", use: p}}
          """)
        #expect(try world.run("up", "--no-log-prefix", file).lines == ["hello"])
      }
    }
  #endif

  /// Seen to fail: no word of it, and `mporch up` printing the names.
  @Test func aNameWithoutBracesIsWarnedOf() throws {
    try World.with { world in
      let file = try world.write(
        "dollar.yaml",
        """
        name: dollar
        processes:
          a: {run: [echo, "http://localhost:$PORT"]}
          b: {run: printenv URL, environment: {PORT: 8080, URL: "http://localhost:$PORT"}}
          c: {run: "echo $$PORT", environment: {PORT: 8080}}
          d: {run: "echo $PORT", environment: {PORT: 8080}}
          e: {run: [awk, "{print $NF}"]}
          f: {run: [sh, -c, "echo $PORT"]}
        """)
      let check = try world.run("check", file)
      #expect(check.status == 0)
      let warnings = check.text.split(separator: "\n").filter { $0.contains(": warning: ") }
      try #require(warnings.count == 3, "\(check.text)")
      #expect(warnings[0].contains("3:19: warning: '$PORT' in 'run' of process 'a' stays as it is"))
      #expect(warnings[1].contains("4:57: warning: '$PORT' in 'environment' of process 'b' stays as it is"))
      #expect(warnings[2].contains("5:12: warning: '$$PORT' in 'run' of process 'c' is the shell's process id"))
      #expect(check.text.split(separator: "\n").count { $0.contains("write ${PORT}") } == 3, "\(check.text)")
    }
  }
}
