import Glibc
import Testing

/// A count of words whose workers are killed at random is, bit for bit, that of an undisturbed run.
@Suite(.serialized) struct DurableWordsTests {
  /// Long words and short, seldom ones and frequent, so that tables grow while they are counted.
  private static func text(lineCount: Int) -> String {
    var random = SystemRandomNumberGenerator()
    var text = ""
    for _ in 0..<lineCount {
      for _ in 0..<8 {
        let number = UInt64.random(in: 0..<1 << UInt64.random(in: 2...15), using: &random)
        text += number.isMultiple(of: 5) ? "a-word-that-fits-no-slot-\(number) " : "w\(number) "
      }
      text += "\n"
    }
    return text
  }

  private static func counts(_ text: String) -> [String] {
    var counts: [Substring: Int] = [:]
    for word in text.split(whereSeparator: \.isWhitespace) { counts[word, default: 0] += 1 }
    return counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.map {
      "\($0.value) \($0.key)"
    }
  }

  /// Kills instances at random: each so often, since their pauses grow, or until the run is over. Gives how often in all.
  private static func harass(_ names: [String], times: Int, of run: Child, in world: World) throws -> Int {
    var left = names.flatMap { Array(repeating: $0, count: times) }.shuffled()
    var kills = 0
    while let name = left.last, isRunning(run) {
      // Refused where it is between two lives, or has not begun.
      if try world.run("kill", "-p", "harassed", "-s", "KILL", name).status == 0 {
        kills += 1
        left.removeLast()
      } else {
        left.shuffle()
      }
      usleep(.random(in: 0..<20_000))
    }
    return kills
  }

  private static func isRunning(_ child: Child) -> Bool {
    var information = siginfo_t()
    return waitid(P_PID, id_t(child.pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_signo == 0
  }

  private static let again = "restart: on-failure, restart_delay: 1ms"

  @Test func countsAsIfNobodyHadBeenKilled() throws {
    try World.with { world in
      let text = Self.text(lineCount: 20_000)
      _ = try world.write("text.txt", text)
      let file = try world.write(
        "harassed.yaml",
        """
        queues: {lines: {type: string}, some: {type: string, capacity: 64, max_deliveries: 1000}, counts: {}}
        processes:
          read: {task: read-lines, with: {path: text.txt}, out: lines}
          slowly: {task: throttle, with: {rate: 8000}, in: lines, out: some}
          count: {task: count-words, replicas: 3, in: some, out: counts, \(Self.again)}
          merge: {task: merge-counts, in: counts, \(Self.again)}
        """)
      let run = try world.start("up", "--no-log-prefix", file)
      let kills = try Self.harass(["count-1", "count-2", "count-3"], times: 8, of: run, in: world)
      let outcome = try run.wait(within: 90)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(kills > 12, "\(kills)")
      #expect(outcome.lines == Self.counts(text))
    }
  }

  @Test func mergesAsIfItHadNotBeenKilled() throws {
    try World.with { world in
      let text = Self.text(lineCount: 1_500).replacing(" ", with: "\n")
      _ = try world.write("text.txt", text)
      let file = try world.write(
        "harassed.yaml",
        """
        queues: {lines: {type: string}, some: {type: string}, counts: {capacity: 64, max_deliveries: 1000}, all: {capacity: 8}}
        processes:
          read: {task: read-lines, with: {path: text.txt}, out: lines}
          slowly: {task: throttle, with: {rate: 8000}, in: lines, out: some}
          one: {task: map, with: {expr: "item == '' and map{} or {[item] = 1}"}, in: some, out: counts}
          merge: {task: merge-counts, in: counts, out: all, \(Self.again)}
          write: {task: write-lines, with: {path: counts.txt}, in: all}
        """)
      let run = try world.start("up", file)
      let kills = try Self.harass(["merge-1"], times: 10, of: run, in: world)
      let outcome = try run.wait(within: 90)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(kills > 6, "\(kills)")
      let expected = Self.counts(text).map {
        let parts = $0.split(separator: " ")
        return "{\"word\": \"\(parts[1])\", \"count\": \(parts[0])}\n"
      }.joined()
      #expect(String(decoding: readBytes("\(world.folder)/counts.txt"), as: UTF8.self) == expected)
    }
  }

  /// Seen to fail: what it had absorbed taken for lost.
  @Test func goesOnAfterACommandHasStoppedIt() throws {
    try World.with { world in
      let text = Self.text(lineCount: 4_000)
      _ = try world.write("text.txt", text)
      let file = try world.write(
        "harassed.yaml",
        """
        queues: {lines: {type: string}, some: {type: string, capacity: 64}, counts: {}}
        processes:
          read: {task: read-lines, with: {path: text.txt}, out: lines}
          slowly: {task: throttle, with: {rate: 2000}, in: lines, out: some}
          count: {task: count-words, with: {durable: true}, in: some, out: counts}
          merge: {task: merge-counts, in: counts}
        """)
      let run = try world.start("up", "--no-log-prefix", file)
      #expect(try poll(within: 60) { try world.run("ps", "-p", "harassed").lines.contains(where: Self.hasAbsorbed) })
      for command in ["restart", "stop", "start"] {
        let outcome = try world.run(command, "-p", "harassed", "count")
        #expect(outcome.status == 0, "\(command): \(outcome.errors)")
      }
      let outcome = try run.wait(within: 90)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == Self.counts(text))
    }
  }

  /// A line of `ps` with items that went into `count-1`.
  private static func hasAbsorbed(_ line: String) -> Bool {
    let fields = line.split(separator: " ")
    return fields.first == "count-1" && fields.count > 8 && (Int(fields[8]) ?? 0) > 100
  }
}
