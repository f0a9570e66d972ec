import Glibc
import Testing

/// `tap`: watching without taking, and without holding up anyone.
@Suite struct TapTests {
  // Seen red: with a tap that begins at the queue's head.
  @Test func showsASlowFlowWholeAndInOrder() throws {
    try World.withRun(
      """
      queues: {ticks: 10}
      processes:
        tick: {task: tick, with: {every: 10ms}, out: ticks}
        sink: {task: discard, in: ticks}
      """
    ) { world in
      let numbers = try world.run("tap", "ticks", "-n", "20").lines.compactMap { Int($0) }
      let first = try #require(numbers.first)
      #expect(first > 0 && numbers == Array(first..<first + 20), "\(numbers)")
      let later = try world.run("tap", "ticks", "-n", "2", "--format", "json").lines.compactMap { Int($0) }
      #expect(later.count == 2 && later[0] > numbers[19])
    }
  }

  /// Seen to fail: a reader that has gone was taken for a supervisor that has.
  @Test func endsSilentlyWithItsReader() throws {
    try World.withRun(
      """
      queues: {ticks: 10}
      processes:
        tick: {script: "for i = 1, 3 do sleep(1) ticks:put(i) end sleep(3600)", out: {ticks: ticks}}
        sink: {task: discard, in: ticks}
      """
    ) { world in
      let tap = try world.shell("{ $MPORCH tap ticks; echo $? >code; } | head -1; cat code; rm code")
      #expect(tap.lines.last == "0" && tap.lines.count == 2 && tap.errors.isEmpty, "\(tap)")
    }
  }

  /// A flow that begins when `gate` is killed, and then is as fast as can be.
  private func gated(_ source: String, type: String) -> String {
    """
    queues: {flow: {type: \(type), capacity: 64}}
    processes:
      gate: {task: sleep, with: {for: 1h}}
      source: {\(source), out: flow, depends_on: {gate: {condition: completed}}}
      sink: {task: discard, in: flow}
    """
  }

  /// Returns once the process that watches is there.
  private func startTap(_ world: World) throws -> Child {
    let tap = try world.start("tap", "flow", "--format", "json", "-p", "nap")
    #expect(try poll(within: 60) { try watcher(in: world) != nil })
    // It says nothing before something comes through, so that it has begun is seen from outside only.
    usleep(300_000)
    return tap
  }

  private func watcher(in world: World) throws -> pid_t? {
    world.processes.first { readText("/proc/\($0)/comm") == "mporch-tap\n" }
  }

  private func counts(_ lines: [String]) -> (items: [String], notShown: Int) {
    let mark = "{\"notShown\":"
    let skipped = lines.filter { $0.hasPrefix(mark) }.compactMap { Int($0.dropFirst(mark.count).dropLast()) }
    return (lines.filter { !$0.hasPrefix(mark) }, skipped.reduce(0, +))
  }

  // Seen red: with what is skipped not counted.
  @Test func countsExactlyWhatItDoesNotShow() throws {
    let total = 3_000_000
    try World.withRun(gated("task: range, with: {stop: \(total)}", type: "int64")) { world in
      let tap = try startTap(world)
      #expect(try world.run("kill", "gate").status == 0)
      let outcome = try tap.wait(within: 90)
      #expect(outcome.status == 0 && outcome.errors.contains("'flow' is closed"), "\(outcome.errors)")
      let (items, notShown) = counts(outcome.lines)
      let numbers = items.compactMap { Int($0) }
      #expect(numbers.count == items.count && numbers == numbers.sorted() && Set(numbers).count == numbers.count)
      #expect(numbers.count >= 100 && numbers.count + notShown == total, "\(numbers.count) + \(notShown)")
    }
  }

  /// The ring is so small that much is written over while it is copied. Seen to fail: the mark at the ring's end
  /// taken for an item.
  @Test func showsNoItemThatIsNone() throws {
    try World.withRun(gated("task: read-lines, with: {path: lines}", type: "string, bytes: 1KiB")) { world in
      let lines = (0..<100_000).map { "\($0):" + String(repeating: "x", count: $0 % 97) }
      _ = try world.write("lines", lines.joined(separator: "\n"))
      let tap = try startTap(world)
      #expect(try world.run("kill", "gate").status == 0)
      let (items, notShown) = counts(try tap.wait(within: 90).lines)
      #expect(items.count + notShown == lines.count)
      let wrong = items.filter { item in
        let text = item.dropFirst().dropLast()
        guard let colon = text.firstIndex(of: ":"), let number = Int(text[..<colon]) else { return true }
        return !lines.indices.contains(number) || lines[number] != text
      }
      #expect(wrong == [])
    }
  }

  /// Seen to fail: a tap that keeps writers out while it tells; an end that waits for it.
  @Test func aWatcherThatDoesNotReadHoldsUpNobody() throws {
    try World.withRun(gated("task: read-lines, with: {path: lines}", type: "string")) { world in
      // More than what lies between the two takes.
      _ = try world.write("lines", String(repeating: String(repeating: "x", count: 1000) + "\n", count: 50_000))
      let tap = try startTap(world)
      tap.send(SIGSTOP)
      #expect(try world.run("kill", "gate").status == 0)
      // The gate was killed: that is the run's one failure.
      let end = try world.run("wait", within: 60)
      #expect(end.status == 1 && !end.errors.contains("source"), "\(end)")
      #expect(poll(within: 20) { world.processes.allSatisfy { $0 == tap.pid } }, "\(world.processes)")
      tap.send(SIGKILL)
      _ = try tap.wait(within: 10)
    }
  }

  // Seen red: without the watcher's look at its client, and without the last word of who has forked it.
  @Test func neitherSideOutlivesTheOtherAndTheRunGoesOn() throws {
    try World.withRun(gated("task: range, with: {stop: 10}", type: "int64")) { world in
      let killed = try startTap(world)
      killed.send(SIGKILL)
      _ = try killed.wait(within: 10)
      #expect(try poll(within: 10) { try watcher(in: world) == nil })
      let told = try startTap(world)
      kill(try #require(try watcher(in: world)), SIGKILL)
      let outcome = try told.wait(within: 10)
      #expect(outcome.status == 1 && outcome.errors.contains("signal 9 (SIGKILL)"), "\(outcome)")
      #expect(try world.run("ps").text.contains("gate-1"))
      let last = try startTap(world)
      #expect(try world.run("down").status == 0)
      let end = try last.wait(within: 10)
      #expect(end.status == 0 && end.errors.contains("'flow' is closed"), "\(end)")
    }
  }

  /// Seen to fail: a process that does not die with its parent.
  @Test func aKilledSupervisorTakesItAlong() throws {
    try World.withRun(gated("task: range, with: {stop: 10}", type: "int64")) { world in
      let tap = try startTap(world)
      let pid = try #require(
        pid_t(
          try world.run("ls", "--format", "json").text.components(separatedBy: "\"pid\" : ")[1].prefix { $0.isNumber }))
      kill(pid, SIGKILL)
      let outcome = try tap.wait(within: 10)
      #expect(outcome.status == 1 && outcome.errors.contains("the supervisor of this run was killed"), "\(outcome)")
    }
  }
}
