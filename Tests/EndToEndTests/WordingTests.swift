import Testing

/// What the commands say: once, in one form, and with what was most likely meant.
@Suite(.serialized) struct WordingTests {
  /// Seen to fail: errors told twice.
  @Test func aFailureIsToldOnceByAWaitingUp() throws {
    try World.with { world in
      let file = try world.write(
        "half.yaml",
        """
        name: half
        processes:
          bad: {task: exit, with: {code: 7}}
          slow: {task: sleep, with: {for: 1s}}
          nap: {task: sleep, with: {for: 1h}, depends_on: {slow: {condition: completed}}}
        """)
      // It returns though the other process goes on.
      let up = try world.run("up", "-d", "--wait", file, within: 60)
      #expect(up.status == 1)
      #expect(up.errors.split(separator: "\n").count { $0.contains("exited with code 7") } == 1, "\(up.errors)")
      #expect(up.errors.contains("'half' has not come up: bad-1 has failed"), "\(up.errors)")
      #expect(try world.run("down", "-p", "half").status == 0)
    }
  }

  @Test func anUndeclaredInputHasNoConsequences() throws {
    try World.with { world in
      let file = try world.write("typo.yaml", "queues: [lines]\nprocesses:\n  say: {task: print, in: words}\n")
      let check = try world.run("check", file)
      #expect(check.status == 65)
      #expect(check.text.contains("reads 'words', which no resource declares"))
      #expect(!check.text.contains("nothing to print"), "\(check.text)")
    }
  }

  @Test func whatIsRefusedIsNotCalledUnusedToo() throws {
    try World.with { world in
      let file = try world.write(
        "pool.yaml",
        "pools: {crowd: {size: 2, task: compute, with: {function: square}}}\nprocesses:\n  n: {task: sleep, with: {for: 1ms}}\n"
      )
      let up = try world.run("up", file)
      let said = up.errors.split(separator: "\n").filter { $0.contains("pool.yaml:1:9:") }
      // Either it can be run, and is called unused, or it can't, and is refused.
      #expect(said.count == 1, "\(up.errors)")
    }
  }

  /// Seen to fail: a wrong name given by a flag was the file's error, a process without a log bad usage; a negative
  /// number was taken for another flag.
  @Test func whatIsWrongInTheCommandHasItsOwnExitCode() throws {
    try World.withRun("processes: {nap: {task: sleep, with: {for: 1h}}}\n") { world in
      let named = try world.run("up", "-d", "-p", "9x", "\(world.folder)/nap.yaml")
      #expect(named.status == 64 && named.errors.contains("-p '9x' can't name a run"), "\(named)")
      #expect(!named.errors.contains("nap.yaml: error"))
      #expect(try world.run("logs", "nope").status == 1)
      #expect(try world.run("stop", "nope").status == 1)
      let tail = try world.run("logs", "--tail", "-1")
      #expect(tail.status == 64 && tail.errors.contains("give a number of lines, or 'all'"), "\(tail)")
    }
  }

  /// Seen to fail: no name is near.
  @Test(arguments: ["kill", "stop", "start", "restart", "inspect", "logs"])
  func aNearNameIsSuggested(command: String) throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        values: {counted: int64}
        processes:
          counter: {task: sleep, with: {for: 1h}}
          print: {task: print, use: counted}
        """)
      #expect(try world.run("up", "-d", file).status == 0)
      let outcome = try world.run(command, "countd", "-p", "nap")
      #expect(outcome.status != 0)
      let near = command == "inspect" ? "counted" : "counter"
      #expect(outcome.errors.contains("did you mean '\(near)'?"), "\(outcome.errors)")
      #expect(try world.run("down", "-p", "nap").status == 0)
    }
  }

  /// Seen to fail: progress of nothing in nothing.
  @Test func progressAndRateAreNullWhereThereIsNone() throws {
    try World.with { world in
      let file = try world.write(
        "slow.yaml",
        """
        name: slow
        queues: [ticks]
        processes:
          tick: {task: tick, with: {every: 1h}, out: ticks}
          sort: {task: sort, in: ticks}
        """)
      #expect(try world.run("up", "-d", file).status == 0)
      let rows = try world.run("ps", "-p", "slow", "--format", "json").text
      #expect(!rows.contains(#""total" : 0"#) && rows.contains(#""progress" : null"#), "\(rows)")
      // One item within no less than half a second is at most two a second.
      let rates = rows.matches(of: /"rate" : ([0-9.e+]+)/).compactMap { Double($0.1) }
      #expect(rates.allSatisfy { $0 <= 2 }, "\(rows)")
      #expect(try world.run("down", "-p", "slow").status == 0)
    }
  }

  /// Seen to fail: a table with a heading alone.
  @Test func listingNoRunsSaysSo() throws {
    try World.with { world in
      let table = try world.run("ls")
      #expect(table.status == 0 && table.output.isEmpty && table.errors == "mporch: no run is alive\n")
      let json = try world.run("ls", "--format", "json")
      #expect(json.status == 0 && json.text.filter { !$0.isWhitespace } == "[]")
      let names = try world.run("ls", "-q")
      #expect(names.status == 0 && names.output.isEmpty && names.errors.isEmpty)
    }
  }

  /// Seen to fail: the program's own name taken for a command.
  @Test func helpOfTheProgramItselfIsHelp() throws {
    try World.with { world in
      let help = try world.run("help")
      let own = try world.run("help", "mporch")
      #expect(own.status == 0 && own.output == help.output)
      #expect(try world.run("help", "mporch", "up").output == world.run("help", "up").output)
    }
  }

  /// Seen to fail: a page without it.
  @Test func thePageOfKindsHasATitle() throws {
    try World.with { world in
      let page = try world.run("tasks", "--format", "markdown").text
      #expect(page.hasPrefix("# The built-in kinds\n"))
      #expect(page == readText("\(World.root)/docs/kinds.md"), "out of date: make docs")
      #expect(try world.run("tasks", "crash", "--format", "markdown").text.hasPrefix("# crash\n"))
      #expect(page.contains("`SIGKILL`"))
    }
  }

  /// Seen to fail: the smallest part named.
  @Test func memoryThatCanNotBeHadIsNamed() throws {
    try World.with { world in
      let file = try world.write(
        "huge.yaml",
        """
        arrays: {small: 'int64[4]', huge: 'int64[60000000000]'}
        processes:
          fill: {task: fill, use: huge}
          other: {task: fill, use: small}
        """)
      let up = try world.run("up", file)
      #expect(up.status == 69, "\(up.errors)")
      #expect(up.errors.contains("huge.yaml:1:29: error: the topology needs"), "\(up.errors)")
      #expect(up.errors.contains("array 'huge' (line 1): 447.0GiB"), "\(up.errors)")
      #expect(try world.run("check", file).text.contains("447.0GiB"))
    }
  }
}
