/// Where a run is.
enum Phase {
  case running
  case stopping(Stopping)
  /// Every process has ended for good; commands still take what external queues hold. `after`: where it was told to.
  case draining(after: Stopping?)
  case ended(RunResult)

  struct Stopping {
    /// Index into the levels of dependency; those above it have ended.
    var level: Int
    /// Those of the level have been told.
    var isTold = false
    /// That asked for it, if one did: the exit code is 128 more.
    var signal: Int32?
    /// In place of every process's own.
    var gracePeriod: Duration?
  }

  /// Who asked for the run's end knows that it does not come up any more.
  var isToldToEnd: Bool {
    switch self {
    case .running, .draining(after: nil): false
    case .stopping, .draining: true
    case .ended(let result): result.exitCode > 128
    }
  }

  /// For an instance.
  var course: RunCourse { if case .running = self { .running } else { .stopping } }
}
