import Glibc
import Sharing

/// Proves a scenario whose victim converses with processes that keep state of their own: a client and its server, a
/// worker and its caller.
///
/// What they have in their memory can't be put back as the arena can. So the scenario is played anew up to each state of
/// the victim from which something new follows. They and the victim run in turns, with clocks and process ids that are
/// the same each time: so is everything that they do.
final class DialogueProver {
  private let stage: Stage
  private let scenario: Scenario
  private let victim: Int
  private let beginning: [UInt8]
  private var proven: Set<Repaired> = []
  private(set) var tally = Tally()

  /// A repaired arena, and how far the others were.
  private struct Repaired: Hashable {
    var memory: [UInt8]
    var turns: Int
  }

  init(_ scenario: Scenario) throws {
    self.scenario = scenario
    stage = try Stage(scenario)
    victim = stage.victim!
    if let failure = try stage.run(stage.workers(of: scenario.before)) {
      throw Unplayable(description: "\(scenario.name): \(failure): \(stage.printed)")
    }
    beginning = Array(stage.memory)
  }

  func prove() throws {
    let ended = stage.ended
    var state: Int? = 0
    while let next = state {
      stage.memory.copyBytes(from: beginning)
      stage.forget(ended: ended)
      state = try play(from: next)
    }
  }

  /// Plays up to a state, and on until something was lived on from. Gives the state to go on with; `nil`: it was the end.
  private func play(from first: Int) throws -> Int? {
    let play = try Play(stage, upTo: first)
    defer { play.end() }
    var state = first
    while play.exitCode == nil {
      Watchdog.reset("\(scenario.name): killed in state \(state)")
      tally.states += 1
      let repairs = try newRepairs(after: play)
      if let repaired = repairs.first {
        try liveOn(from: repaired, play, state)
        for other in repairs.dropFirst() { try liveOnAnew(from: other, state) }
        return state + 1
      }
      try play.advance()
      state += 1
    }
    tally.writes = play.writeCount
    try checkEnd(play, state)
    return nil
  }

  // MARK: Repairs

  /// What scavengers make of the victim's death now, also those that follow a killed one: each that was not seen before.
  private func newRepairs(after play: Play) throws -> [Repaired] {
    var found: [Repaired] = []
    func repair() {
      let before = Array(stage.memory)
      _ = stage.arena.scavenge(victim, isFailure: true)
      let repaired = Repaired(memory: Array(stage.memory), turns: play.turns)
      stage.memory.copyBytes(from: before)
      if proven.insert(repaired).inserted { found.append(repaired) }
    }
    repair()
    tally.repairWrites += try stage.stepRepair(of: victim) { _ in
      tally.repairStates += 1
      repair()
    }
    return found
  }

  private func liveOnAnew(from repaired: Repaired, _ state: Int) throws {
    stage.memory.copyBytes(from: beginning)
    let play = try Play(stage, upTo: state)
    defer { play.end() }
    try liveOn(from: repaired, play, state)
  }

  private func liveOn(from repaired: Repaired, _ play: Play, _ state: Int) throws {
    tally.outcomes += 1
    play.killVictim()
    stage.memory.copyBytes(from: repaired.memory)
    // It was; but who sleeps is still to be woken.
    _ = stage.arena.scavenge(victim, isFailure: true)
    try check(play, isVictimRestarted: scenario.isVictimRestarted, failed: true, state)
  }

  private func checkEnd(_ play: Play, _ state: Int) throws {
    tally.outcomes += 1
    let failed = play.exitCode != 0
    _ = stage.arena.scavenge(victim, isFailure: failed)
    try check(play, isVictimRestarted: false, failed: failed, state)
  }

  private func check(_ play: Play, isVictimRestarted: Bool, failed: Bool, _ state: Int) throws {
    if isVictimRestarted {
      try play.companions.start(victim, life: 2)
    } else {
      stage.endVictim(failed: failed)
    }
    var failure = try play.companions.finish()
    if failure == nil, !scenario.after.isEmpty { failure = try stage.run(stage.workers(of: scenario.after)) }
    let printed = stage.printed
    guard failure == nil, scenario.outcome.accepts(printed) else {
      let what = failure ?? "not as \(scenario.outcome)"
      throw Finding(
        scenario: scenario.name, write: play.writeCount, address: play.address, repairWrite: nil,
        what: "in state \(state), printed \(printed.debugDescription): \(what)")
    }
  }
}
