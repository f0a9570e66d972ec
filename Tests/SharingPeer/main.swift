// Scenarios of several processes for the tests of Sharing: `SharingPeer NAME` ends with 0 if what must hold did.

import Glibc
import Platform

// Whoever spawned this may have had signals blocked, the watchdog's among them.
CurrentProcess.resetSignals()
alarm(100)

let scenarios: [String: () throws -> Void] = [
  "locks": locks, "handover": handover, "semaphores": semaphores, "conditions": conditions,
  "notifiedDies": notifiedDies,
  "recoveredWait": recoveredWait,
  "events": events, "lockstep": lockstep, "barrierBreaks": barrierBreaks, "barrierDeaths": barrierDeaths,
  "answers": answers, "kills": kills, "looks": looks, "taps": taps,
]
guard CommandLine.arguments.count == 2, let scenario = scenarios[CommandLine.arguments[1]] else {
  fail("usage: SharingPeer \(scenarios.keys.sorted().joined(separator: " | "))")
}
try scenario()
