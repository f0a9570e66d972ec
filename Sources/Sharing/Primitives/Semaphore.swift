internal import Limits

/// What a semaphore's processes agree on. Pure: transitions touch no memory but this and the holdings given to them.
///
/// Of a bounded one `count` and all holdings together are always the bound, so that a dead taker's can be returned.
package struct SemaphoreState: PrimitiveState {
  /// Counts taken and not given back.
  package typealias Part = Int64

  package private(set) var count: Int64
  /// The initial count, where counts belong to their takers; `nil`: to nobody.
  package let bound: Int64?
  /// Sleepers that no wake-up is under way to.
  package var sleeping: UInt32 = 0

  package init(initial: Int64, isBounded: Bool) {
    count = initial
    bound = isBounded ? initial : nil
  }

  /// An unbounded one's counts belong to nobody.
  package var hasParts: Bool { bound != nil }

  package func requireBounds(_ plan: ArenaPlan) {
    precondition(Limit.semaphoreCount.contains(Int(count)), "a semaphore of \(count)")
  }

  /// The holdings of an unbounded one are empty: nobody's.
  mutating func acquire(_ taker: Int, _ holdings: inout some PartList<Int64>) -> Bool {
    guard count > 0 else { return false }
    count -= 1
    if bound != nil { holdings[taker] += 1 }
    return true
  }

  /// Gives back: first what the giver holds, then what others do, for a count may be given back by another than its
  /// taker. Gives how many sleepers to wake.
  mutating func release(
    _ amount: Int64, by giver: Int, _ holdings: inout some PartList<Int64>
  ) -> Result<Int, SharedSemaphore.Misuse> {
    if amount < 1 { return .failure(.amountBelowOne) }
    if let bound, amount > bound - count { return .failure(.overReleased(bound: Int(bound))) }
    let (sum, overflows) = count.addingReportingOverflow(amount)
    if overflows { return .failure(.outOfRange) }
    count = sum
    if bound != nil { discharge(amount, first: giver, &holdings) }
    return .success(sleepersToWake(Int(clamping: amount)))
  }

  private func discharge(_ amount: Int64, first giver: Int, _ holdings: inout some PartList<Int64>) {
    var rest = amount - take(amount, from: &holdings[giver])
    for holder in holdings.indices where rest > 0 && holdings[holder] > 0 {
      rest -= take(rest, from: &holdings[holder])
    }
  }

  private func take(_ amount: Int64, from held: inout Int64) -> Int64 {
    let taken = min(amount, held)
    held -= taken
    return taken
  }

  package func isSound(_ holdings: some PartList<Int64>) -> Bool {
    guard count >= 0, sleeping < 1 << 30 else { return false }
    guard let bound else { return holdings.isEmpty }
    return count <= bound && holdings.allSatisfy { (0...bound).contains($0) }
      && holdings.reduce(count, &+) == bound
  }

  package func isUnmet(_ need: WaitNeed) -> Bool? { count == 0 }

  /// What a dead taker held returns.
  package mutating func repair(after taker: Int, _ holdings: inout some PartList<Int64>) -> PrimitiveRepair {
    // Whoever counted as asleep looks again, and counts anew.
    sleeping = 0
    let held = bound == nil ? 0 : holdings[taker]
    if held > 0 {
      holdings[taker] = 0
      count += held
    }
    return PrimitiveRepair(finding: held > 0 ? .countsReturned(Int(held)) : nil, wokenWords: [0])
  }

  private mutating func sleepersToWake(_ amount: Int) -> Int {
    let woken = UInt32(min(amount, Int(sleeping)))
    sleeping -= woken
    return Int(woken)
  }
}

/// A semaphore that a topology declares, as one worker sees it.
///
/// The counts of a bounded one belong to their takers: what one holds when it ends returns. Those of an unbounded one
/// belong to nobody: it is a signal.
package struct SharedSemaphore: Sendable {
  let primitive: Primitive<SemaphoreState>
  let user: PrimitiveUser

  package enum Misuse: Error, Sendable, Equatable {
    /// More than all takers together hold of a bounded one.
    case overReleased(bound: Int)
    /// Over 2^63 - 1.
    case outOfRange
    case amountBelowOne
  }

  /// Takes a count, waiting for one until `deadline`, in nanoseconds of the monotonic clock. False: there was none.
  package func acquire(until deadline: UInt64? = nil) -> Bool {
    let taken: Void? = primitive.wait(.primitive(resource: primitive.resource), as: user, until: deadline) {
      state, holdings, look in
      if look.sleptInVain, state.sleeping > 0 { state.sleeping -= 1 }
      if state.acquire(user.slot, &holdings) { return () }
      if look.willSleep { state.sleeping += 1 }
      return nil
    }
    return taken != nil
  }

  package func release(_ amount: Int = 1) throws(Misuse) {
    let outcome = primitive.update(as: user.holder) { state, holdings in
      state.release(Int64(amount), by: user.slot, &holdings)
    }
    primitive.wake(try outcome.get())
  }

  /// That nobody has taken.
  package var count: Int { Int(primitive.cell.peek { $0.count }) }
}

/// What a semaphore looks like now: for `inspect`. Workers by index.
package struct SemaphoreReport: Sendable {
  package var count: Int
  package var initial: Int
  package var isBounded: Bool
  /// What each has taken and not given back; of a bounded one.
  package var holders: [(worker: Int, count: Int)]
  package var waiters: [Int]
}

extension ArenaPlan.Resource {
  /// `isBounded`: counts belong to their takers. `users`: worker indices, each once, of which each keeps its place.
  package static func semaphore(initial: Int, isBounded: Bool, users: [Int] = []) -> Self {
    .primitive(.init(SemaphoreState(initial: Int64(initial), isBounded: isBounded), users: users))
  }
}

extension Arena {
  /// `nil`: it is no such resource, or the worker does not use it.
  package func semaphore(_ resource: Int, worker: Int) -> SharedSemaphore? {
    use(resource, by: worker).map { SharedSemaphore(primitive: $0, user: $1) }
  }

  package func semaphoreReport(_ resource: Int) -> SemaphoreReport? {
    guard let primitive = primitive(resource, of: SemaphoreState.self),
      let initial = initial(resource, of: SemaphoreState.self)
    else { return nil }
    // Under the lock, so that all parts are of one instant. Nothing is changed.
    let (count, holdings) = primitive.update(as: supervisor, orIfDamaged: (0, [])) { state, holdings in
      (state.count, Array(holdings))
    }
    let holders = zip(primitive.users, holdings).filter { $0.1 > 0 }.map { (worker: $0, count: Int($1)) }
    return SemaphoreReport(
      count: Int(count), initial: Int(initial.count), isBounded: initial.bound != nil, holders: holders,
      waiters: waiters(at: primitive))
  }
}
