internal import Platform
internal import Synchronization

/// What the users of a primitive agree on, and all that the arena knows of a sort of them: a plan has the state that one
/// begins with. Pure: transitions touch no memory but this and the parts given to them. Users by index.
package protocol PrimitiveState: BitwiseCopyable, Equatable, Sendable {
  /// What it keeps for each user.
  associatedtype Part: BitwiseCopyable

  /// Each user sleeps on a word of its own, so that a wake-up is for just those that it is meant for.
  static var hasWordForEach: Bool { get }
  /// Whether there are parts.
  var hasParts: Bool { get }
  /// What a plan must keep to, whoever makes it.
  func requireBounds(_ plan: ArenaPlan)
  /// Before anyone has come.
  mutating func begin(users: Int)

  /// Whether the parts can be those of this state: every update leaves them so.
  func isSound(_ parts: some PartList<Part>) -> Bool
  /// Whether what a waiter needs is missing; `nil`: its part says it.
  func isUnmet(_ need: WaitNeed) -> Bool?
  func isUnmet(for user: Int, _ parts: some PartList<Part>) -> Bool
  /// Whoever waits waits for those that hold it: `wakers` says who can let it go on. Else any of the others can.
  static var isHeld: Bool { get }
  func wakers(of user: Int, _ parts: some PartList<Part>) -> [Int]

  /// The user is dead: takes back what it had or was about to do.
  mutating func repair(after user: Int, _ parts: inout some PartList<Part>) -> PrimitiveRepair
  /// The user will not come again; gives how many that waited for it were told so.
  mutating func end(_ user: Int, _ parts: inout some PartList<Part>) -> Int
  /// One that had ended may come again.
  mutating func reopen()
}

/// As most sorts are.
extension PrimitiveState {
  package static var hasWordForEach: Bool { false }
  package var hasParts: Bool { true }
  package func requireBounds(_ plan: ArenaPlan) {}
  package mutating func begin(users: Int) {}
  package func isUnmet(_ need: WaitNeed) -> Bool? { nil }
  package func isUnmet(for user: Int, _ parts: some PartList<Part>) -> Bool { false }
  package static var isHeld: Bool { false }
  package func wakers(of user: Int, _ parts: some PartList<Part>) -> [Int] { Array(parts.indices) }
  package mutating func end(_ user: Int, _ parts: inout some PartList<Part>) -> Int { 0 }
  package mutating func reopen() {}

  func byteCount(users: Int) -> Int {
    Primitive<Self>.byteCount(parts: hasParts ? users : 0, words: Self.hasWordForEach ? users : 1)
  }

  func byteCount(ofReserve workers: Int) -> Int {
    hasParts ? Primitive<Self>.byteCount(ofReserve: workers, words: Self.hasWordForEach ? workers : 0) : 0
  }
}

extension ArenaPlan.Primitive {
  var byteCount: Int { initial.byteCount(users: users.count) }
  func byteCount(ofReserve workers: Int) -> Int { initial.byteCount(ofReserve: workers) }
  /// How many users something is kept for.
  var partCount: Int { initial.hasParts ? users.count : 0 }
}

/// What a death at a primitive means to others; users by index.
package struct PrimitiveRepair: Equatable {
  package enum Finding: Equatable {
    case countsReturned(Int)
    case wakeUpPassedOn(to: Int)
    /// It was held, and is not any more.
    case freed
  }
  package var finding: Finding?
  /// A wake-up may have died with the user: who sleeps on these words looks again.
  package var wokenWords: [Int]
}

/// Where a resource lies that processes wait at: the cell of its state, a part for each user, and the words that
/// they sleep on.
struct Primitive<State: PrimitiveState>: Sendable {
  typealias Part = State.Part

  let resource: Int
  /// Workers as far as this process knows them: the part of `users[i]` is the i-th.
  let users: [Int]
  let cell: Cell<State>
  private let words: PlaceRow
  private let partPlaces: PlaceRow
  private let maximumPartCount: Int

  /// In memory: the cell, the words of 4 bytes each, the parts.
  static func byteCount(parts: Int, words: Int) -> Int {
    partsOffset(words: words) + CellParts<Part>.byteCount(parts)
  }
  private static func partsOffset(words: Int) -> Int { Cell<State>.byteCount + wordsByteCount(words) }
  private static func wordsByteCount(_ words: Int) -> Int { (4 * words + 63) & ~63 }

  static func byteCount(ofReserve workers: Int, words: Int) -> Int {
    wordsByteCount(words) + CellParts<Part>.byteCount(workers)
  }

  /// Where one lies, as it was laid out at first.
  struct Room {
    /// Zeroed, aligned to 64 bytes.
    var memory: UnsafeMutableRawPointer
    /// For users that come later.
    var reserve: UnsafeMutableRawPointer
    var spareCount: Int
    var parts: Int
    /// One for each user, or one for all.
    var words: Int
  }

  init(resource: Int, users: [Int], in room: Room) {
    self.resource = resource
    self.users = users
    cell = Cell(at: room.memory)
    words = PlaceRow(
      from: room.memory + Cell<State>.byteCount, count: room.words, then: room.reserve, byteCount: 4)
    partPlaces = PlaceRow(
      from: room.memory + Self.partsOffset(words: room.words), count: room.parts,
      then: room.reserve + Self.wordsByteCount(State.hasWordForEach ? room.spareCount : 0),
      byteCount: CellParts<Part>.byteCount(1))
    maximumPartCount = room.parts + room.spareCount
  }

  /// Of all users, those included that came after this process was forked.
  private var parts: CellParts<Part> {
    CellParts(at: partPlaces, count: min(cell.userCount, maximumPartCount))
  }

  private func futex(_ word: Int) -> Futex {
    Futex(words[word].assumingMemoryBound(to: Atomic<UInt32>.self))
  }

  /// Runs `body` under the lock and commits what it has changed, all in one step.
  @discardableResult
  func update<Result>(
    as holder: HolderID, _ body: (_ state: inout State, _ parts: inout PartsUpdate<Part>) -> Result
  ) -> Result {
    cell.update(as: holder) { state, next in
      let before = state
      var update = PartsUpdate(parts, next: next)
      let result = body(&state, &update)
      // What was written of the parts is marked with this commit: it must happen.
      return (update.hasChanged || state != before, result)
    }
  }

  /// The same by the supervisor, which no stray word may stop: what is damaged is told, and stays as it is.
  @discardableResult
  func update<Result>(
    as supervisor: HolderID, orIfDamaged fallback: Result,
    _ body: (_ state: inout State, _ parts: inout PartsUpdate<Part>) -> Result
  ) -> Result {
    update(as: supervisor) { state, parts in
      if isSound(state, parts) { return body(&state, &parts) }
      supervisor.tell(.resource(resource, lastWriter: nil))
      return fallback
    }
  }

  private func isSound(_ state: State, _ parts: PartsUpdate<Part>) -> Bool {
    (parts.isEmpty || cell.userCount == users.count) && state.isSound(parts)
  }

  var lock: HolderLock { cell.lock }
  var version: UInt64 { cell.committedVersion }

  /// Without stopping anyone: of one commit, if none comes in between.
  var isSoundNow: Bool {
    for _ in 0..<3 {
      let version = cell.committedVersion
      let areSound = isSound(cell.snapshot(), PartsUpdate(parts, next: version))
      // The parts are read before it is asked whether they were those of that commit.
      atomicMemoryFence(ordering: .acquiring)
      if areSound || cell.committedVersion == version { return areSound }
    }
    return true
  }

  // MARK: Waiting

  /// How a waiter looks whether it may go on.
  struct Look {
    /// It slept since its last look, and no wake-up came.
    var sleptInVain = false
    /// If it may not go on, it will sleep.
    var willSleep = false
  }

  /// Looks until `look` gives a result. `nil`: not before the deadline, in nanoseconds of the monotonic clock.
  ///
  /// Whoever makes a waiter's look succeed commits it first, then calls `wake` with the waiter's word.
  func wait<Result>(
    _ wait: WorkerEntry.Wait, word: Int = 0, as user: PrimitiveUser, until deadline: UInt64?,
    for need: WaitNeed = .nothingMore,
    _ look: (_ state: inout State, _ parts: inout PartsUpdate<Part>, _ look: Look) -> Result?
  ) -> Result? {
    // Under the lock: a wake-up for a commit that comes after this look changes the word.
    func seen(_ how: Look, after sleptAt: UInt32? = nil) -> (result: Result?, word: UInt32) {
      update(as: user.holder) { state, parts in
        let value = futex(word).word.pointee.load(ordering: .acquiring)
        var how = how
        how.sleptInVain = value == sleptAt
        return (look(&state, &parts, how), value)
      }
    }
    if let result = seen(Look()).result { return result }
    if let deadline, deadline <= MonotonicClock.now { return nil }
    spinUntilNextCommit()
    user.entry.beginWait(wait, isTimed: deadline != nil, for: need)
    defer { user.entry.endWait() }
    var sleptAt: UInt32?
    var isOver = false
    while true {
      let (result, value) = seen(Look(willSleep: !isOver), after: sleptAt)
      if result != nil || isOver { return result }
      isOver = futex(word).wait(whileEqual: value, until: deadline) == .timedOut
      sleptAt = value
    }
  }

  /// A short wait is cheaper awake.
  private func spinUntilNextCommit() {
    let version = cell.committedVersion
    for _ in 0..<200 where cell.committedVersion == version { spinPause() }
  }

  /// After the commit that lets waiters go on.
  func wake(_ count: Int, word: Int = 0) {
    guard count > 0 else { return }
    // Release: pairs with the acquire of a look, which then sees the commit.
    futex(word).word.pointee.add(1, ordering: .releasing)
    futex(word).wake(count)
  }

  // MARK: After a death

  /// For the scavenger: what the dead worker was changing has not happened.
  func breakLock(heldBy dead: HolderID) {
    // The next commit gets the same number, so no trace of the one that did not happen may stay.
    if cell.lock.isHeld(by: dead) { parts.forgetUncommitted(cell.committedVersion) }
    cell.lock.breakIfHeld(by: dead)
  }

  /// For the scavenger, of a dead user.
  func repair(after slot: Int, as supervisor: HolderID) -> [Repair] {
    let nothing = PrimitiveRepair(wokenWords: [])
    let repair = update(as: supervisor, orIfDamaged: nothing) { state, parts in state.repair(after: slot, &parts) }
    for word in repair.wokenWords { wake(.max, word: word) }
    switch repair.finding {
    case nil: return []
    case .countsReturned(let count): return [.countsReturned(resource: resource, count: count)]
    case .freed: return [.lockFreed(resource: resource)]
    case .wakeUpPassedOn(let heir): return [.wakeUpPassedOn(resource: resource, to: users[heir])]
    }
  }

  func slot(of worker: Int) -> Int? { users.firstIndex(of: worker) }

  // MARK: What the arena does at one of any sort

  func initialize(_ initial: any PrimitiveState) {
    guard var state = initial as? State else { preconditionFailure("a state of another sort") }
    state.begin(users: users.count)
    cell.initialize(state)
  }

  /// Whose parts everyone is to go over.
  func count(users: Int) { cell.userCount = users }

  func isUnmet(_ need: WaitNeed, of worker: Int, as supervisor: HolderID) -> Bool {
    if let answer = cell.peek({ $0.isUnmet(need) }) { return answer }
    guard let slot = slot(of: worker) else { return false }
    return update(as: supervisor, orIfDamaged: false) { state, parts in state.isUnmet(for: slot, parts) }
  }

  func wakers(of worker: Int, as supervisor: HolderID) -> [Int] {
    // Without a look at the parts where none is needed: all who wait are asked for, again and again.
    guard State.isHeld, let slot = slot(of: worker) else { return users }
    return update(as: supervisor, orIfDamaged: users) { state, parts in
      state.wakers(of: slot, parts).map { users[$0] }
    }
  }

  func end(_ worker: Int, as supervisor: HolderID) -> [Repair] {
    guard let slot = slot(of: worker) else { return [] }
    let told = update(as: supervisor, orIfDamaged: 0) { state, parts in state.end(slot, &parts) }
    if told > 0 { wake(.max) }
    return told > 0 ? [.barrierBroken(resource: resource, waiters: told)] : []
  }

  func reopen(_ worker: Int, as supervisor: HolderID) {
    guard slot(of: worker) != nil else { return }
    update(as: supervisor, orIfDamaged: ()) { state, _ in state.reopen() }
  }
}

/// A primitive of any sort, as the supervisor sees it.
protocol AnyPrimitive {
  var resource: Int { get }
  var users: [Int] { get }
  var lock: HolderLock { get }
  var version: UInt64 { get }
  var isSoundNow: Bool { get }
  func slot(of worker: Int) -> Int?
  func initialize(_ initial: any PrimitiveState)
  func count(users: Int)
  func isUnmet(_ need: WaitNeed, of worker: Int, as supervisor: HolderID) -> Bool
  func wakers(of worker: Int, as supervisor: HolderID) -> [Int]
  func breakLock(heldBy dead: HolderID)
  func repair(after slot: Int, as supervisor: HolderID) -> [Repair]
  func end(_ worker: Int, as supervisor: HolderID) -> [Repair]
  func reopen(_ worker: Int, as supervisor: HolderID)
}

extension Primitive: AnyPrimitive {}

/// A worker as a user of a primitive.
struct PrimitiveUser: Sendable {
  let holder: HolderID
  let entry: WorkerEntry
  /// Its part's index.
  let slot: Int
}
