import Sharing

/// Kills two of a scenario: the rival wherever it has changed the arena, and the victim at the same time, wherever that has;
/// one scavenger repairs both, in each order. Twice, as if their next lives had come to the same place: what a supervisor
/// remembers of one death must not be wrong at the next.
final class PairProver {
  private let stage: Stage
  private let scenario: Scenario
  private let thoroughness: Thoroughness
  private let victim: Int
  private let rival: Int
  /// Repaired arenas whose outcome was seen to be right.
  private var proven: Set<[UInt8]> = []
  /// How often the scavenger has asked whether one is dead that is in its way, in one repair.
  private let questions: UnsafeMutablePointer<Int>
  private(set) var tally = PairTally()

  /// Each is a millisecond's wait for a lock; some are in the way of one repair.
  private static let mostQuestions = 500

  init(_ scenario: Scenario, _ thoroughness: Thoroughness) throws {
    self.scenario = scenario
    self.thoroughness = thoroughness
    stage = try Stage(scenario)
    (victim, rival) = (stage.victim!, stage.rival!)
    questions = .allocate(capacity: 1)
    questions.initialize(to: 0)
    if let failure = try stage.run(stage.workers(of: scenario.before)) {
      throw Unplayable(description: "\(scenario.name): \(failure): \(stage.printed)")
    }
    stage.arena.rescueLocks { [questions] _ in
      questions.pointee += 1
      if questions.pointee > Self.mostQuestions { Watchdog.giveUp("the repair of two does not come to an end") }
      return .dead
    }
  }

  deinit { questions.deallocate() }

  func prove() throws {
    let ended = stage.ended
    let stride = max(1, try stage.countChanges(of: victim) / thoroughness.deathsOfVictim)
    var tracee = try Tracee(watching: stage.memory) { [stage, victim] in stage.become(victim) }
    var state = 0
    repeat {
      let memory = Array(stage.memory)
      if state % stride == 0 { try killRival(besideState: state) }
      stage.memory.copyBytes(from: memory)
      stage.forget(ended: ended)
      state += 1
    } while try tracee.resume() == .changed
  }

  /// Goes through the rival's states, alone, while the victim stands in one of its own.
  private func killRival(besideState victimState: Int) throws {
    let stride = max(1, try stage.countChanges(of: rival) / thoroughness.deathsOfRival)
    var tracee = try Tracee(watching: stage.memory) { [stage, rival] in stage.become(rival) }
    var state = 0
    repeat {
      if (state + victimState) % stride == 0 {
        for order in [[victim, rival], [rival, victim]] { try repair(order, victimState, state) }
      }
      state += 1
    } while try tracee.resume() == .changed
  }

  private func repair(_ order: [Int], _ victimState: Int, _ rivalState: Int) throws {
    let place =
      "\(scenario.name): the victim dies after change \(victimState), the rival after its change \(rivalState), and "
      + "\(stage.name(of: order[0])) is repaired first"
    Watchdog.reset(place)
    tally.deaths += 1
    let before = Array(stage.memory)
    let ended = stage.ended
    defer {
      stage.memory.copyBytes(from: before)
      stage.forget(ended: ended)
    }
    for _ in 1...2 {
      stage.memory.copyBytes(from: before)
      questions.pointee = 0
      for worker in order { _ = stage.arena.scavenge(worker, isFailure: true) }
    }
    guard proven.insert(Array(stage.memory)).inserted else { return }
    try checkOutcome(place)
  }

  private func checkOutcome(_ place: String) throws {
    tally.outcomes += 1
    stage.clearOutput()
    var failure = try stage.run(stage.others + [victim])
    if failure == nil, !scenario.after.isEmpty { failure = try stage.run(stage.workers(of: scenario.after)) }
    let printed = stage.printed
    guard failure == nil, scenario.outcome.accepts(printed) else {
      throw Unplayable(
        description: "\(place): \(failure ?? "not as \(scenario.outcome)"); printed \(printed.debugDescription)")
    }
  }
}
