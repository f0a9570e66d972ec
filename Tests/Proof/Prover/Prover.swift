import Glibc
import Sharing

/// Stops a scenario's victim whenever it has changed the arena: kills it there, in thought; lets the scavenger repair;
/// lets the others and the victim's next life go on to the end; and looks at what came out. Then kills the scavenger
/// in the same way.
final class Prover {
  private let stage: Stage
  private let scenario: Scenario
  private let victim: Int
  /// Repaired arenas whose outcome was seen to be right.
  private var proven: Set<[UInt8]> = []
  /// Where the victim and the scavenger are.
  private var place: (write: Int, address: UInt64, repairWrite: Int?) = (0, 0, nil)
  /// The next life's change after which it is killed too.
  private var nextLifesChange: Int?
  /// Of all pairs of a change in the first life and one in the next, every how manieth is gone through.
  private var stride = 1
  private var changeCount = 0
  private(set) var tally = Tally()

  private let thoroughness: Thoroughness

  init(_ scenario: Scenario, _ thoroughness: Thoroughness) throws {
    self.scenario = scenario
    self.thoroughness = thoroughness
    stage = try Stage(scenario)
    victim = stage.victim!
  }

  func prove() throws {
    Watchdog.reset("\(scenario.name): before the victim")
    if let failure = try stage.run(stage.workers(of: scenario.before)) {
      throw Unplayable(description: "\(scenario.name): \(failure): \(stage.printed)")
    }
    stage.clearOutput()
    changeCount = try stage.countChanges(of: victim)
    stride = max(1, changeCount * changeCount / thoroughness.secondDeaths) | 1
    try checkKill()
    var victim = try Tracee(watching: stage.memory) { stage.become(self.victim) }
    while true {
      switch try victim.resume() {
      case .changed, .touches:
        place = (victim.writeCount, victim.address, nil)
        try checkKill()
      case .blocked:
        // It waits for one of the others: they do what they do, and go on to their end.
        guard !stage.others.isEmpty else {
          place = (victim.writeCount, victim.address, nil)
          throw finding("nobody killed it, and it waits for ever")
        }
        if let failure = try stage.run(stage.others) {
          throw Unplayable(description: "\(scenario.name): beside the victim \(failure): \(stage.printed)")
        }
      case .crashed(let signal):
        place = (victim.writeCount, victim.address, nil)
        throw finding("nobody killed it, and it was ended by signal \(signal)")
      case .exited(let code):
        tally.writes = victim.writeCount
        place = (victim.writeCount, 0, nil)
        return try checkEnd(code)
      }
    }
  }

  private func checkKill() throws {
    tally.states += 1
    Watchdog.reset("\(scenario.name): killed after write \(place.write), while it is repaired")
    try repairAndCheck()
    try stepRepair()
    try killNextLife()
  }

  /// Lets the victim's next life die as well.
  private func killNextLife() throws {
    guard scenario.isVictimRestarted, scenario.outcome.isTheSameAfterEachDeath else { return }
    let before = Array(stage.memory)
    defer {
      nextLifesChange = nil
      stage.memory.copyBytes(from: before)
    }
    _ = stage.arena.scavenge(victim, isFailure: true)
    var next = try Tracee(watching: stage.memory) { stage.become(victim) }
    while try next.resume() == .changed {
      nextLifesChange = (nextLifesChange ?? 0) + 1
      guard (tally.states * changeCount + nextLifesChange!) % stride == 0 else { continue }
      Watchdog.reset(
        "\(scenario.name): killed after write \(place.write), and its next life after change \(nextLifesChange!)")
      tally.secondDeaths += 1
      try repairAndCheck()
    }
  }

  /// From the arena as it is now, which is put back after.
  private func repairAndCheck() throws {
    let before = Array(stage.memory)
    let ended = stage.ended
    defer {
      stage.memory.copyBytes(from: before)
      stage.forget(ended: ended)
    }
    _ = stage.arena.scavenge(victim, isFailure: true)
    let repaired = Array(stage.memory)
    guard !proven.contains(repaired) else { return }
    try checkOutcome(isVictimRestarted: scenario.isVictimRestarted, failed: true)
    proven.insert(repaired)
  }

  private func checkEnd(_ code: Int32) throws {
    _ = stage.arena.scavenge(victim, isFailure: code != 0)
    try checkOutcome(isVictimRestarted: false, failed: code != 0)
  }

  private func checkOutcome(isVictimRestarted: Bool, failed: Bool) throws {
    tally.outcomes += 1
    stage.clearOutput()
    if !isVictimRestarted { stage.endVictim(failed: failed) }
    if let failure = try stage.run(stage.others + (isVictimRestarted ? [victim] : [])) {
      throw finding("\(failure): \(stage.printed)")
    }
    if !scenario.after.isEmpty, let failure = try stage.run(stage.workers(of: scenario.after)) {
      throw finding("\(failure): \(stage.printed)")
    }
    let printed = stage.printed
    stage.clearOutput()
    guard scenario.outcome.accepts(printed) else {
      throw finding("printed \(printed.debugDescription), not as \(scenario.outcome)")
    }
  }

  /// Kills the scavenger at each of its instructions, and lets another one begin anew.
  private func stepRepair() throws {
    defer { place.repairWrite = nil }
    tally.repairWrites += try stage.stepRepair(of: victim) { write in
      place.repairWrite = write
      tally.repairStates += 1
      try repairAndCheck()
    }
  }

  private func finding(_ what: String) -> Finding {
    Finding(
      scenario: scenario.name, write: place.write, address: place.address,
      repairWrite: place.repairWrite, nextLifesChange: nextLifesChange, what: what)
  }
}
