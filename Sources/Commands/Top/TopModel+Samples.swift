import Supervisor

extension TopModel {
  /// What the run is now. `time`: of CLOCK_MONOTONIC, `wallTime`: since 1970, both in nanoseconds.
  mutating func take(_ look: TopFeed.Look, time: UInt64, wallTime: Int64) {
    sample = TopSample(look.instances, look.resources, time: time, after: sample)
    elapsedSeconds = Double(wallTime - run.startedAt) / 1e9
  }

  /// How the processes stood at the end; of the resources nothing is left but the last look.
  mutating func take(_ outcome: RunOutcome) {
    elapsedSeconds = Double(outcome.endedAt - run.startedAt) / 1e9
    guard let last = sample else { return }
    let known = Set(outcome.instances.map(\.name))
    sample = TopSample(
      outcome.instances + last.processes.map(\.status).filter { !known.contains($0.name) },
      last.resources.map(\.status), time: last.time, after: nil)
  }
}
