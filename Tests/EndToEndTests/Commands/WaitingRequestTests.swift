import Glibc
import Testing

/// Every request that waits has an end when the run has one, and says what became of it.
///
/// The run's processes wait for a file, `open`; none of the requests can be met before.
@Suite struct WaitingRequestTests {
  private static let topology = """
    queues: {empty: {type: int64, external: true}, full: {type: int64, capacity: 1, external: true}}
    processes:
      filler: {run: "echo 1; while ! test -e open; do sleep 0.05; done", out: full}
      writer: {run: "while ! test -e open; do sleep 0.05; done", out: empty}
      deaf: {run: "trap '' TERM; while ! test -e open; do sleep 0.05; done", replicas: 2, stop_grace_period: 100s}
      late: {run: "while ! test -e open; do sleep 0.05; done", ready_log_line: never}
    """

  enum End: CaseIterable {
    case down, supervisorKilled, itsOwn
  }

  /// What a request exits with at each end, and what its last words hold.
  struct Row {
    var arguments: [String]
    var down: (status: Int32, words: String)
    var killed: (status: Int32, words: String)
    var own: (status: Int32, words: String)

    func expected(at end: End) -> (status: Int32, words: String) {
      switch end {
      case .down: down
      case .supervisorKilled: killed
      case .itsOwn: own
      }
    }
  }

  private static let lost = (status: Int32(1), words: "has ")

  private static let rows = [
    Row(
      arguments: ["get", "empty"], down: (1, "nothing more comes from 'empty'"), killed: lost,
      own: (1, "nothing more comes from 'empty'")),
    Row(
      arguments: ["put", "full", "7"], down: (1, "nothing can be put into 'full'"), killed: lost,
      own: (1, "nothing can be put into 'full'")),
    Row(arguments: ["tap", "empty"], down: (0, "'empty' is closed"), killed: lost, own: (0, "'empty' is closed")),
    Row(arguments: ["wait"], down: (0, ""), killed: (1, "the supervisor of this run was killed"), own: (0, "")),
    Row(arguments: ["events"], down: (0, ""), killed: lost, own: (0, "")),
    Row(arguments: ["logs", "-f"], down: (0, ""), killed: (0, ""), own: (0, "")),
    Row(arguments: ["up", "nap.yaml"], down: (0, ""), killed: lost, own: (0, "")),
    Row(
      arguments: ["up", "-d", "--wait", "nap.yaml"], down: (1, "'nap' has not come up: the run was ended before"),
      killed: lost, own: (0, "")),
  ]
  /// Those that change what becomes of the run.
  private static let changes = [
    Row(arguments: ["stop", "deaf-1"], down: (0, ""), killed: lost, own: (0, "")),
    Row(
      arguments: ["restart", "deaf-2"], down: (1, "was overtaken by the end of the run"), killed: lost, own: (0, "")),
  ]
  private static let down = Row(
    arguments: ["down"], down: (0, "'nap' is down"), killed: (0, "'nap' is down"), own: (0, "'nap' is down"))

  /// Seen to fail: `up --wait` of a run that was ended, and `up` and `events` of one whose supervisor was killed, exited
  /// with 0 without a word.
  @Test(arguments: End.allCases) func hasAnEndWhenTheRunHas(end: End) throws {
    try check(Self.rows, at: end) { _, requests, connectionCount in
      let areAsleep = requests.allSatisfy {
        String(decoding: readBytes("/proc/\($0.pid)/stat"), as: UTF8.self).contains(") S ")
      }
      return areAsleep && connectionCount >= requests.count
    }
  }

  @Test(arguments: [End.down, .supervisorKilled]) func aChangeHasAnEndWhenTheRunHas(end: End) throws {
    try check(Self.changes, at: end, whenAsked: Self.areUnderWay)
  }

  @Test(arguments: End.allCases) func anEndHasAnEnd(end: End) throws {
    try check([Self.down], at: end, whenAsked: Self.areUnderWay)
  }

  private static func areUnderWay(_ world: World, _ requests: [Child], _ connectionCount: Int) throws -> Bool {
    try world.run("ps", "-a").lines.count { $0.hasPrefix("deaf") && $0.contains(" stopping ") } >= requests.count
  }

  /// `whenAsked`: whether all requests have come, given how many descriptors more than before them the supervisor has.
  private func check(_ rows: [Row], at end: End, whenAsked: (World, [Child], Int) throws -> Bool) throws {
    try World.with { world in
      let file = try world.write("nap.yaml", Self.topology.replacing("open", with: "\(world.folder)/open"))
      #expect(try world.run("up", "-d", file).status == 0)
      let ls = try world.run("ls", "--format", "json").text
      let supervisor = try #require(ls.firstMatch(of: /"pid" : (\d+)/).flatMap { pid_t($0.1) })
      let descriptors = "/proc/\(supervisor)/fd"
      let countBefore = names(in: descriptors).count
      let requests = try rows.map { try world.start($0.arguments.map { $0 == "nap.yaml" ? file : $0 }) }
      #expect(try poll(within: 30) { try whenAsked(world, requests, names(in: descriptors).count - countBefore) })
      usleep(100_000)
      switch end {
      case .down: #expect(try world.run("down", "--timeout", "0s").status == 0)
      case .supervisorKilled: kill(supervisor, SIGKILL)
      case .itsOwn: _ = try world.write("open", "")
      }
      for (row, request) in zip(rows, requests) {
        let outcome = try request.wait(within: 60)
        let expected = row.expected(at: end)
        #expect(
          outcome.status == expected.status && outcome.errors.contains(expected.words), "\(row.arguments): \(outcome)")
      }
      if end == .supervisorKilled { _ = try world.run("wait", "-p", "nap") }
    }
  }
}
