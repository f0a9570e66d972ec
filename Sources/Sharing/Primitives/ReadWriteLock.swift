/// What a read-write lock's processes agree on. Pure: transitions touch no memory but this and the parties given to them.
///
/// Any number hold it to read, or one to write. Who waits first goes first: a reader that comes behind a writer that waits
/// waits too, so that nobody waits for ever; but one that reads already may read once more.
package struct ReadWriteLockState: PrimitiveState {
  package typealias Part = ReadWriteParty

  /// Of the next to wait.
  private var nextTicket: UInt64 = 1
  /// Users that read.
  private var readers: UInt32 = 0
  /// Users that write: one at most.
  private var writers: UInt32 = 0
  private var waiting: UInt32 = 0
  /// The last that wrote died before it was ready: until one has had it to write, all are told.
  private(set) var isRecovered = false

  package init() {}

  package static var hasWordForEach: Bool { true }
  package static var isHeld: Bool { true }

  // MARK: Its users

  package enum Mode: Sendable {
    case read, write
  }

  /// False: it has to wait.
  mutating func acquire(_ user: Int, to mode: Mode, _ parties: inout some PartList<ReadWriteParty>) -> Bool {
    if parties[user].phase == .reads, mode == .read {
      parties[user].depth += 1
      return true
    }
    guard mayGo(parties[user].isWaiting ? parties[user].ticket : nextTicket, to: mode, parties) else { return false }
    leaveQueue(user, &parties)
    parties[user] = ReadWriteParty(phase: mode == .read ? .reads : .writes, depth: 1)
    if mode == .read { readers += 1 } else { writers += 1 }
    return true
  }

  mutating func beginWait(_ user: Int, to mode: Mode, _ parties: inout some PartList<ReadWriteParty>) {
    if parties[user].isWaiting { return }
    parties[user] = ReadWriteParty(phase: mode == .read ? .waitsToRead : .waitsToWrite, ticket: nextTicket)
    nextTicket += 1
    waiting += 1
  }

  /// Its time is over. Gives who may go on for that.
  mutating func giveUp(_ user: Int, _ parties: inout some PartList<ReadWriteParty>) -> [Int] {
    leaveQueue(user, &parties)
    return next(parties)
  }

  /// Gives who may go on for that; `nil`: it does not hold it.
  mutating func release(_ user: Int, _ parties: inout some PartList<ReadWriteParty>) -> [Int]? {
    guard parties[user].isHolder else { return nil }
    parties[user].depth -= 1
    if parties[user].depth > 0 { return [] }
    if parties[user].phase == .writes { isRecovered = false }
    letGo(user, &parties)
    return next(parties)
  }

  // MARK: Order

  private func mayGo(_ ticket: UInt64, to mode: Mode, _ parties: some PartList<ReadWriteParty>) -> Bool {
    if writers > 0 || mode == .write && readers > 0 { return false }
    return waiting == 0
      || !parties.contains { $0.isWaiting && $0.ticket < ticket && (mode == .write || $0.phase == .waitsToWrite) }
  }

  /// Those that wait and may go on now: readers before the first writer, or that one.
  private func next(_ parties: some PartList<ReadWriteParty>) -> [Int] {
    if waiting == 0 || writers > 0 { return [] }
    let firstWriter = parties.indices.filter { parties[$0].phase == .waitsToWrite }
      .min { parties[$0].ticket < parties[$1].ticket }
    let limit = firstWriter.map { parties[$0].ticket } ?? .max
    let next = parties.indices.filter { parties[$0].phase == .waitsToRead && parties[$0].ticket < limit }
    return next.isEmpty && readers == 0 ? [firstWriter].compactMap(\.self) : next
  }

  private func mayGo(_ party: ReadWriteParty, _ parties: some PartList<ReadWriteParty>) -> Bool {
    mayGo(party.ticket, to: party.phase == .waitsToRead ? .read : .write, parties)
  }

  private mutating func leaveQueue(_ user: Int, _ parties: inout some PartList<ReadWriteParty>) {
    guard parties[user].isWaiting else { return }
    parties[user] = ReadWriteParty(phase: .away)
    waiting -= 1
  }

  private mutating func letGo(_ user: Int, _ parties: inout some PartList<ReadWriteParty>) {
    if parties[user].phase == .reads { readers -= 1 } else { writers -= 1 }
    parties[user] = ReadWriteParty(phase: .away)
  }

  // MARK: As others see it

  package func isSound(_ parties: some PartList<ReadWriteParty>) -> Bool {
    writers <= 1 && (writers == 0 || readers == 0) && nextTicket < 1 << 62
      && parties.allSatisfy {
        $0.hasPhase && $0.ticket < nextTicket && $0.depth < 1 << 30 && $0.isHolder == ($0.depth > 0)
      }
      && parties.count { $0.phase == .reads } == Int(readers) && parties.count { $0.phase == .writes } == Int(writers)
      && parties.count(where: \.isWaiting) == Int(waiting)
  }

  package func isUnmet(for user: Int, _ parties: some PartList<ReadWriteParty>) -> Bool {
    parties[user].isWaiting && !mayGo(parties[user], parties)
  }

  /// Who holds it, and who waits for it before the user.
  package func wakers(of user: Int, _ parties: some PartList<ReadWriteParty>) -> [Int] {
    parties.indices.filter { index in
      parties[index].isHolder || parties[index].isWaiting && parties[index].ticket < parties[user].ticket
    }
  }

  package mutating func repair(after dead: Int, _ parties: inout some PartList<ReadWriteParty>) -> PrimitiveRepair {
    leaveQueue(dead, &parties)
    let wasHolder = parties[dead].isHolder
    if parties[dead].phase == .writes { isRecovered = true }
    if wasHolder { letGo(dead, &parties) }
    let isFree = readers == 0 && writers == 0
    return PrimitiveRepair(finding: wasHolder && isFree ? .freed : nil, wokenWords: next(parties))
  }
}

/// One user's part of a read-write lock.
package struct ReadWriteParty: BitwiseCopyable, Equatable, Sendable {
  /// As a number: bits that are no phase are to be seen as such.
  private var phaseCode: UInt8
  /// How often it holds it.
  var depth: UInt32
  /// While it waits.
  var ticket: UInt64

  init(phase: Phase, depth: UInt32 = 0, ticket: UInt64 = 0) {
    phaseCode = phase.rawValue
    self.depth = depth
    self.ticket = ticket
  }

  var phase: Phase { Phase(rawValue: phaseCode) ?? .away }
  fileprivate var hasPhase: Bool { Phase(rawValue: phaseCode) != nil }

  var isWaiting: Bool { phase == .waitsToRead || phase == .waitsToWrite }
  var isHolder: Bool { phase == .reads || phase == .writes }

  enum Phase: UInt8, BitwiseCopyable, Sendable {
    // The first is all zero bits.
    case away, waitsToRead, waitsToWrite, reads, writes
  }
}

/// A read-write lock that a topology declares, as one worker sees it.
package struct SharedReadWriteLock: Sendable {
  let primitive: Primitive<ReadWriteLockState>
  let user: PrimitiveUser

  package enum Misuse: Error, Sendable, Equatable {
    /// The worker writes already, or it reads and would wait for itself.
    case heldAlready
    case notHeld
  }

  /// Waits until `deadline`, in nanoseconds of the monotonic clock.
  package func acquire(
    to mode: ReadWriteLockState.Mode, until deadline: UInt64? = nil
  ) throws(Misuse) -> SharedLock.Acquisition {
    let acquisition: Result<SharedLock.Acquisition, Misuse>? = primitive.wait(
      .primitive(resource: primitive.resource), word: user.slot, as: user, until: deadline
    ) { state, parties, look in
      let phase = parties[user.slot].phase
      if phase == .writes || phase == .reads && mode == .write { return .failure(.heldAlready) }
      let wasRecovered = state.isRecovered
      if state.acquire(user.slot, to: mode, &parties) { return .success(wasRecovered ? .recovered : .acquired) }
      if look.willSleep { state.beginWait(user.slot, to: mode, &parties) }
      return nil
    }
    if let acquisition { return try acquisition.get() }
    wake(primitive.update(as: user.holder) { state, parties in state.giveUp(user.slot, &parties) })
    return .timedOut
  }

  package func release() throws(Misuse) {
    let next = primitive.update(as: user.holder) { state, parties in state.release(user.slot, &parties) }
    guard let next else { throw .notHeld }
    wake(next)
  }

  private func wake(_ users: [Int]) {
    for user in users { primitive.wake(1, word: user) }
  }
}

/// What a read-write lock looks like now: for `inspect`. Workers by index.
package struct ReadWriteLockReport: Sendable, Equatable {
  package var writer: Int?
  package var readers: [Int]
  /// Who came first first.
  package var waiters: [Int]
}

extension ArenaPlan.Resource {
  /// `users`: worker indices, each once, of which each keeps its place.
  package static func readWriteLock(users: [Int] = []) -> Self {
    .primitive(.init(ReadWriteLockState(), users: users))
  }
}

extension Arena {
  /// `nil`: it is no such resource, or the worker does not use it.
  package func readWriteLock(_ resource: Int, worker: Int) -> SharedReadWriteLock? {
    use(resource, by: worker).map { SharedReadWriteLock(primitive: $0, user: $1) }
  }

  package func readWriteLockReport(_ resource: Int) -> ReadWriteLockReport? {
    guard let primitive = primitive(resource, of: ReadWriteLockState.self) else { return nil }
    let parties = primitive.update(as: supervisor, orIfDamaged: []) { _, parties in Array(parties) }
    let users = Array(zip(primitive.users, parties))
    return ReadWriteLockReport(
      writer: users.first { $0.1.phase == .writes }?.0, readers: users.filter { $0.1.phase == .reads }.map(\.0),
      waiters: users.filter(\.1.isWaiting).sorted { $0.1.ticket < $1.1.ticket }.map(\.0))
  }
}
