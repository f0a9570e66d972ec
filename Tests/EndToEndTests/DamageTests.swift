import Glibc
import Testing

/// Something writes into the shared memory of a run that lives, where nothing may.
@Suite(.serialized) struct DamageTests {
  private static let topology = """
    name: nap
    queues: {lines: {type: string}, counts: , numbers: {type: int64, on_full: drop_old}}
    locks: [ledger]
    semaphores: {slots: 2}
    barriers: {meet: 2}
    processes:
      w: {script: "while true do output:put('a line') sleep(0.001) end", out: lines, restart: always, restart_delay: 10ms}
      r: {script: "for line in input:items() do output:put(#line) end", in: lines, out: counts, replicas: 2, restart: always, restart_delay: 10ms}
      c: {task: discard, in: counts}
      n: {task: tick, with: {every: 1ms}, out: numbers}
      s: {task: sum, in: numbers, restart: always}
      p: {script: "while true do slots:acquire() ledger:acquire() ledger:release() slots:release() meet:wait(1) sleep(0.001) end", use: [slots, ledger, meet], replicas: 2, restart: always}
    """

  /// The memory of the run, by way of its supervisor.
  private func memory(in world: World) throws -> Int32 {
    let worker = try #require(try world.run("ps", "--format", "json").pid(of: "c-1"))
    let status = String(decoding: readBytes("/proc/\(worker)/status"), as: UTF8.self)
    let parent = try #require(status.components(separatedBy: "PPid:\t").last?.prefix { $0.isNumber })
    let folder = "/proc/\(parent)/fd"
    for name in names(in: folder) {
      var target = [CChar](repeating: 0, count: 256)
      let length = readlink("\(folder)/\(name)", &target, 255)
      guard length > 0,
        String(decoding: target[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self).contains("memfd:mporch-nap")
      else { continue }
      return open("\(folder)/\(name)", O_RDWR | O_CLOEXEC)
    }
    return -1
  }

  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  /// Wherever the words go: the supervisor answers, and ends all.
  /// Seen to fail: the supervisor waited for a lock that nobody held, and answered no more.
  @Test(arguments: 0..<6 as Range<UInt64>) func strayWordsAnywhereStopNeitherPsNorDown(seed: UInt64) throws {
    try World.with { world in
      let up = try world.run("up", "-d", try world.write("nap.yaml", Self.topology))
      #expect(up.status == 0, "\(up)")
      let memory = try memory(in: world)
      try #require(memory >= 0, "the memory of a run of this user's is there to be opened")
      defer { close(memory) }
      var random = Generator(state: seed &* 7919 &+ 1)
      let rows = try world.run("ps", "-p", "nap", "--format", "json")
      for _ in 0..<3000 {
        // What counts lies at the start: the workers, their groups, the first queue.
        var word = UInt32.random(in: Bool.random(using: &random) ? 0...9 : 0 ... .max, using: &random)
        pwrite(memory, &word, 4, off_t(Int.random(in: 0..<(16 << 10), using: &random) * 4))
      }
      // Each is to be repaired.
      for pid in ["w-1", "r-1", "p-1"].compactMap(rows.pid) { kill(pid, SIGKILL) }
      usleep(300_000)
      let names = ["lines", "counts", "numbers", "ledger", "slots", "meet"]
      // An answer; if the run is over by now, that it is.
      _ = try world.mporch(["inspect", "-p", "nap"] + names, within: 30)
      let ps = try world.run("ps", "-p", "nap", within: 30)
      #expect(ps.status == 0, "\(ps)")
      let down = try world.run("down", "-p", "nap", "--timeout", "1s", within: 60)
      #expect(down.status == 0, "\(down)")
      let log = try world.run("logs", "mporch").text
      #expect(!log.contains("supervisor"), "\(log)")
    }
  }

  /// Nobody of the supervisor's waits for this one: it looks.
  /// Seen to fail: the run stood, unseen.
  @Test func aQueueThatIsDamagedEndsTheRunByName() throws {
    try World.with { world in
      let file = try world.write("nap.yaml", Self.topology)
      let up = try world.start("up", file)
      #expect(try poll(within: 60) { try world.run("ps", "-p", "nap", "--format", "json").pid(of: "c-1") != nil })
      let memory = try memory(in: world)
      try #require(memory >= 0)
      defer { close(memory) }
      // Behind a page for each of the eight workers, and one for their groups: a queue, its lock and its positions.
      var words = [UInt32](repeating: 0x0055_5555, count: 1024)
      for page in 9..<12 { pwrite(memory, &words, 4096, off_t(page * 4096)) }
      let outcome = try up.wait(within: 60)
      #expect(outcome.status == 1, "\(outcome)")
      #expect(outcome.errors.contains("nap.yaml:") && outcome.errors.contains("is damaged"), "\(outcome.errors)")
      #expect(outcome.errors.contains("the run stops: its shared memory is damaged"), "\(outcome.errors)")
    }
  }
}
