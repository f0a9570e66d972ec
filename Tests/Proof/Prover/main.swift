import Glibc

// Every scenario, or those that are named; `--list` names them all.
let names = Array(CommandLine.arguments.dropFirst())
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
// A stop of a child is waited for with a time-out: see Tracee.
var childSignal = sigset_t()
sigaddset(&childSignal, SIGCHLD)
sigprocmask(SIG_BLOCK, &childSignal, nil)
var failed = false
for scenario in chosen {
  do {
    print("\(scenario.name): holds: \(try scenario.prove())")
  } catch {
    failed = true
    print("FAILED \(error)")
  }
  fflush(nil)
}
exit(failed ? 1 : 0)
