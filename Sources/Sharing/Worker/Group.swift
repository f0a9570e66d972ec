internal import Synchronization

/// What the instances of one process share beside its resources: a counter that they claim numbers of, who answers for
/// all at the end, and who they are.
package struct Group: @unchecked Sendable {
  // Sendable: a place in shared memory; atomics, and the counter's lock.
  static let byteCount = 256

  /// Held from a claim until the step that makes it effective.
  let claimLock: HolderLock
  private let memory: UnsafeMutableRawPointer
  private let counter: UnsafeMutablePointer<Atomic<UInt64>>

  private enum Offset {
    static let counter = 64
    static let speaker = 128
    static let liveCount = 192
    static let firstMember = 196
  }

  init(at memory: UnsafeMutableRawPointer) {
    self.memory = memory
    claimLock = HolderLock(memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1))
    counter = (memory + Offset.counter).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
  }

  private func word32(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    (memory + offset).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
  }

  /// Numbers claimed so far.
  package var claimed: UInt64 { counter.pointee.load(ordering: .acquiring) }
  func setClaimed(_ value: UInt64) { counter.pointee.store(value, ordering: .releasing) }

  /// The first to ask speaks for all, also after a restart.
  package func isSpeaker(_ holder: HolderID) -> Bool {
    let outcome = word32(Offset.speaker).pointee.compareExchange(
      expected: 0, desired: holder.rawValue, ordering: .acquiringAndReleasing)
    return outcome.exchanged || outcome.original == holder.rawValue
  }

  // MARK: Members, which the supervisor alone changes

  /// Instances that the process has now.
  package var liveCount: Int { Int(word32(Offset.liveCount).pointee.load(ordering: .acquiring)) }
  func setLiveCount(_ count: Int) {
    word32(Offset.liveCount).pointee.store(UInt32(truncatingIfNeeded: count), ordering: .releasing)
  }

  /// The head of the list that goes on in the entries: a worker's index, from 1; 0: nobody.
  var firstMember: UInt32 {
    get { word32(Offset.firstMember).pointee.load(ordering: .acquiring) }
    nonmutating set { word32(Offset.firstMember).pointee.store(newValue, ordering: .releasing) }
  }

  /// For another process's instances.
  func clear() { memory.initializeMemory(as: UInt8.self, repeating: 0, count: Self.byteCount) }
}
