/// Bounds of what a run's shared memory holds: the one place for them. `check` refuses what exceeds one, by name; what is
/// laid out is held to them once more, where `Sharing` takes it over.
///
/// They are far above any use, and low enough that arithmetic on them can't overflow. What is not here has no bound but
/// memory: processes, resources, and what one process reads, writes and uses.
package enum Limit {
  /// Items of a queue (`capacity`), parties of a barrier, deliveries, restarts: whatever is counted.
  package static let count = 1...(1 << 31 - 1)
  /// Of a bounded or unbounded semaphore, at the start.
  package static let semaphoreCount = 0...count.upperBound
  /// `bytes` of a queue or a pipe.
  package static let byteCount = 1...(1 << 38)
  /// Of one item, whatever the queue's or pipe's `bytes`: its length stands before it in 32 bits, of which the last
  /// values mean something else.
  package static let itemByteCount = 1 << 32 - 16
  package static let arrayLength = 1...(1 << 36)
  package static let elementByteCount = 1...8
  /// Instances of one process, or workers of a pool.
  package static let replicas = 1...10_000
  /// Bytes of a name.
  package static let nameLength = 63
  /// Of all of a run's shared memory: the address space that each of its processes reserves.
  package static let arenaByteCount = 1 << 40
  /// Instances and couriers that can join a run, at one time, beyond those that it begins with.
  package static let spareWorkers = 256
}
