internal import Limits

/// What a barrier's processes agree on. Pure: transitions touch no memory but this and the parties given to them.
package struct BarrierState: PrimitiveState {
  package typealias Part = BarrierParty

  package let parties: UInt32
  /// Grows when all have come, and when those who waited were told that they have not.
  private(set) var generation: UInt64 = 0
  /// Who wait now, with the indices from 0 to below this.
  package private(set) var arrived: UInt32 = 0
  /// Users that have not ended for good.
  private var live: UInt32
  /// Until a reset.
  private var ownBreakage: Breakage?
  /// The user that ended for good last.
  private var lastEnded: UInt32 = 0

  /// Why it is broken, and the index of the user by whom.
  package struct Breakage: BitwiseCopyable, Equatable, Sendable {
    package var cause: BarrierBreakage.Cause
    package var user: UInt32
  }

  package init(parties: Int, users: Int = 0) {
    self.parties = UInt32(parties)
    live = UInt32(users)
  }

  package func requireBounds(_ plan: ArenaPlan) {
    precondition(Limit.count.contains(Int(parties)), "a barrier of \(parties) parties")
  }

  package mutating func begin(users: Int) { live = UInt32(users) }

  /// `nil`: it is whole.
  package var breakage: Breakage? { ownBreakage ?? (live < parties ? Breakage(cause: .ended, user: lastEnded) : nil) }

  // MARK: Parties

  /// What became of a party's wait; `nil`: it waits still.
  package enum Outcome: Equatable, Sendable {
    case passed(index: Int)
    case broken
  }

  /// If it is the last, all pass: whoever waits is to be woken.
  mutating func arrive(_ party: inout BarrierParty) -> Outcome? {
    if breakage != nil { return .broken }
    party = BarrierParty(phase: .waiting, index: arrived, generation: generation)
    arrived += 1
    guard arrived == parties else { return nil }
    generation += 1
    arrived = 0
    return outcome(of: &party)
  }

  /// Asked until there is one.
  func outcome(of party: inout BarrierParty) -> Outcome? {
    if isWaiting(party) { return nil }
    defer { party.phase = .away }
    return party.phase == .waiting ? .passed(index: Int(party.index)) : .broken
  }

  package func isWaiting(_ party: BarrierParty) -> Bool { party.phase == .waiting && party.generation == generation }

  // MARK: Breaking

  mutating func abort(by index: Int, _ parties: inout some PartList<BarrierParty>) {
    tellWaiters(&parties)
    ownBreakage = Breakage(cause: .aborted, user: UInt32(index))
  }

  /// The party's time is over: if it waits still, that breaks the barrier for all, and there is no outcome.
  mutating func timeOut(_ index: Int, _ parties: inout some PartList<BarrierParty>) -> Outcome? {
    if let outcome = outcome(of: &parties[index]) { return outcome }
    tellWaiters(&parties)
    parties[index].phase = .away
    ownBreakage = Breakage(cause: .timedOut, user: UInt32(index))
    return nil
  }

  mutating func reset(_ parties: inout some PartList<BarrierParty>) {
    tellWaiters(&parties)
    ownBreakage = nil
  }

  /// Those who wait are told that the barrier broke, whatever becomes of it later.
  private mutating func tellWaiters(_ parties: inout some PartList<BarrierParty>) {
    guard arrived > 0 else { return }
    for index in parties.indices where isWaiting(parties[index]) { parties[index].phase = .broken }
    arrived = 0
    generation += 1
  }

  // MARK: Death

  /// The party is dead, and may come back: it is not waited with. The others keep indices from 0 without a gap.
  private mutating func withdraw(_ index: Int, _ parties: inout some PartList<BarrierParty>) {
    let party = parties[index]
    guard isWaiting(party) else {
      if party.phase != .lost { parties[index].phase = .away }
      return
    }
    arrived -= 1
    for other in parties.indices where isWaiting(parties[other]) && parties[other].index == arrived {
      parties[other].index = party.index
    }
    parties[index].phase = .lost
  }

  package func isSound(_ parties: some PartList<BarrierParty>) -> Bool {
    generation < 1 << 62 && arrived < self.parties && Int(live) <= parties.count
      && Int(lastEnded) < max(1, parties.count)
      && (ownBreakage?.isSound(users: parties.count) ?? true) && parties.allSatisfy(\.hasPhase)
      && parties.count(where: isWaiting) == Int(arrived)
      && parties.allSatisfy { !isWaiting($0) || $0.index < arrived }
  }

  package func isUnmet(for user: Int, _ parties: some PartList<BarrierParty>) -> Bool { isWaiting(parties[user]) }

  package mutating func repair(after dead: Int, _ parties: inout some PartList<BarrierParty>) -> PrimitiveRepair {
    withdraw(dead, &parties)
    return PrimitiveRepair(wokenWords: [0])
  }

  /// The user will not come again. If it died waiting, or too few are left, the barrier is broken; gives how many
  /// that waited were told so.
  package mutating func end(_ index: Int, _ parties: inout some PartList<BarrierParty>) -> Int {
    withdraw(index, &parties)
    let diedWaiting = parties[index].phase == .lost && parties[index].generation == generation
    parties[index].phase = .away
    if live > 0 { live -= 1 }
    lastEnded = UInt32(index)
    guard diedWaiting || live < self.parties else { return 0 }
    // Where too few are left it is broken for as long as that is so.
    if live >= self.parties { ownBreakage = Breakage(cause: .ended, user: UInt32(index)) }
    defer { tellWaiters(&parties) }
    return Int(arrived)
  }

  /// A user that had ended for good is started again.
  package mutating func reopen() { live += 1 }
}

/// One user's part of a barrier.
package struct BarrierParty: BitwiseCopyable, Equatable, Sendable {
  /// As a number: bits that are no phase are to be seen as such, and not taken for the absence of a party.
  private var phaseCode: UInt8
  var index: UInt32
  var generation: UInt64

  init(phase: Phase, index: UInt32, generation: UInt64) {
    phaseCode = phase.rawValue
    self.index = index
    self.generation = generation
  }

  var phase: Phase {
    get { Phase(rawValue: phaseCode) ?? .away }
    set { phaseCode = newValue.rawValue }
  }
  fileprivate var hasPhase: Bool { Phase(rawValue: phaseCode) != nil }

  enum Phase: UInt8, BitwiseCopyable, Sendable {
    // The first is all zero bits.
    case away
    /// At the barrier; if its generation is over, it may pass.
    case waiting
    /// To be told that the barrier broke.
    case broken
    /// It died waiting, in that generation.
    case lost
  }
}

extension BarrierState.Breakage {
  fileprivate func isSound(users: Int) -> Bool {
    withUnsafeBytes(of: cause) { BarrierBreakage.Cause(rawValue: $0[0]) != nil } && Int(user) < users
  }
}

/// A barrier that a topology declares, as one worker sees it: whoever comes waits until all parties have.
package struct SharedBarrier: Sendable {
  let primitive: Primitive<BarrierState>
  let user: PrimitiveUser

  package enum Passage: Sendable, Equatable {
    /// All have come. `index`: from 0, for each party another.
    case passed(index: Int)
    case broken
    /// Not all came in time: the barrier is broken for all.
    case timedOut
  }

  /// `deadline` in nanoseconds of the monotonic clock.
  package func wait(until deadline: UInt64? = nil) -> Passage {
    let arrival = primitive.update(as: user.holder) { state, parties in state.arrive(&parties[user.slot]) }
    if case .passed = arrival { primitive.wake(.max) }
    if let arrival { return Passage(arrival) }
    let outcome = primitive.wait(.primitive(resource: primitive.resource), as: user, until: deadline) {
      state, parties, _ in
      var party = parties[user.slot]
      let outcome = state.outcome(of: &party)
      if outcome != nil { parties[user.slot] = party }
      return outcome
    }
    return outcome.map(Passage.init) ?? timeOut()
  }

  private func timeOut() -> Passage {
    let outcome = primitive.update(as: user.holder) { state, parties in state.timeOut(user.slot, &parties) }
    if outcome == nil { primitive.wake(.max) }
    return outcome.map(Passage.init) ?? .timedOut
  }

  /// Breaks it for all who wait, and who come.
  package func abort() {
    primitive.update(as: user.holder) { state, parties in state.abort(by: user.slot, &parties) }
    primitive.wake(.max)
  }

  /// Makes it whole; for those who wait it breaks.
  package func reset() {
    primitive.update(as: user.holder) { state, parties in state.reset(&parties) }
    primitive.wake(.max)
  }

  package var parties: Int { Int(primitive.cell.peek { $0.parties }) }
  package var waiting: Int { Int(primitive.cell.peek { $0.arrived }) }
  /// Why it is broken; `nil`: it is not.
  package var breakage: BarrierBreakage? {
    primitive.cell.peek { $0.breakage }.flatMap { BarrierBreakage($0, users: primitive.users) }
  }
}

extension SharedBarrier.Passage {
  fileprivate init(_ outcome: BarrierState.Outcome) {
    switch outcome {
    case .passed(let index): self = .passed(index: index)
    case .broken: self = .broken
    }
  }
}

/// Why a barrier is broken, and by which worker.
package struct BarrierBreakage: Sendable, Equatable {
  package var cause: Cause
  package var worker: Int

  package enum Cause: UInt8, BitwiseCopyable, Sendable {
    case aborted
    case timedOut
    /// It died waiting, or ended so that too few are left.
    case ended
  }

  init?(_ breakage: BarrierState.Breakage, users: [Int]) {
    guard users.indices.contains(Int(breakage.user)) else { return nil }
    cause = breakage.cause
    worker = users[Int(breakage.user)]
  }
}

package struct BarrierReport: Sendable, Equatable {
  package var parties: Int
  package var waiters: [Int]
  /// Users that do not wait, and may come.
  package var missing: [Int]
  package var breakage: BarrierBreakage?
}

extension ArenaPlan.Resource {
  /// `users`: worker indices, each once, of which each keeps its place.
  package static func barrier(parties: Int, users: [Int] = []) -> Self {
    .primitive(.init(BarrierState(parties: parties), users: users))
  }
}

extension Arena {
  /// `nil`: it is no such resource, or the worker does not use it.
  package func barrier(_ resource: Int, worker: Int) -> SharedBarrier? {
    use(resource, by: worker).map { SharedBarrier(primitive: $0, user: $1) }
  }

  package func barrierReport(_ resource: Int) -> BarrierReport? {
    guard let primitive = primitive(resource, of: BarrierState.self) else { return nil }
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
}
