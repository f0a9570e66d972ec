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
      .condition(resource: primitive.resource), word: user.slot, as: user, until: deadline
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
