import Glibc

// Every scenario, or those that are named.
let names = Array(CommandLine.arguments.dropFirst())
let chosen = Scenario.all.filter { names.isEmpty || names.contains($0.name) }
if chosen.isEmpty {
  print("no such scenario; there are: \(Scenario.all.map(\.name).joined(separator: ", "))")
  exit(64)
}
Watchdog.start()
var failed = false
for scenario in chosen {
  do {
    let prover = try Prover(scenario)
    try prover.prove()
    let tally = prover.tally
    print(
      "\(scenario.name): holds: killed in \(tally.states) states (\(tally.writes) writes), the scavenger in"
        + " \(tally.repairStates) (\(tally.repairWrites)); \(tally.outcomes) different repairs lived on from")
  } catch {
    failed = true
    print("FAILED \(error)")
  }
  fflush(nil)
}
exit(failed ? 1 : 0)
