import Glibc
import Testing

/// `put` and `get` at external queues: what goes in comes out, whatever is killed meanwhile.
@Suite struct GetPutTests {
  private static let topology = """
    queues:
      jobs: {external: true, capacity: 4}
      words: {external: true, type: string}
      small: {external: true, type: uint8, bytes: 8}
      huge: {external: true, type: uint64}
      flags: {external: true, type: bool}
      raw: {external: true, type: bytes}
      strict: {external: true, capacity: 1, on_full: fail}
      newest: {external: true, capacity: 2, on_full: drop_old}
      oldest: {external: true, capacity: 2, on_full: drop_new}
      closed: 10
    processes:
      wait: {task: sleep, with: {for: 1000s}}
      pass: {task: items, with: {items: [1]}, out: closed}
      sink: {task: discard, in: closed}
    """

  /// Seen to fail: `--` was an item; so was an option with a slip in it.
  @Test func whatBeginsWithADashComesBehindTwo() throws {
    try World.withRun(Self.topology) { (world) throws in
      #expect(try world.mporch(["put", "words", "--", "-f", "--", "-p"]).status == 0)
      #expect(try world.mporch(["put", "words", "--raw", "-5"]).status == 0)
      #expect(try world.run("get", "words", "--all").text == "-f\n--\n-p\n-5\n")
      let slip = try world.mporch(["put", "words", "--tiemout", "5s", "hello"])
      #expect(slip.status == 64 && slip.errors.contains("there is no option '--tiemout'"), "\(slip.errors)")
      #expect(try world.run("get", "words", "--all").text.isEmpty)
    }
  }

  // Seen red: with text that is never JSON.
  @Test func anItemIsJSONIfItParsesElseText() throws {
    try World.withRun(Self.topology) { (world) throws in
      let items = ["42", "-5", "hello you", "{\"a\":[1,null]}"]
      #expect(try world.mporch(["put", "jobs"] + items).status == 0)
      #expect(try world.run("get", "jobs", "-n", "4").text == "42\n-5\nhello you\n{\"a\": [1, null]}\n")
      #expect(try world.run("put", "jobs", "--raw", "42").status == 0)
      #expect(try world.run("get", "jobs", "--format", "json").text == "\"42\"\n")
      #expect(try world.mporch(["put", "words", "42", "\"a\\nb\"", "c"]).status == 0)
      #expect(try world.run("get", "words", "--all", "--format", "json").text == "\"42\"\n\"a\\nb\"\n\"c\"\n")
      #expect(try world.mporch(["put", "huge", "18446744073709551615"]).status == 0)
      #expect(try world.run("get", "huge").text == "18446744073709551615\n")
      for wide in ["18446744073709551615", "9223372036854775808"] {
        #expect(try world.mporch(["put", "jobs", wide]).status == 0)
        #expect(try world.run("get", "jobs").text == wide + "\n")
      }
      // Seen to fail: put as texts, another value than was written.
      for wide in ["18446744073709551616", "[1e309]"] {
        let refused = try world.mporch(["put", "jobs", wide])
        #expect(refused.status == 1 && refused.errors.contains("no item holds"), "\(refused)")
      }
      #expect(try world.mporch(["put", "huge", "1e19"]).status == 0)
      #expect(try world.run("get", "huge").text == "10000000000000000000\n")
      #expect(try world.mporch(["put", "flags", "true"]).status == 0)
      #expect(try world.run("get", "flags").text == "true\n")
    }
  }

  // Seen red: with bytes that are repaired on the way.
  @Test func linesOfStandardInputArriveAsTheyAre() throws {
    try World.withRun(Self.topology) { world in
      let path = try world.write("bytes", [0xFF, 0x00, 0x41, 0x0A, 0x0A, 0xC3, 0xA9])
      let put = try world.shell("$MPORCH put raw - <\(path)")
      #expect(put.status == 0, "\(put)")
      #expect(try world.run("get", "raw", "--all").output == [0xFF, 0x00, 0x41, 0x0A, 0x0A, 0xC3, 0xA9, 0x0A])
      let lines = (0..<5000).map { "line \($0)" }.joined(separator: "\n") + "\n"
      let path2 = try world.write("lines", lines)
      let putter = try world.shell(
        "$MPORCH get jobs -n 5000 >got & $MPORCH put jobs - <\(path2) && wait && cat got; rm got")
      #expect(putter.status == 0 && putter.text == lines, "\(putter.errors)")
    }
  }

  private static let misfits: [([String], String)] = [
    (
      ["put", "small", "1", "256"],
      "256 is out of the range of uint8; 1 item was put before\n      = help: uint8 goes from 0 to 255"
    ),
    (["put", "small", "x"], "'x' is no uint8"), (["put", "flags", "1"], "'1' is no bool"),
    (["put", "strict", "1", "2"], "'strict' is full, and its on_full is fail; 1 item was put before"),
    (["put", "oldest", "1", "2", "3"], "1 of 3 items were dropped"),
    (
      ["put", "jobs", "1", "2", "3", "4", "5", "--timeout", "0"],
      "'jobs' is full, and no room came in time; 4 items were put before"
    ),
    (["put", "jobs", "1", "2", "3", "4", "5", "--timeout", "200ms"], "'jobs' is full, and no room came in time"),
    (["get", "jobs", "--timeout", "0"], "no item came from 'jobs' within 0.0s"),
    (["get", "jobs", "-n", "2", "--timeout", "200ms"], "no item came from 'jobs' within 0.2s"),
    (
      ["get", "closed"],
      "nap.yaml:11:3: error: queue 'closed' is not open to commands\n      = help: add 'external: true' to it in line 11"
    ),
    (["put", "closed", "1"], "nap.yaml:11:3: error: queue 'closed' is not open to commands"),
    (["put", "joobs", "1"], "did you mean 'jobs'?"), (["get", "wait"], "has no resource 'wait'"),
    (["get", "jobs[1]"], "'jobs' is a queue: it has no elements"),
  ]

  // Seen red: with every number taken as int64.
  @Test func refusesByName() throws {
    try World.withRun(Self.topology) { world in
      for (arguments, words) in Self.misfits {
        let outcome = try world.mporch(arguments)
        #expect(outcome.status == 1 && outcome.errors.contains(words), "\(arguments): \(outcome)")
        for queue in ["jobs", "small", "strict", "oldest"] { _ = try world.run("get", queue, "--all") }
      }
    }
  }

  /// Seen to fail: `drop_old` as `drop_new`.
  @Test func aFullQueueDoesWhatItsDeclarationSays() throws {
    try World.withRun(Self.topology) { world in
      #expect(try world.run("put", "newest", "1", "2", "3").status == 0)
      #expect(try world.run("get", "newest", "--all").lines == ["2", "3"])
      // Waits until there is room.
      let put = try world.start("put", "jobs", "1", "2", "3", "4", "5")
      _ = try world.inspect("jobs") { $0.contains("waiting to put  mporch put (pid ") }
      #expect(try world.run("get", "jobs").text == "1\n")
      #expect(try put.wait(within: 30).status == 0)
      #expect(try world.run("get", "jobs", "--all").lines == ["2", "3", "4", "5"])
    }
  }

  // Seen red: with an item finished when it was sent, not when it was acknowledged.
  @Test func anItemThatCanNotBeWrittenGoesBack() throws {
    try World.withRun(Self.topology) { world in
      #expect(try world.run("put", "jobs", "1", "2", "3", "4").status == 0)
      let get = try world.shell("$MPORCH get jobs -n 4 >/dev/full")
      #expect(get.status == 1 && get.errors.contains("went back to 'jobs'"), "\(get)")
      _ = try world.inspect("jobs") { $0.contains("readers         0") }
      #expect(try world.run("get", "jobs", "--all").lines == ["1", "2", "3", "4"])
    }
  }

  /// One that waits for items, and is stopped before any come.
  private func stoppedGetter(_ world: World) throws -> Child {
    let getter = try world.start("get", "words", "-n", "3", "-p", "nap")
    _ = try world.inspect("words") { $0.contains("waiting to get  mporch get (pid ") }
    getter.send(SIGSTOP)
    #expect(try world.run("put", "words", "a", "b", "c").status == 0)
    _ = try world.inspect("words") { $0.contains(" by mporch get (pid ") }
    return getter
  }

  /// Seen to fail: items finished when they were sent.
  @Test(arguments: [false, true]) func whoeverIsKilledWithItemsTheyGoBackInOrder(killsCourier: Bool) throws {
    try World.withRun(Self.topology) { world in
      let getter = try stoppedGetter(world)
      if killsCourier {
        let courier = try #require(world.processes.first { readText("/proc/\($0)/comm") == "mporch-courier\n" })
        kill(courier, SIGKILL)
      } else {
        getter.send(SIGKILL)
      }
      _ = try world.inspect("words") { $0.contains("readers         0") }
      #expect(try world.run("get", "words", "--all").lines == ["a", "b", "c"])
      getter.send(SIGCONT)
      let outcome = try getter.wait(within: 30)
      #expect(killsCourier ? outcome.status == 1 && outcome.errors.contains("SIGKILL") : outcome.status == 137)
    }
  }

  /// Seen to fail: items of a message put from its end.
  @Test func aKilledPutHasPutAPrefix() throws {
    try World.withRun(Self.topology) { world in
      let lines = (0..<20_000).map { "line \($0)" }
      let path = try world.write("lines", lines.joined(separator: "\n"))
      for round in 0..<8 {
        let put = try world.start("put", "words", "-", "-p", "nap", input: lines.joined(separator: "\n"))
        let got = try world.start("get", "words", "--follow", "--timeout", "1s", "-p", "nap")
        usleep(UInt32(round) * 15_000)
        put.send(SIGKILL)
        _ = try put.wait(within: 10)
        let outcome = try got.wait(within: 60)
        #expect(outcome.status == 0 && outcome.lines == Array(lines.prefix(outcome.lines.count)), "\(path)")
      }
      _ = try world.inspect("words") { $0.contains("writers         0") }
    }
  }

  // Seen red: without the last word of who has forked the courier.
  @Test func theEndOfTheRunIsTold() throws {
    try World.withRun(Self.topology) { world in
      let getter = try world.start("get", "words", "-p", "nap")
      let follower = try world.start("get", "words", "--follow", "-p", "nap")
      #expect(try world.run("put", "jobs", "1", "2", "3", "4").status == 0)
      let putter = try world.start("put", "jobs", "5", "-p", "nap")
      _ = try world.inspect("jobs") { $0.contains("waiting to put  mporch put") }
      _ = try world.inspect("words") { $0.contains("readers         2") }
      #expect(try world.run("ps", "-a").text.contains("courier") == false)
      #expect(try world.run("down").status == 0)
      let (got, put) = (try getter.wait(within: 10), try putter.wait(within: 10))
      #expect(got.status == 1 && got.errors.contains("the run has ended"), "\(got)")
      #expect(put.status == 1 && put.errors.contains("the run has ended"), "\(put)")
      #expect(try follower.wait(within: 10).status == 0)
    }
  }

  /// A run whose process puts 500 items at once and ends, while who takes them is stopped.
  private func drained(_ world: World, _ body: (_ up: Child, _ getter: Child) throws -> Void) throws {
    let file = try world.write(
      "last.yaml",
      """
      queues: {q: {external: true}}
      processes: {s: {script: "sleep(2) for i = 1, 500 do q:put(i) end", out: {q: q}}}
      """)
    let up = try world.start("up", file)
    #expect(try poll(within: 30) { try world.run("ps", "-q", "-p", "last").lines.count == 1 })
    let getter = try world.start("get", "q", "--follow", "-p", "last")
    _ = try world.inspect("q") { $0.contains("readers         1") }
    getter.send(SIGSTOP)
    #expect(try poll(within: 30) { try world.run("ps", "-a", "-p", "last").text.contains("succeeded") })
    try body(up, getter)
  }

  /// Seen to fail: couriers killed when the last process had ended.
  @Test func whatLiesInAQueueAtTheRunsEndIsForWhoWaits() throws {
    try World.with { world in
      try drained(world) { up, getter in
        getter.send(SIGCONT)
        let got = try getter.wait(within: 30)
        #expect(got.status == 0 && got.lines == (1...500).map(String.init), "\(got)")
        let end = try up.wait(within: 30)
        #expect(end.status == 0 && !end.errors.contains("gone with the run"), "\(end.errors)")
      }
    }
  }

  /// Seen to fail: nothing said.
  @Test func whatNobodyTakesIsTold() throws {
    let outcome = try World.run(
      topology: """
        queues: {q: {external: true}}
        processes: {s: {task: range, with: {stop: 5}, out: q}}
        """)
    #expect(
      outcome.status == 0
        && outcome.errors.contains(
          "nap.yaml:1:10: warning: 5 items that nobody has taken are gone with the run: they were in queue 'q'"),
      "\(outcome)")
  }

  /// Seen to fail: a Ctrl-C that is for running processes only.
  @Test func theEndIsNotHeldUpByWhoDoesNotTake() throws {
    try World.with { world in
      try drained(world) { up, getter in
        usleep(500_000)
        #expect(world.processes.contains(up.pid))
        up.send(SIGINT)
        let end = try up.wait(within: 30)
        #expect(end.status == 130 && end.errors.contains("500 items that nobody has taken are gone"), "\(end)")
        getter.send(SIGKILL)
        _ = try getter.wait(within: 10)
      }
    }
  }

  /// As `head` leaves it. Seen to fail: a reader that has gone was taken for a supervisor that has.
  @Test func whoReadsNoMoreEndsTheCommandAndTakesNothing() throws {
    try World.withRun(Self.topology) { world in
      for (arguments, status) in [("--follow", 0), ("-n 3", 1)] {
        #expect(try world.run("put", "words", "a").status == 0)
        let get = try world.shell("{ $MPORCH get words \(arguments); echo $? >code; } | head -1; cat code; rm code")
        #expect(get.lines == ["a", "\(status)"] && !get.errors.contains("supervisor"), "\(get)")
        #expect(status == 0 ? get.errors.isEmpty : get.errors.contains("went back to 'words'"), "\(get)")
        _ = try world.inspect("words") { $0.contains("readers         0") }
        #expect(try world.run("put", "words", "b").status == 0)
        #expect(try world.run("get", "words", "--all").text == "b\n")
      }
    }
  }

  private func say(_ text: String, to socket: Int32) {
    _ = Array(text.replacing("'", with: "\"").utf8).withUnsafeBytes {
      send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
  }

  /// Seen to fail: more items acknowledged than were sent.
  @Test func rubbishEndsItsOwnConnectionOnly() throws {
    try World.withRun(Self.topology) { world in
      #expect(try world.run("put", "jobs", "7").status == 0)
      for first in [
        "{'put':{'resource':'jobs'}}", "{'get':{'_0':{'resource':'jobs'}}}", "{'tap':{'resource':'jobs'}}",
        "{'get':{'_0':{'resource':'jobs','itemLimit':-5,'patienceSeconds':-1e400}}}", "[1", "",
      ] {
        for rubbish in ["\u{0}\u{1}rubbish\n", "{'taken':{'_0':99}}\n", "{'put':{'_0':[{}]}}\n"] {
          let socket = try #require(world.connect(to: "nap"))
          say(first + "\n", to: socket)
          // What comes sooner is the supervisor's to read, and not that of who serves it.
          var answer = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
          poll(&answer, 1, 500)
          say(rubbish, to: socket)
          usleep(20_000)
          close(socket)
        }
      }
      _ = try world.inspect("jobs") { $0.contains("readers         0") && $0.contains("writers         0") }
      #expect(
        poll(within: 10) { world.processes.allSatisfy { !readText("/proc/\($0)/comm").hasPrefix("mporch-courier") } })
      #expect(try world.run("put", "jobs", "1").status == 0)
      #expect(try world.run("get", "jobs", "-n", "2", "--timeout", "5s").text == "7\n1\n")
    }
  }
}
