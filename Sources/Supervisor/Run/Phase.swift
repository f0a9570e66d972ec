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
  /// Of the targets, since it waits.
  var killed: [String] = []
}
