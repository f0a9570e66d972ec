import Sharing

/// Suspends a scenario's victim at its accesses to what it shares with the others: these run until they wait or have
/// ended; then it goes on, or dies there.
///
/// What the others have in their memory can't be put back, so that each schedule is played from the beginning.
final class PreemptionProver {
  private let stage: Stage
  private let scenario: Scenario
  private let thoroughness: Thoroughness
  private let beginning: [UInt8]
  private let ended: Set<Int>
  private let marked: LineMap
  private(set) var tally = PreemptionTally()

  init(_ scenario: Scenario, _ thoroughness: Thoroughness) throws {
    self.scenario = scenario
    self.thoroughness = thoroughness
    stage = try Stage(scenario)
    if let failure = try stage.run(stage.workers(of: scenario.before)) {
      throw Unplayable(description: "\(scenario.name): \(failure): \(stage.printed)")
    }
    beginning = Array(stage.memory)
    ended = stage.ended
    marked = try LineMap(of: stage.memory)
  }

  func prove() throws {
    guard !stage.others.isEmpty else { return }
    try survey()
    var pairs: [Schedule] = []
    for start in Beginning.allCases {
      let count = try play(Schedule(beginning: start)).touchCount
      tally.touches += count
      try suspendOnce(start, count)
      for first in 1..<max(1, count) {
        pairs += (first + 1...count).map { Schedule(beginning: start, suspensions: [first, $0]) }
      }
    }
    for schedule in Thoroughness.spread(thoroughness.pairs, over: pairs) { _ = try play(schedule) }
  }

  /// Where victim and others meet.
  private func survey() throws {
    let (mine, theirs) = (try LineMap(of: stage.memory), try LineMap(of: stage.memory))
    for start in Beginning.allCases {
      _ = try play(Schedule(beginning: start), touched: (mine, theirs))
    }
    marked.mark(mine, meeting: theirs)
    tally.lines = marked.markedCount
  }

  private func suspendOnce(_ start: Beginning, _ count: Int) throws {
    var killedAt: Int?
    for touch in thoroughness.suspensions(upTo: count) {
      var schedule = Schedule(beginning: start, suspensions: [touch])
      let play = try play(schedule)
      // Between two writes of its it leaves the same.
      guard case .process = scenario.victim, play.writeCount != killedAt else { continue }
      killedAt = play.writeCount
      schedule.isKilled = true
      _ = try self.play(schedule)
    }
  }

  private func play(
    _ schedule: Schedule, touched: (victim: LineMap, others: LineMap)? = nil
  ) throws -> (touchCount: Int, writeCount: Int) {
    Watchdog.reset("\(scenario.name): \(schedule)")
    stage.memory.copyBytes(from: beginning)
    stage.forget(ended: ended)
    let play = try ScheduledPlay(stage, schedule, marked: touched == nil ? marked : nil, touched: touched)
    _ = try play.advance()
    let writeCount = play.writeCount
    try play.finish()
    tally.schedules += 1
    return (play.touchCount, writeCount)
  }
}
