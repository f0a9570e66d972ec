// SIGNATURES ONLY on this branch: the lead writes the real ones in Sharing.

/// The shared memory of one run.
package final class Arena {
  package let plan: ArenaPlan
  /// Creates and fills the memory in. Throws `ArenaError` naming how much was asked and the largest resource.
  package init(_ plan: ArenaPlan, name: String) throws { fatalError() }
  /// Bytes that the plan will take, in all and by resource (index → bytes).
  package static func byteCounts(of plan: ArenaPlan) -> (total: Int, resources: [Int]) { fatalError() }

  /// The entry of an instance in the worker table.
  package func entry(_ worker: Int) -> WorkerEntry { fatalError() }

  /// Before a worker's (re)start: resets its entry for a new life (counters stay). `isFirst` false for a restart.
  package func begin(_ worker: Int, processID: Int32) { fatalError() }

  /// See-scavenge-reap: call between seeing the death (WNOWAIT) and reaping. Leases return, locks freed, wakes.
  package func scavenge(_ worker: Int) -> [Repair] { fatalError() }

  /// The worker has ended for good: its ends of queues and pipes close, others are woken.
  package func endForGood(_ worker: Int, failed: Bool) { fatalError() }
  /// A worker that had ended for good is started again by a command.
  package func reopen(_ worker: Int) { fatalError() }

  /// Live state for `inspect` (readable at any time without stopping anyone).
  package func queueReport(_ resource: Int) -> QueueReport { fatalError() }
  package func pipeReport(_ resource: Int) -> PipeReport { fatalError() }
  package func lockReport(_ resource: Int) -> LockReport { fatalError() }
  /// Raw bytes of a value or array (a copy of up to `byteCount` bytes).
  package func bytes(of resource: Int, upTo byteCount: Int) -> [UInt8] { fatalError() }
  /// Writes the initial value(s), before anyone runs.
  package func fill(_ resource: Int, with bytes: [UInt8]) { fatalError() }
}

/// What the scavenger found and repaired: one line each in the log of mporch.
package enum Repair: Sendable, Equatable {
  case lockFreed(resource: Int)
  /// `count` items were taken and unfinished; they return to the queue.
  case itemsReturned(resource: Int, count: Int)
  /// The item that the worker was at had its last delivery; moved to the dead-letter queue.
  case deadLettered(resource: Int, into: Int)
  /// … and no room there, or no such queue: dropped. `preview`: its first bytes.
  case dropped(resource: Int, preview: [UInt8])
}

package struct WorkerEntry {
  package struct Counters: Sendable, Equatable {
    package var itemsIn: UInt64, itemsOut: UInt64, bytesIn: UInt64, bytesOut: UInt64
    package var progressDone: UInt64, progressTotal: UInt64
    /// Items taken and absorbed by a kind that answers at its end.
    package var absorbed: UInt64
  }
  package var counters: Counters { fatalError() }
  package enum Wait: Sendable, Equatable {
    case none
    case read(resource: Int), write(resource: Int), lock(resource: Int), timer, standardInput
  }
  /// What it waits on, and since when (CLOCK_MONOTONIC ns).
  package var wait: (on: Wait, since: UInt64) { fatalError() }
  /// Why it ended, said by the worker itself before its exit; nil if it never could say.
  package enum Verdict: Sendable, Equatable { case succeeded, inputEnded, readersEnded(failed: Bool), failed }
  package var verdict: Verdict? { fatalError() }
  package var isReady: Bool { fatalError() }
}

package struct QueueReport: Sendable {
  package var items: Int, bytes: Int, capacity: Int, byteCount: Int
  package var puts: UInt64, takes: UInt64, finished: UInt64, droppedNew: UInt64, droppedOld: UInt64, deadLettered: UInt64, redelivered: UInt64
  package var isClosed: Bool
  package var liveReaders: Int, liveWriters: Int
  /// worker index → items it has taken and not finished
  package var leases: [(worker: Int, items: Int)]
  /// Payloads of the oldest untaken items, at most as many as asked for at compile: 10.
  package var head: [[UInt8]]
}
package struct PipeReport: Sendable {
  package struct Direction: Sendable { package var messages: UInt64, bytesUnderWay: Int, isClosed: Bool }
  package var fromA: Direction, fromB: Direction?
}
package struct LockReport: Sendable {
  package var holder: Int?
  package var depth: Int
  package var waiters: [Int]
}
