/// What a condition's processes agree on. Pure: transitions touch no memory but this and the waiters given to them.
package struct ConditionState: PrimitiveState {
  package typealias Part = ConditionWaiter

  /// Of the next to wait: who waits is notified in that order.
  private(set) var nextTicket: UInt64 = 1
  package private(set) var waiting: UInt32 = 0

  package init() {}

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
