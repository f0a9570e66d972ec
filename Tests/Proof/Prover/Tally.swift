/// What a proof has been through.
struct Tally: CustomStringConvertible {
  var writes = 0
  var states = 0
  var repairWrites = 0
  var repairStates = 0
  var outcomes = 0

  var description: String {
    "killed in \(states) states (\(writes) writes), the scavenger in \(repairStates) (\(repairWrites)); \(outcomes) "
      + "different repairs lived on from"
  }
}
