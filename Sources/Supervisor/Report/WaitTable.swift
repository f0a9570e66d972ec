internal import Sharing

/// What all workers wait on at one time: looked at once, however many resources are shown.
struct WaitTable {
  struct Waiter {
    var worker: Int
    /// Nanoseconds of the monotonic clock.
    var since: UInt64
  }

  private var waiters: [WorkerEntry.Wait: [Waiter]] = [:]

  /// `workers`: those that are alive.
  init(_ arena: Arena, workers: some Sequence<Int>) {
    for worker in workers {
      let wait = arena.wait(of: worker)
      if wait.on != .none { waiters[wait.on, default: []].append(Waiter(worker: worker, since: wait.since)) }
    }
  }

  subscript(wait: WorkerEntry.Wait) -> [Waiter] { waiters[wait] ?? [] }

  func since(_ worker: Int, _ wait: WorkerEntry.Wait) -> UInt64? { self[wait].first { $0.worker == worker }?.since }
}
