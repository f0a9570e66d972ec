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
  private var watch = ScheduledPlay.Watches()
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
  }

  func prove() throws {
    guard !stage.others.isEmpty || scenario.duty != nil, !scenario.othersBegin.isEmpty else { return }
    try survey()
    var pairs: [Schedule] = []
    for start in scenario.othersBegin {
      let count = try play(Schedule(beginning: start)).touchCount
      tally.touches += count
      try suspendOnce(start, count)
      for first in stride(from: 1, to: count, by: 1) {
        pairs += (first + 1...count).map { Schedule(beginning: start, suspensions: [first, $0]) }
      }
    }
    for schedule in Thoroughness.spread(thoroughness.pairs, over: pairs) { _ = try play(schedule) }
    if stage.rival != nil { try suspendRival() }
  }

  /// Where victim and others meet.
  private func survey() throws {
    let (mine, theirs) = (try LineMap(of: stage.memory), try LineMap(of: stage.memory))
    let survey = ScheduledPlay.Watches(touched: [.victim: mine], touchedByOthers: theirs)
    for start in scenario.othersBegin { _ = try play(Schedule(beginning: start), survey) }
    let marked = try LineMap(of: stage.memory)
    marked.mark(mine, meeting: theirs)
    watch.marked[.victim] = marked
    tally.lines = marked.markedCount
  }

  private func suspendOnce(_ start: Beginning, _ count: Int) throws {
    var killedAt: Int?
    for touch in thoroughness.suspensions(upTo: count) {
      var schedule = Schedule(beginning: start, suspensions: [touch])
      let play = try play(schedule)
      // Between two writes of its it leaves the same.
      guard stage.victim != nil, scenario.isMortal, play.writeCount != killedAt else { continue }
      killedAt = play.writeCount
      schedule.isKilled = true
      _ = try self.play(schedule)
    }
  }

  // MARK: Two that are suspended

  /// The victim before each of its touches, the rival before each of its own, where these matter to each other.
  private func suspendRival() throws {
    let both: [Stepped: LineMap] = [.victim: try LineMap(of: stage.memory), .rival: try LineMap(of: stage.memory)]
    _ = try play(
      Schedule(beginning: .beside, suspensions: [.max], rivalTouch: .max), ScheduledPlay.Watches(touched: both))
    for (one, other) in [(Stepped.victim, Stepped.rival), (.rival, .victim)] {
      let marked = try LineMap(of: stage.memory)
      marked.mark(both[one]!, meeting: both[other]!)
      watch.marked[one] = marked
    }
    watch.logs = [.victim: try TouchLog(), .rival: try TouchLog()]
    let victims = try touches(of: .victim, Schedule(beginning: .beside, suspensions: [.max], rivalTouch: 1))
    let rivals = try touches(of: .rival, Schedule(beginning: .beside, suspensions: [1], rivalTouch: .max))
    watch.logs = [:]
    let meetings = Self.meetings(victims, rivals)
    tally.rivalPairs = meetings.count
    for (mine, theirs) in meetings.prefix(thoroughness.rivalPairs) {
      _ = try play(Schedule(beginning: .beside, suspensions: [mine], rivalTouch: theirs))
    }
  }

  private func touches(of stepped: Stepped, _ schedule: Schedule) throws -> [TouchLog.Touch] {
    let play = try play(schedule)
    return watch.logs[stepped]!.touches(stepped == .victim ? play.touchCount : play.rivalTouchCount)
  }

  /// Where the rival has run up to its touch `theirs`, before the victim's touch `mine`: of the rival's touches before,
  /// one meets that of the victim, else it could as well have run after it; and the last of them meets what the victim
  /// does then, else it could as well have come later. First those at lines that are touched seldom: what is touched
  /// often is under a lock, mostly.
  private static func meetings(
    _ victims: [TouchLog.Touch], _ rivals: [TouchLog.Touch]
  ) -> [(mine: Int, theirs: Int)] {
    let counts = Dictionary((victims + rivals).map { ($0.line, 1) }, uniquingKeysWith: +)
    var found: [(mine: Int, theirs: Int, commonness: Int)] = []
    for (index, mine) in victims.enumerated() {
      guard let first = rivals.firstIndex(where: mine.meets) else { continue }
      for last in first..<rivals.count where victims[index...].contains(where: rivals[last].meets) {
        found.append((index + 1, last + 2, counts[mine.line]! * counts[rivals[last].line]!))
      }
    }
    return found.sorted { ($0.commonness, $0.mine, $0.theirs) < ($1.commonness, $1.mine, $1.theirs) }
      .map { ($0.mine, $0.theirs) }
  }

  // MARK: Playing

  private func play(_ schedule: Schedule, _ other: ScheduledPlay.Watches? = nil) throws -> Counts {
    Watchdog.reset("\(scenario.name): \(schedule)")
    stage.memory.copyBytes(from: beginning)
    stage.forget(ended: ended)
    let play = try ScheduledPlay(stage, schedule, other ?? watch)
    try play.advance()
    let writeCount = play.writeCount
    try play.finish()
    tally.schedules += 1
    return Counts(touchCount: play.touchCount, rivalTouchCount: play.rivalTouchCount, writeCount: writeCount)
  }

  private struct Counts {
    var touchCount: Int
    var rivalTouchCount: Int
    /// Up to the last suspension.
    var writeCount: Int
  }
}
