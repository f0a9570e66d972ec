internal import Synchronization

/// What the instances of one process share beside its resources: a counter that they claim numbers of, and who
/// answers for all at the end.
package struct Group: @unchecked Sendable {
  // Sendable: a place in shared memory; atomics, and the counter's lock.
  static let byteCount = 256

  /// Held from a claim until the step that makes it effective.
  let claimLock: HolderLock
  private let counter: UnsafeMutablePointer<Atomic<UInt64>>
  private let speaker: UnsafeMutablePointer<Atomic<UInt32>>

  init(at memory: UnsafeMutableRawPointer) {
    claimLock = HolderLock(memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1))
    counter = (memory + 64).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
    speaker = (memory + 128).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
  }

  /// Numbers claimed so far.
  package var claimed: UInt64 { counter.pointee.load(ordering: .acquiring) }
  func setClaimed(_ value: UInt64) { counter.pointee.store(value, ordering: .releasing) }

  /// The first to ask speaks for all, also after a restart.
  package func isSpeaker(_ holder: HolderID) -> Bool {
    let outcome = speaker.pointee.compareExchange(
      expected: 0, desired: holder.rawValue, ordering: .acquiringAndReleasing)
    return outcome.exchanged || outcome.original == holder.rawValue
  }
}
