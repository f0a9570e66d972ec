/// What a condition's processes agree on. Pure: transitions touch no memory but this and the waiters given to them.
package struct ConditionState: PrimitiveState {
  package typealias Part = ConditionWaiter

  /// The resource that its waiters hold.
  private let lockResource: UInt32

  /// Of the next to wait: who waits is notified in that order.
  private(set) var nextTicket: UInt64 = 1
  package private(set) var waiting: UInt32 = 0

  package init(lock: Int) { lockResource = UInt32(lock) }

  package static var hasWordForEach: Bool { true }

  package func requireBounds(_ plan: ArenaPlan) {
    guard case .lock = plan.resources[lock] else { preconditionFailure("a condition's lock is none") }
  }

  package var lock: Int { Int(lockResource) }

  mutating func begin(_ waiter: inout ConditionWaiter) {
    waiter = ConditionWaiter(phase: .waiting, ticket: nextTicket)
    nextTicket += 1
    waiting += 1
  }

  /// Its time is over. False: it has been notified before.
  mutating func giveUp(_ waiter: inout ConditionWaiter) -> Bool {
    guard waiter.phase == .waiting else { return false }
    waiter.phase = .away
    waiting -= 1
    return true
  }

  /// Notifies up to `amount` of those that wait now, who came first first. Gives their indices.
  mutating func notify(_ amount: Int, _ waiters: inout some PartList<ConditionWaiter>) -> [Int] {
    notify(amount, horizon: nextTicket, &waiters)
  }

  /// Only those with tickets before `horizon`: who waited at the notification.
  private mutating func notify(
    _ amount: Int, horizon: UInt64, _ waiters: inout some PartList<ConditionWaiter>
  ) -> [Int] {
    guard waiting > 0, amount > 0 else { return [] }
    var chosen = waiters.indices.filter { waiters[$0].phase == .waiting && waiters[$0].ticket < horizon }
    if amount < chosen.count {
      chosen.sort { waiters[$0].ticket < waiters[$1].ticket }
      chosen.removeLast(chosen.count - amount)
    }
    for index in chosen {
      waiters[index].phase = .notified
      waiters[index].horizon = horizon
    }
    waiting -= UInt32(chosen.count)
    return chosen
  }

  package func isSound(_ waiters: some PartList<ConditionWaiter>) -> Bool {
    nextTicket < 1 << 62 && waiters.allSatisfy { $0.hasPhase && $0.ticket < nextTicket }
      && waiters.count { $0.phase == .waiting } == Int(waiting)
  }

  package func isUnmet(for user: Int, _ waiters: some PartList<ConditionWaiter>) -> Bool {
    waiters[user].phase == .waiting
  }

  package mutating func repair(
    after dead: Int, _ waiters: inout some PartList<ConditionWaiter>
  ) -> PrimitiveRepair {
    let heir = withdraw(dead, &waiters)
    return PrimitiveRepair(
      finding: heir.map { .wakeUpPassedOn(to: $0) },
      wokenWords: waiters.indices.filter { waiters[$0].phase == .notified }
    )
  }

  /// The waiter is dead. If it had been notified, and did not get as far as to have the lock and know it, another one
  /// that waited then is notified in its place: its index.
  private mutating func withdraw(_ index: Int, _ waiters: inout some PartList<ConditionWaiter>) -> Int? {
    let waiter = waiters[index]
    switch waiter.phase {
    case .away: return nil
    case .waiting:
      _ = giveUp(&waiters[index])
      return nil
    case .notified:
      waiters[index].phase = .away
      return notify(1, horizon: waiter.horizon, &waiters).first
    }
  }
}

/// One user's part of a condition.
package struct ConditionWaiter: BitwiseCopyable, Equatable, Sendable {
  /// As a number: bits that are no phase are to be seen as such, and not taken for the absence of a waiter.
  private var phaseCode: UInt8
  var ticket: UInt64
  /// If notified: the first ticket that was not given out yet at the notification.
  var horizon: UInt64

  init(phase: Phase, ticket: UInt64, horizon: UInt64 = 0) {
    phaseCode = phase.rawValue
    self.ticket = ticket
    self.horizon = horizon
  }

  var phase: Phase {
    get { Phase(rawValue: phaseCode) ?? .away }
    set { phaseCode = newValue.rawValue }
  }
  fileprivate var hasPhase: Bool { Phase(rawValue: phaseCode) != nil }

  enum Phase: UInt8, BitwiseCopyable, Sendable {
    // The first is all zero bits.
    case away, waiting
    /// Chosen, and not back from its wait yet.
    case notified
  }
}

/// A condition that a topology declares, with its lock, as one worker sees it. All calls are for the lock's holder.
package struct SharedCondition: Sendable {
  let primitive: Primitive<ConditionState>
  let user: PrimitiveUser
  package let lock: SharedLock

  /// How a wait ended. The lock is held again, as often as before.
  package struct Waited: Sendable, Equatable {
    /// False: the time was over before.
    package var isNotified: Bool
    /// The lock's last holder died holding it: what it guards may be half changed.
    package var isLockRecovered: Bool
  }

  /// Releases the lock, waits until it is notified or until `deadline` (nanoseconds of the monotonic clock), and
  /// acquires the lock again, for which it waits without limit.
  package func wait(until deadline: UInt64? = nil) throws(SharedLock.Misuse) -> Waited {
    guard lock.isHeld else { throw SharedLock.Misuse(reason: .notHeld) }
    // Before the lock is free: whoever notifies after that finds it.
    primitive.update(as: user.holder) { state, waiters in state.begin(&waiters[user.slot]) }
    let depth = try lock.releaseAll()
    let isNotified = sleep(until: deadline)
    let acquisition = try lock.acquire(depth: depth)
    // Not sooner: if it dies before it has the lock, its wake-up goes to another.
    primitive.update(as: user.holder) { _, waiters in waiters[user.slot].phase = .away }
    return Waited(isNotified: isNotified, isLockRecovered: acquisition == .recovered)
  }

  private func sleep(until deadline: UInt64?) -> Bool {
    let notified: Void? = primitive.wait(
      .primitive(resource: primitive.resource), word: user.slot, as: user, until: deadline
    ) { _, waiters, _ in
      waiters[user.slot].phase == .notified ? () : nil
    }
    if notified != nil { return true }
    return !primitive.update(as: user.holder) { state, waiters in state.giveUp(&waiters[user.slot]) }
  }

  /// Waits until `predicate` is true, which is asked under the lock: at first, and after each wake-up. Gives its last
  /// answer: false only when the deadline is over.
  package func wait(
    until deadline: UInt64? = nil, for predicate: () -> Bool
  ) throws(SharedLock.Misuse) -> Bool {
    guard lock.isHeld else { throw SharedLock.Misuse(reason: .notHeld) }
    while !predicate() {
      if try !wait(until: deadline).isNotified { return predicate() }
    }
    return true
  }

  /// Wakes exactly so many of those that wait now, or all if they are fewer; who came first first.
  package func notify(_ amount: Int = 1) throws(SharedLock.Misuse) {
    guard lock.isHeld else { throw SharedLock.Misuse(reason: .notHeld) }
    let chosen = primitive.update(as: user.holder) { state, waiters in state.notify(amount, &waiters) }
    for index in chosen { primitive.wake(1, word: index) }
  }

  package func notifyAll() throws(SharedLock.Misuse) { try notify(.max) }
}

package struct ConditionReport: Sendable, Equatable {
  /// The lock's resource.
  package var lock: Int
  /// Who came first first.
  package var waiters: [Int]
}

extension ArenaPlan.Resource {
  /// `lock`: the resource. `users`: worker indices, each once, of which each keeps its place.
  package static func condition(lock: Int, users: [Int] = []) -> Self {
    .primitive(.init(ConditionState(lock: lock), users: users))
  }
}

extension Arena {
  /// `nil`: it is no such resource, or the worker does not use it.
  package func condition(_ resource: Int, worker: Int) -> SharedCondition? {
    guard let initial = initial(resource, of: ConditionState.self), let lock = lock(initial.lock, worker: worker) else {
      return nil
    }
    return use(resource, by: worker).map { SharedCondition(primitive: $0, user: $1, lock: lock) }
  }

  package func conditionReport(_ resource: Int) -> ConditionReport? {
    guard let primitive = primitive(resource, of: ConditionState.self),
      let initial = initial(resource, of: ConditionState.self)
    else { return nil }
    let waiters = primitive.update(as: supervisor, orIfDamaged: []) { _, waiters in Array(waiters) }
    let waiting = zip(primitive.users, waiters).filter { $0.1.phase == .waiting }.sorted { $0.1.ticket < $1.1.ticket }
    return ConditionReport(lock: initial.lock, waiters: waiting.map(\.0))
  }
}
