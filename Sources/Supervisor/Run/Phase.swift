/// Where a run is.
enum Phase {
  case running
  case stopping(Stopping)
  case ended(RunResult)

  struct Stopping {
    /// Index into the levels of dependency; those above it have ended.
    var level: Int
    /// That asked for it, if one did: the exit code is 128 more.
    var signal: Int32?
    /// In place of every process's own.
    var gracePeriod: Duration?
  }
}

/// A client that waits until something has come about.
struct Waiter {
  var targets: [Instance]
  var isSatisfied: (Instance) -> Bool
  var session: ControlSession
}
