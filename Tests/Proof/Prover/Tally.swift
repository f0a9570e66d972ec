/// What a proof has been through.
struct Tally: CustomStringConvertible {
  var writes = 0
  var states = 0
  var repairWrites = 0
  var repairStates = 0
  /// Of the victim's next life.
  var secondDeaths = 0
  var outcomes = 0
  var preemption = PreemptionTally()
  var pairs = PairTally()

  var description: String {
    "killed in \(states) states (\(writes) writes), again in \(secondDeaths), the scavenger in \(repairStates) (\(repairWrites)); \(outcomes) "
      + "different repairs lived on from; \(preemption)" + "\(pairs)"
  }
}

struct PreemptionTally: CustomStringConvertible {
  /// That the victim shares with others, one of whom writes.
  var lines = 0
  /// Of these lines, by a victim that nobody suspends.
  var touches = 0
  var schedules = 0
  /// Meetings of victim and rival.
  var rivalPairs = 0

  var description: String {
    let rival = rivalPairs > 0 ? ", \(rivalPairs) meetings with the rival" : ""
    return "\(schedules) schedules (\(touches) touches of \(lines) shared lines\(rival))"
  }
}

struct PairTally: CustomStringConvertible {
  /// Two at once, in each order of repair.
  var deaths = 0
  var outcomes = 0

  var description: String {
    deaths == 0 ? "" : "; \(deaths) deaths of two, \(outcomes) different repairs lived on from"
  }
}
