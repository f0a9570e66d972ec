/// What a semaphore looks like now: for `inspect`. Workers by index.
package struct SemaphoreReport: Sendable {
  package var count: Int
  package var initial: Int
  package var isBounded: Bool
  /// What each has taken and not given back; of a bounded one.
  package var holders: [(worker: Int, count: Int)]
  package var waiters: [Int]
}

package struct ConditionReport: Sendable, Equatable {
  /// The lock's resource.
  package var lock: Int
  /// Who came first first.
  package var waiters: [Int]
}

package struct EventReport: Sendable, Equatable {
  package var isSet: Bool
  package var waiters: [Int]
}

package struct BarrierReport: Sendable, Equatable {
  package var parties: Int
  package var waiters: [Int]
  /// Users that do not wait, and may come.
  package var missing: [Int]
  package var breakage: BarrierBreakage?
}

extension Arena {
  package func semaphoreReport(_ resource: Int) -> SemaphoreReport? {
    guard case .semaphore(let semaphore) = plan.resources[resource], let primitive = semaphorePrimitive(resource)
    else { return nil }
    // Under the lock, so that all parts are of one instant. Nothing is changed.
    let (count, holdings) = primitive.update(as: supervisor, orIfDamaged: (0, [])) { state, holdings in
      (state.count, Array(holdings))
    }
    let holders = zip(semaphore.users, holdings).filter { $0.1 > 0 }.map { (worker: $0, count: Int($1)) }
    return SemaphoreReport(
      count: Int(count), initial: semaphore.initial, isBounded: semaphore.isBounded, holders: holders,
      waiters: waiters(of: primitive.users, on: .semaphore(resource: resource)))
  }

  package func conditionReport(_ resource: Int) -> ConditionReport? {
    guard case .condition(let lock, _) = plan.resources[resource], let primitive = conditionPrimitive(resource)
    else { return nil }
    let waiters = primitive.update(as: supervisor, orIfDamaged: []) { _, waiters in Array(waiters) }
    let waiting = zip(primitive.users, waiters).filter { $0.1.phase == .waiting }.sorted { $0.1.ticket < $1.1.ticket }
    return ConditionReport(lock: lock, waiters: waiting.map(\.0))
  }

  package func eventReport(_ resource: Int) -> EventReport? {
    guard let primitive = eventPrimitive(resource) else { return nil }
    return EventReport(
      isSet: primitive.cell.peek { $0.isSet }, waiters: waiters(of: primitive.users, on: .event(resource: resource)))
  }

  package func barrierReport(_ resource: Int) -> BarrierReport? {
    guard let primitive = barrierPrimitive(resource) else { return nil }
    let whole = BarrierState(parties: 1, users: 1)
    let (state, parties) = primitive.update(as: supervisor, orIfDamaged: (whole, [])) { state, parties in
      (state, Array(parties))
    }
    let waiting = zip(primitive.users, parties).filter { state.isWaiting($0.1) }.map(\.0)
    let missing = primitive.users.filter {
      $0 != ArenaPlan.nobody && !waiting.contains($0) && !entry($0).hasEndedForGood
    }
    return BarrierReport(
      parties: Int(state.parties), waiters: waiting, missing: missing,
      breakage: state.breakage.flatMap { BarrierBreakage($0, users: primitive.users) })
  }

  private func waiters(of users: [Int], on wait: WorkerEntry.Wait) -> [Int] {
    users.filter { $0 != ArenaPlan.nobody && self.wait(of: $0).on == wait }
  }
}
