internal import Platform
internal import Synchronization

/// A lock that a topology declares.
///
/// The word is {waiters: bit 31, recovered: bit 30, holder}. "Recovered" says to the next holder that the last one
/// died, or ended, holding it.
public struct SharedLock: @unchecked Sendable {
  // Sendable: a place in shared memory; only atomics touch it.
  package let resource: Int
  private let futex: Futex
  /// The holder's; others only look.
  private let depthWord: UnsafeMutablePointer<Atomic<UInt32>>
  /// When somebody first waited for this holder; 0: nobody has. For people: to ask for the time at each acquisition
  /// would be dear.
  private let awaitedSinceWord: UnsafeMutablePointer<Atomic<UInt64>>
  private let isRecursive: Bool
  private let holder: HolderID
  private let entry: WorkerEntry?

  static let byteCount = 64
  private static let waiters: UInt32 = 1 << 31
  private static let recovered: UInt32 = 1 << 30
  private static let holderMask: UInt32 = recovered - 1

  init(
    resource: Int, isRecursive: Bool, at memory: UnsafeMutableRawPointer, holder: HolderID, entry: WorkerEntry?
  ) {
    self.resource = resource
    self.isRecursive = isRecursive
    self.holder = holder
    self.entry = entry
    futex = Futex(memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1))
    depthWord = (memory + 4).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    awaitedSinceWord = (memory + 8).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
  }

  public enum Acquisition: Sendable, Equatable {
    case acquired
    /// The last holder died holding it: what it guards may be half changed.
    case recovered
    case timedOut
  }

  public struct Misuse: Error, Sendable {
    public enum Reason: Sendable { case alreadyHeld, notHeld }
    public var reason: Reason
  }

  /// Waits until it is this worker's. `deadline` in nanoseconds of the monotonic clock.
  @discardableResult
  public func acquire(until deadline: UInt64? = nil) throws(Misuse) -> Acquisition {
    if futex.word.pointee.compareExchange(expected: 0, desired: holder.rawValue, ordering: .acquiring).exchanged {
      begin()
      return .acquired
    }
    return try acquireContended(until: deadline)
  }

  private func acquireContended(until deadline: UInt64?) throws(Misuse) -> Acquisition {
    if isHeld {
      guard isRecursive else { throw Misuse(reason: .alreadyHeld) }
      depth += 1
      return .acquired
    }
    for _ in 0..<200 {
      spinPause()
      if let acquisition = tryTake(extra: 0) { return acquisition }
    }
    entry?.beginWait(.lock(resource: resource), isTimed: deadline != nil)
    defer { entry?.endWait() }
    while true {
      if let acquisition = tryTake(extra: Self.waiters) { return acquisition }
      let seen = futex.word.pointee.load(ordering: .relaxed)
      if seen & Self.holderMask == 0 { continue }
      noteWait()
      if seen & Self.waiters == 0,
        !futex.word.pointee.compareExchange(expected: seen, desired: seen | Self.waiters, ordering: .relaxed).exchanged
      {
        continue
      }
      if futex.wait(whileEqual: seen | Self.waiters, until: deadline) == .timedOut { return .timedOut }
    }
  }

  private var depth: UInt32 {
    get { depthWord.pointee.load(ordering: .relaxed) }
    nonmutating set { depthWord.pointee.store(newValue, ordering: .relaxed) }
  }

  private func begin() {
    depth = 1
    awaitedSinceWord.pointee.store(0, ordering: .relaxed)
  }

  /// Takes it if nobody has it; `extra`: the waiters' bit, where this one has slept and others may still.
  private func tryTake(extra: UInt32) -> Acquisition? {
    let seen = futex.word.pointee.load(ordering: .relaxed)
    guard seen & Self.holderMask == 0 else { return nil }
    let mine = holder.rawValue | (seen & Self.waiters) | extra
    guard futex.word.pointee.compareExchange(expected: seen, desired: mine, ordering: .acquiring).exchanged else {
      return nil
    }
    begin()
    return seen & Self.recovered != 0 ? .recovered : .acquired
  }

  public func release() throws(Misuse) {
    guard isHeld else { throw Misuse(reason: .notHeld) }
    if isRecursive, depth > 1 {
      depth -= 1
      return
    }
    unlock()
  }

  /// By this worker.
  package var isHeld: Bool { holderID == holder }

  /// Releases it however often it is held; gives how often that is, for `acquire(depth:)`.
  func releaseAll() throws(Misuse) -> UInt32 {
    guard isHeld else { throw Misuse(reason: .notHeld) }
    let depth = depth
    unlock()
    return depth
  }

  func acquire(depth count: UInt32) throws(Misuse) -> Acquisition {
    let acquisition = try acquire()
    depth = count
    return acquisition
  }

  private func unlock() {
    // Release: pairs with the acquire of the next holder, who sees all that was done under the lock.
    if futex.word.pointee.exchange(0, ordering: .releasing) & Self.waiters != 0 { futex.wake() }
  }

  package var holderID: HolderID? {
    let raw = futex.word.pointee.load(ordering: .relaxed) & Self.holderMask
    return raw == 0 ? nil : HolderID(rawValue: raw)
  }

  private func noteWait() {
    guard awaitedSinceWord.pointee.load(ordering: .relaxed) == 0 else { return }
    awaitedSinceWord.pointee.store(MonotonicClock.coarseNow, ordering: .relaxed)
  }

  /// Since when somebody waits for who holds it, who so has it for longer; nanoseconds of the monotonic clock.
  package var awaitedSince: UInt64? {
    let since = awaitedSinceWord.pointee.load(ordering: .relaxed)
    return holderID == nil || since == 0 ? nil : since
  }

  package var heldDepth: Int { holderID == nil ? 0 : Int(depth) }

  /// For the scavenger: frees the lock of a dead holder and tells the next one. True if it was held.
  func breakIfHeld(by dead: HolderID) -> Bool {
    let wasHeld = holderID == dead
    if wasHeld { _ = futex.word.pointee.exchange(Self.recovered, ordering: .acquiringAndReleasing) }
    futex.wake(.max)
    return wasHeld
  }
}
