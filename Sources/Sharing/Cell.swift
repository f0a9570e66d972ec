internal import Platform
package import Synchronization

/// Who holds a lock in the arena: an entry of the worker table, from 1 (0: nobody).
package struct HolderID: Equatable, @unchecked Sendable {
  // Sendable: a number, and a reference that only the supervisor's one thread has.
  package var rawValue: UInt32
  /// The supervisor's, who frees dead holders and so can't wait for one; owned by the arena.
  let rescue: Unmanaged<Rescue>?

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
    rescue = nil
  }

  /// No worker's, however many come.
  static let supervisorIndex = (1 << 30) - 2

  init(worker: Int, rescue: Rescue? = nil) {
    rawValue = UInt32(worker) + 1
    self.rescue = rescue.map(Unmanaged.passUnretained)
  }

  package init(worker: Int) { self.init(worker: worker, rescue: nil) }

  /// To the supervisor, if this is it.
  func tell(_ damage: Damage) { rescue?.takeUnretainedValue().tell(damage) }

  package static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// A short lock between processes that names its holder, so that a dead one's can be broken.
///
/// The word is {waiters: bit 31, holder: low bits}; taking and owning are the same compare-and-swap, so at no instant
/// is it held by nobody in particular. Only the scavenger breaks it, after the holder's death.
package struct HolderLock: @unchecked Sendable {
  // Sendable: a place in shared memory; only atomics touch it.
  let futex: Futex

  static let waitersBit: UInt32 = 1 << 31
  /// Pauses before sleeping: sections under this lock take well under a microsecond.
  static let spinLimit = 100

  package init(_ word: UnsafeMutablePointer<Atomic<UInt32>>) { futex = Futex(word) }

  @inline(__always)
  package func lock(as holder: HolderID) {
    // Acquire: pairs with the release in unlock(); what the last holder wrote is visible.
    if !futex.word.pointee.compareExchange(expected: 0, desired: holder.rawValue, ordering: .acquiring).exchanged {
      lockContended(as: holder)
    }
  }

  /// False: somebody has it.
  func tryLock(as holder: HolderID) -> Bool {
    futex.word.pointee.compareExchange(expected: 0, desired: holder.rawValue, ordering: .acquiring).exchanged
  }

  func lockContended(as holder: HolderID) {
    let word = futex.word
    for _ in 0..<Self.spinLimit {
      spinPause()
      if word.pointee.load(ordering: .relaxed) == 0,
        word.pointee.compareExchange(expected: 0, desired: holder.rawValue, ordering: .acquiring).exchanged
      {
        return
      }
    }
    var looks = 0
    while true {
      let seen = word.pointee.load(ordering: .relaxed)
      if seen & ~Self.waitersBit == 0 {
        // Keeps the bit: others may sleep still.
        let mine = holder.rawValue | Self.waitersBit
        if word.pointee.compareExchange(expected: seen, desired: mine, ordering: .acquiring).exchanged { return }
      } else if seen & Self.waitersBit != 0
        || word.pointee.compareExchange(expected: seen, desired: seen | Self.waitersBit, ordering: .relaxed).exchanged
      {
        if sleep(as: holder, whileEqual: seen | Self.waitersBit, &looks) { return }
      }
    }
  }

  /// True: it is this holder's by force, since nobody has it who could give it back.
  private func sleep(as holder: HolderID, whileEqual word: UInt32, _ looks: inout Int) -> Bool {
    guard let rescue = holder.rescue?.takeUnretainedValue() else {
      _ = futex.wait(whileEqual: word)
      return false
    }
    let deadline = MonotonicClock.now + Rescue.patienceNanoseconds
    guard futex.wait(whileEqual: word, until: deadline) == .timedOut else {
      looks = 0
      return false
    }
    guard rescue.look(self, heldBy: HolderID(rawValue: word & ~Self.waitersBit), &looks) else { return false }
    let mine = holder.rawValue | Self.waitersBit
    return futex.word.pointee.compareExchange(expected: word, desired: mine, ordering: .acquiring).exchanged
  }

  @inline(__always)
  package func unlock() {
    // Release: pairs with the acquire in lock().
    if futex.word.pointee.exchange(0, ordering: .releasing) & Self.waitersBit != 0 { futex.wake() }
  }

  package func isHeld(by holder: HolderID) -> Bool {
    futex.word.pointee.load(ordering: .acquiring) & ~Self.waitersBit == holder.rawValue
  }

  /// `nil`: nobody.
  var holder: HolderID? {
    let raw = futex.word.pointee.load(ordering: .acquiring) & ~Self.waitersBit
    return raw == 0 ? nil : HolderID(rawValue: raw)
  }

  func isSame(as other: HolderLock) -> Bool { futex.word == other.futex.word }

  /// For the scavenger: frees the lock of a dead holder, and wakes all who sleep, since a wake-up may have died too.
  package func breakIfHeld(by dead: HolderID) {
    if isHeld(by: dead) { _ = futex.word.pointee.exchange(0, ordering: .acquiringAndReleasing) }
    futex.wake(.max)
  }
}

/// A state in two copies and the version that says which is valid: the one with the version's parity. A change is made to
/// the other copy and happens by one store of the version, so that who is killed at any instant has changed all or nothing.
///
/// One at a time changes it: whoever holds the lock of a `Cell`, or the one worker that it is of.
struct TwoCopies<State: BitwiseCopyable>: @unchecked Sendable {
  // Sendable: a place in shared memory; who may write the copy that is not valid is settled by the owner.
  let version: UnsafeMutablePointer<Atomic<UInt64>>
  private let copies: UnsafeMutableRawPointer
  private let stride: Int

  /// `copies`: the first copy; the second is `stride` bytes behind it.
  init(version: UnsafeMutableRawPointer, copies: UnsafeMutableRawPointer, stride: Int) {
    self.version = version.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
    self.copies = copies
    self.stride = stride
  }

  @inline(__always)
  func copy(_ parity: UInt64) -> UnsafeMutablePointer<State> {
    (copies + Int(parity & 1) * stride).assumingMemoryBound(to: State.self)
  }

  /// Before anyone else looks.
  func initialize(_ state: State) { copy(0).initialize(to: state) }

  @inline(__always)
  var committedVersion: UInt64 { version.pointee.load(ordering: .acquiring) }

  /// Release: pairs with the acquire in `committedVersion`; and the one instant in which the change happens.
  @inline(__always)
  func commit(_ next: UInt64) { version.pointee.store(next, ordering: .releasing) }

  /// Another state in place of all of this one; by its one writer.
  func replace(by state: State) {
    let next = version.pointee.load(ordering: .relaxed) &+ 1
    copy(next).pointee = state
    commit(next)
  }

  /// The state as some commit left it, while others commit. It is copied, then it is seen whether it was whole; nobody
  /// gets it before, for what is torn may break any rule that holds for a state.
  @inline(__always)
  var state: State {
    while true {
      let before = committedVersion
      let state = copy(before).pointee
      // A writer touches this copy only after the next commit; if there was none, what was copied is whole.
      atomicMemoryFence(ordering: .acquiring)
      if version.pointee.load(ordering: .relaxed) == before { return state }
    }
  }
}

/// State that processes share and change in single steps, such that a process killed at any instant has either
/// changed all of it or nothing.
///
/// In memory: the lock's word and `userCount`, the version (UInt64), and two copies of the state: see `TwoCopies`.
package struct Cell<State: BitwiseCopyable>: @unchecked Sendable {
  // Sendable: a place in shared memory, guarded by its lock.
  package let lock: HolderLock
  private let copies: TwoCopies<State>
  private let userCountWord: UnsafeMutablePointer<Atomic<UInt32>>

  /// Both copies on cache lines of their own, behind one for the lock and one for the version.
  package static var byteCount: Int { 128 + 2 * Self.copyStride }
  private static var copyStride: Int { (MemoryLayout<State>.size + 63) & ~63 }

  /// `memory`: aligned to 64 bytes.
  package init(at memory: UnsafeMutableRawPointer) {
    lock = HolderLock(memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1))
    userCountWord = (memory + 4).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    copies = TwoCopies(version: memory + 64, copies: memory + 128, stride: Self.copyStride)
  }

  /// Before anyone runs.
  package func initialize(_ state: State) { copies.initialize(state) }

  /// How many workers have a part beside the state (a lease, a holding), those that came late included, whom the plan
  /// of an older worker does not have. On the lock's line, which who asks has at hand.
  ///
  /// The supervisor changes it before a newcomer runs. Who finds it old under the lock has missed nothing: the
  /// newcomer's part was empty until it had the lock itself.
  package var userCount: Int {
    get { Int(userCountWord.pointee.load(ordering: .relaxed)) }
    nonmutating set { userCountWord.pointee.store(UInt32(newValue), ordering: .releasing) }
  }

  /// Changes with every commit: what a spinning waiter looks at.
  @inline(__always)
  package var committedVersion: UInt64 { copies.committedVersion }

  /// Runs `body` on a copy of the state under the lock and commits it where `body` gives `true` first.
  @inline(__always)
  package func update<Result>(
    as holder: HolderID, _ body: (_ state: inout State, _ nextVersion: UInt64) -> (commit: Bool, result: Result)
  ) -> Result {
    lock.lock(as: holder)
    defer { lock.unlock() }
    let current = copies.version.pointee.load(ordering: .relaxed)
    let next = copies.copy(current &+ 1)
    next.pointee = copies.copy(current).pointee
    let outcome = body(&next.pointee, current &+ 1)
    if outcome.commit { copies.commit(current &+ 1) }
    return outcome.result
  }

  /// A consistent look without the lock.
  package func snapshot() -> State { copies.state }

  /// As `snapshot`, at a part.
  @inline(__always)
  package func peek<Part>(_ part: (State) -> Part) -> Part { part(copies.state) }
}
