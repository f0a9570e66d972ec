internal import Synchronization

/// What the instances of one process share beside its resources: a counter that they claim numbers of, and who they are
/// and how far with their answer.
package struct Group: @unchecked Sendable {
  // Sendable: a place in shared memory; atomics, and what the locks guard.
  static let byteCount = Offset.cell + Cell<GroupState>.byteCount

  /// Held from a claim until the step that makes it effective.
  let claimLock: HolderLock
  let cell: Cell<GroupState>
  private let memory: UnsafeMutableRawPointer
  private let counter: UnsafeMutablePointer<Atomic<UInt64>>

  private enum Offset {
    static let counter = 64
    static let cell = 128
  }

  init(at memory: UnsafeMutableRawPointer) {
    self.memory = memory
    claimLock = HolderLock(memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1))
    counter = (memory + Offset.counter).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
    cell = Cell(at: memory + Offset.cell)
  }

  /// Numbers claimed so far.
  package var claimed: UInt64 { counter.pointee.load(ordering: .acquiring) }
  func setClaimed(_ value: UInt64) { counter.pointee.store(value, ordering: .releasing) }

  /// Instances that the process has now.
  package var liveCount: Int { Int(cell.peek(\.live)) }

  /// For another process's instances.
  func clear() { memory.initializeMemory(as: UInt8.self, repeating: 0, count: Self.byteCount) }
}

/// Who the members of a group are, and who answers for all of them at the end. Pure: transitions touch no memory but
/// this. Zeroed memory is the state of a group without members.
///
/// Each member is *open* until its part of the answer is whole: all that it will ever absorb is in its durable state. Who
/// closes the last part speaks. That one is chosen by the commit that leaves nobody open, and so once, whoever ends, dies
/// or is taken out at the same time.
struct GroupState: BitwiseCopyable, Equatable, Sendable {
  /// Instances that the process has now.
  private(set) var live: UInt32 = 0
  /// Members whose part is not whole.
  private(set) var open: UInt32 = 0
  /// A holder; 0: it is not decided.
  private(set) var speaker: UInt32 = 0
  /// The head of the list that goes on in the members' entries: a worker's index, from 1; 0: nobody.
  var firstMember: UInt32 = 0

  mutating func join() {
    live &+= 1
    open &+= 1
  }

  /// `isOpen`: its part is not whole.
  mutating func leave(isOpen: Bool) {
    if live > 0 { live -= 1 }
    if isOpen { closeOne() }
  }

  private mutating func closeOne() { if open > 0 { open -= 1 } }

  /// The member's part is whole.
  mutating func complete(_ member: HolderID) {
    closeOne()
    if open == 0, speaker == 0 { speaker = member.rawValue }
  }

  func speaks(_ member: HolderID) -> Bool { speaker == member.rawValue }

  /// An open member that has stopped for good in the middle counts with what it has. False: it must go on, as the only
  /// one that is left to answer.
  mutating func retire() -> Bool {
    if open <= 1, speaker == 0 { return false }
    closeOne()
    return true
  }

  /// A member whose part was whole goes on absorbing. `answersAnew`: what was answered before is not all.
  mutating func reopen(answersAnew: Bool) {
    open &+= 1
    if answersAnew { speaker = 0 }
  }
}
