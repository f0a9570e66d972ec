import Glibc
import Testing

/// Many at once: runs, processes, queues, lines; and what holds them is looked at before anything starts.
@Suite(.serialized) struct ManyTests {
  /// Seen to fail: runs that share one folder for their state.
  @Test func severalRunsSideBySideDoNotMeet() throws {
    try World.with { world in
      let numbers = 1...5
      let runs = try numbers.map { number in
        let file = try world.write(
          "run\(number).yaml",
          """
          queues: {q: {type: int64}}
          processes:
            feed: {task: range, with: {stop: \(number * 1000)}, out: q}
            total: {task: count, in: q}

          """)
        return try world.start("up", "--no-log-prefix", file)
      }
      for (number, run) in zip(numbers, runs) {
        let outcome = try run.wait(within: 60)
        #expect(outcome.text == "\(number * 1000)\n", "\(outcome.errors)")
      }
    }
  }

  /// Ninety-eight stages between two ends, a queue between each two. Seen to fail: writers whose success ends as a failure.
  @Test func aHundredProcessesWithAHundredQueues() throws {
    try World.with { world in
      let stages = 98
      var text = "queues: [\((0...stages).map { "q\($0)" }.joined(separator: ", "))]\nprocesses:\n"
      text += "  feed: {task: range, with: {start: 1, stop: 1001}, out: q0}\n"
      for stage in 1...stages {
        text += "  s\(stage): {task: compute, with: {function: negate}, in: q\(stage - 1), out: q\(stage)}\n"
      }
      text += "  total: {task: sum, in: q\(stages)}\n"
      let up = try world.run("up", "--no-log-prefix", try world.write("chain.yaml", text))
      #expect(up.status == 0 && up.text == "500500\n", "\(up.errors)")
    }
  }

  /// Seen to fail: writers whose success ends as a failure.
  @Test func aThousandWorkersOnOneQueue() throws {
    try World.with { world in
      let file = try world.write(
        "thousand.yaml",
        """
        queues: {q: {type: int64}, r: {type: int64}}
        processes:
          feed: {task: range, with: {stop: 5000}, out: q}
          work: {task: compute, with: {function: negate}, replicas: 1000, in: q, out: r}
          total: {task: sum, in: r}

        """)
      let up = try world.run("up", "--no-log-prefix", file, within: 240)
      #expect(up.status == 0 && up.text == "-12497500\n", "\(up.errors)")
    }
  }

  /// Seen to fail: without the look before the start the run begins, and ends half-way.
  @Test func aLimitOfOpenFilesIsNamedBeforeAnythingStarts() throws {
    try World.with { world in
      let file = try world.write(
        "files.yaml", "processes:\n  nap: {task: sleep, with: {for: 1h}, replicas: 100}\n")
      let up = try world.shell("ulimit -n 200; exec $MPORCH up \(file)")
      #expect(up.status == 69)
      #expect(up.errors.contains("files.yaml:2:3: error: the topology needs 364 open files"), "\(up.errors)")
      #expect(up.errors.contains("the limit is 200") && up.errors.contains("ulimit -Hn 364"), "\(up.errors)")
      #expect(up.errors.contains("'nap' (line 2) has 100 replicas"), "\(up.errors)")
    }
  }

  /// What the supervisor needs more of is no worker's: one that waits by `select` could not use it.
  /// Seen to fail: workers that keep the supervisor's limit.
  @Test func aWorkerHasTheLimitOfOpenFilesThatUpHad() throws {
    try World.with { world in
      let file = try world.write("nap.yaml", LifecycleTests.sleeper)
      let up = try world.shell("ulimit -Sn 300; exec $MPORCH up -d \(file)")
      #expect(up.status == 0, "\(up.errors)")
      let worker = try #require(try pid(of: "nap", in: world))
      let limits = readText("/proc/\(worker)/limits").split(separator: "\n")
      let files = try #require(limits.first { $0.hasPrefix("Max open files") })
      #expect(files.split(separator: " ")[3] == "300", "\(files)")
      #expect(try world.run("down", "-p", "nap").status == 0)
    }
  }

  /// A week of a talkative process in small: what is kept of its log is bounded, and its last lines are in it.
  /// Seen to fail: no rotation.
  @Test func rotatedLogsStayBounded() throws {
    try World.with { world in
      let file = try world.write(
        "talk.yaml",
        """
        logging: {max_size: 64KiB, max_files: 3}
        queues: {q: {type: int64}}
        processes:
          feed: {task: range, with: {stop: 200000}, out: q}
          talk: {task: print, in: q}

        """)
      #expect(try world.run("up", "-d", file).status == 0)
      #expect(try world.run("wait", "-p", "talk").status == 0)
      let folder = "\(world.folder)/state/mporch/talk/logs"
      let files = names(in: folder).filter { $0.hasPrefix("talk-1") }
      #expect(files.count == 3, "\(files)")
      #expect(files.allSatisfy { readBytes("\(folder)/\($0)").count <= 64 << 10 })
      #expect(try world.run("logs", "-p", "talk", "talk", "--tail", "1", "--no-log-prefix").text == "199999\n")
    }
  }
}
