import Glibc
import Platform

// Every scenario, or those that are named; `--list` names them all. `--suspensions N`, `--pairs N`,
// `--rival-pairs N`: how many schedules each plays at most (Thoroughness).
var names = Array(CommandLine.arguments.dropFirst())
var thoroughness = Thoroughness()
let options = [
  ("--suspensions", \Thoroughness.suspensions), ("--pairs", \.pairs), ("--rival-pairs", \.rivalPairs),
]
for (option, place) in options {
  guard let index = names.firstIndex(of: option), let count = names.dropFirst(index + 1).first.flatMap(Int.init) else {
    continue
  }
  thoroughness[keyPath: place] = count
  names.removeSubrange(index...index + 1)
}
if names == ["--list"] {
  for scenario in Scenario.all { print(scenario.name) }
  exit(0)
}
let chosen = Scenario.all.filter { names.isEmpty || names.contains($0.name) }
if chosen.isEmpty {
  print("no such scenario; there are: \(Scenario.all.map(\.name).joined(separator: ", "))")
  exit(64)
}
Watchdog.start()
try CurrentProcess.becomeSubreaper()
// Waited for: a stop of a child with a time-out (Tracee), and orders (Supervision).
var awaited = sigset_t()
sigaddset(&awaited, SIGCHLD)
sigaddset(&awaited, SIGUSR1)
sigprocmask(SIG_BLOCK, &awaited, nil)
var failed = false
for scenario in chosen {
  do {
    print("\(scenario.name): holds: \(try scenario.prove(thoroughness))")
  } catch {
    failed = true
    print("FAILED \(error)")
  }
  fflush(nil)
}
exit(failed ? 1 : 0)
