internal import Synchronization

/// What one reader has taken of a queue and not finished.
package struct Lease: BitwiseCopyable, Equatable, Sendable {
  /// Of the item being worked on.
  package var from: UInt64 = 0
  package var to: UInt64 = 0
  /// Of the items' payloads.
  package var payloadByteCount: UInt64 = 0
  /// Answers to the item at `from` that are published already: a second delivery leaves them out.
  package var emitted: UInt64 = 0
  package var items: UInt32 = 0
  /// The item that a worker was at when it died, where `deliveries` is not 0.
  package var suspect: UInt64 = 0
  /// Of the suspect, in vain.
  package var deliveries: UInt32 = 0
  package var flags: Flags = []

  package struct Flags: OptionSet, BitwiseCopyable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    /// Its holder died or gave it back: anyone may take it over.
    static let orphaned = Flags(rawValue: 1)
    /// The reader counts in `waitingMembers`.
    static let waiting = Flags(rawValue: 2)
  }

  package var isEmpty: Bool { items == 0 }
  var isOrphaned: Bool { flags.contains(.orphaned) }

  /// A worker has died at the item at `position`.
  mutating func blame(_ position: UInt64) {
    deliveries = deliveriesInVain(at: position) &+ 1
    suspect = position
  }

  func deliveriesInVain(at position: UInt64) -> UInt32 { suspect == position ? deliveries : 0 }

  /// The item that its holder was at: `cursor`, if that is in the lease, else the first.
  func item(at cursor: UInt64) -> UInt64 { cursor > from && cursor < to ? cursor : from }

  /// Takes away the contents, which another slot gets.
  mutating func empty() {
    self = Lease(flags: flags.intersection(.waiting))
  }

  init(flags: Flags = []) { self.flags = flags }

  init(_ run: Ring.Run, flags: Flags) {
    from = run.from
    to = run.to
    items = UInt32(run.items)
    payloadByteCount = UInt64(run.payloadByteCount)
    self.flags = flags
  }
}

/// A lease in memory, which changes in one step with the queue's state.
struct LeaseSlot {
  /// Each copy, and the time, on a cache line of its own.
  static let byteCount = 192
  private static let takenAtOffset = MarkedCopies<Lease>.byteCount
  private let copies: MarkedCopies<Lease>
  /// When its reader took last, for people; 0: never. Not part of what a commit changes.
  private let takenAtWord: UnsafeMutablePointer<Atomic<UInt64>>

  init(at memory: UnsafeMutableRawPointer) {
    precondition(Self.takenAtOffset == 128)
    copies = MarkedCopies(at: memory)
    takenAtWord = (memory + Self.takenAtOffset).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
  }

  /// Nanoseconds of the monotonic clock, coarse.
  var takenAt: UInt64 {
    get { takenAtWord.pointee.load(ordering: .relaxed) }
    nonmutating set { takenAtWord.pointee.store(newValue, ordering: .relaxed) }
  }

  @inline(__always)
  func lease(committed: UInt64) -> Lease { copies.value(committed: committed) }

  /// Takes effect with the commit `next`.
  @inline(__always)
  func write(_ lease: Lease, next: UInt64) { copies.write(lease, next: next) }

  func forgetUncommitted(_ committed: UInt64) { copies.forgetUncommitted(committed) }
}
