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

  package init(parties: Int, users: Int) {
    self.parties = UInt32(parties)
    live = UInt32(users)
  }

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

  package mutating func repair(after dead: Int, _ parties: inout some PartList<BarrierParty>) -> PrimitiveRepair {
    withdraw(dead, &parties)
    return PrimitiveRepair(wokenWords: [0])
  }

  /// The user will not come again. If it died waiting, or too few are left, the barrier is broken; gives how many
  /// that waited were told so.
  mutating func end(_ index: Int, _ parties: inout some PartList<BarrierParty>) -> Int {
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
  mutating func reopen() { live += 1 }
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
