import Supervisor

extension TopModel {
  /// What the run is now. `time`: of CLOCK_MONOTONIC, `wallTime`: since 1970, both in nanoseconds.
  mutating func take(_ look: TopFeed.Look, time: UInt64, wallTime: Int64) {
    sample = TopSample(look.instances, look.resources, time: time, after: sample)
    elapsedSeconds = Double(wallTime - run.startedAt) / 1e9
  }

  /// How the processes of a run stood at its end; of its resources nothing is left but the last look.
  mutating func takeLast(_ instances: [InstanceStatus]) {
    guard let last = sample else { return }
    let known = Set(instances.map(\.name))
    sample = TopSample(
      instances + last.processes.map(\.status).filter { !known.contains($0.name) }, last.resources.map(\.status),
      time: last.time, after: nil)
  }
}
