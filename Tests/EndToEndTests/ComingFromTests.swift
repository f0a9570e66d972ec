import Testing

/// What docs/coming-from.md promises to those who come from elsewhere, row by row.
@Suite struct ComingFromTests {
  /// Flags of Compose's that are said to be there under the same name. Seen to fail: with one that is not.
  @Test(arguments: [
    ("up", ["-d", "--wait", "--wait-timeout", "--scale", "--attach", "--no-log-prefix", "--timestamps", "--dry-run"]),
    ("up", ["--timeout", "--profile", "--env-file", "-f", "-p"]), ("down", ["--timeout"]),
    ("ps", ["-a", "-q", "--format"]), ("logs", ["-f", "-t", "--tail", "--since", "--until", "--no-log-prefix"]),
    ("kill", ["-s"]), ("stop", ["--timeout"]), ("top", ["--once"]), ("events", ["--format", "--since"]),
    ("ls", ["-q", "--format"]), ("graph", ["--format"]),
  ])
  func flagsThatAreTheSameAreThere(command: String, flags: [String]) throws {
    try World.with { world in
      let help = try world.run(command, "--help").text
      let words = Set(help.split { " \n[]<>,=".contains($0) })
      for flag in flags { #expect(words.contains(Substring(flag)), "\(command) \(flag)") }
    }
  }

  /// A file of Compose's, as the page says that it is written here.
  @Test func aFileOfComposesRuns() throws {
    try World.with { world in
      _ = try world.write(".env", "NAME=file\n")
      _ = try world.write("web.env", "MODE=own\n")
      let file = try world.write(
        "shop.yaml",
        #"""
        x-common: &common
          environment: {MODE: common, NAME: "${NAME}"}
          stop_signal: SIGINT
          stop_grace_period: 2s
        processes:
          db:
            <<: *common
            run: ["/bin/sh", "-c", "echo db $MODE $NAME"]
            restart: on-failure:3
          cache:
            <<: *common
            run: echo ready; sleep 60
            healthcheck: {test: "true", interval: 1s, timeout: 1s, retries: 3, start_period: 1s}
          web:
            <<: *common
            env_file: web.env
            environment: {NAME: "${OTHER:-web}"}
            run: echo web $MODE $NAME
            replicas: 2
            depends_on:
              db: {condition: completed_successfully}
              cache: {condition: healthy}
          debug: {run: echo never, profiles: [debug]}
        """#)
      #expect(try world.run("up", "-d", "--wait", "--wait-timeout", "30s", file).status == 0)
      let isThere = try poll(within: 30) { try world.run("logs", "-p", "shop").lines.count == 4 }
      #expect(isThere)
      let lines = try world.run("logs", "-p", "shop").lines.sorted()
      #expect(
        lines == ["cache-1  | ready", "db-1     | db common file", "web-1    | web own web", "web-2    | web own web"])
      #expect(try world.run("down", "-p", "shop", "--timeout", "5s").status == 0)
    }
  }

  /// As the page says: Compose's `-f` adds to lists, here a later one takes the earlier one's place.
  @Test func listsOfALaterFileTakeTheEarliersPlace() throws {
    try World.with { world in
      let first = try world.write("a.yaml", "processes: {a: {run: [echo, a, b], environment: {A: 1, B: 1}}}\n")
      let second = try world.write("b.yaml", "processes: {a: {run: [echo, c], environment: {B: 2}}}\n")
      let text = try world.run("config", "-f", first, "-f", second).text
      #expect(text.contains("run: [echo, c]") && text.contains(/A: .?1/) && text.contains(/B: .?2/), "\(text)")
    }
  }

  /// What is said not to be there is not: `up SERVICE`, a `.env` that processes have.
  @Test func whatIsNotThereIsSaid() throws {
    try World.with { world in
      _ = try world.write(".env", "TOKEN=secret\n")
      let file = try world.write("a.yaml", "processes: {a: {run: 'echo [$TOKEN] ${TOKEN}'}}\n")
      #expect(try world.run("up", "--no-log-prefix", file).lines == ["[] secret"])
      #expect(try world.shell("cd \(world.folder) && $MPORCH up a").status == 66)
    }
  }
}
