internal import CPlatform
internal import Platform
internal import Synchronization

/// A worker's entry in the arena's table: who it is, what it did, what it waits on, and what must survive it.
///
/// Written by the worker alone (by the supervisor before its start and after its death); others only read.
package struct WorkerEntry: @unchecked Sendable {
  // Sendable: a place in shared memory; atomics, or the worker's own while it lives.
  private let memory: UnsafeMutableRawPointer
  package let worker: Int
  let redo: Redo

  /// A page: a worker that runs touches one page of the table.
  static let byteCount = 4096

  private enum Offset {
    static let processID = 0
    static let verdict = 8
    static let endedForGood = 12
    static let nextInGroup = 16
    static let itemsBefore = 24
    static let unread = 40
    static let completion = 48
    static let counters = 64
    static let wait = 192
    static let cursor = 216
    static let reading = 224
    static let need = 232
    static let line = 248
    static let command = 252
    static let durable = 256
    static let tally = 448
    static let durableVersion = 480
    static let redo = 512
    static let waitTimes = redo + Redo.byteCount
    static let awaitedEnds = waitTimes + WaitTimes.byteCount
  }

  /// `outputs`: the table of those that have no room here, and how many there can be in all.
  init(
    at memory: UnsafeMutableRawPointer, worker: Int, outputs: (table: UnsafeMutableRawPointer, limit: Int)
  ) {
    self.memory = memory
    self.worker = worker
    redo = Redo(at: memory + Offset.redo, table: outputs.table, outputLimit: outputs.limit)
  }

  private func word32(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    (memory + offset).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
  }
  private func word64(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    (memory + offset).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
  }

  // MARK: Counters

  package enum Counter: Int {
    case itemsIn, itemsOut, bytesIn, bytesOut, progressDone, progressTotal
  }

  /// Only the worker itself adds, so a load and a store do.
  @inline(__always)
  package func add(_ amount: UInt64, to counter: Counter) {
    let word = word64(Offset.counters + counter.rawValue * 8)
    word.pointee.store(word.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
  }
  package func set(_ counter: Counter, _ value: UInt64) {
    word64(Offset.counters + counter.rawValue * 8).pointee.store(value, ordering: .relaxed)
  }
  package func value(_ counter: Counter) -> UInt64 {
    word64(Offset.counters + counter.rawValue * 8).pointee.load(ordering: .relaxed)
  }

  package struct Counters: Sendable, Equatable {
    package var itemsIn: UInt64
    package var itemsOut: UInt64
    package var bytesIn: UInt64
    package var bytesOut: UInt64
    package var progressDone: UInt64
    package var progressTotal: UInt64
  }

  package var counters: Counters {
    Counters(
      itemsIn: value(.itemsIn), itemsOut: value(.itemsOut), bytesIn: value(.bytesIn), bytesOut: value(.bytesOut),
      progressDone: value(.progressDone), progressTotal: value(.progressTotal))
  }

  // MARK: Where it is

  /// The position, in the ring of the queue that it reads, of the item that it is at.
  package var cursor: UInt64 {
    get { word64(Offset.cursor).pointee.load(ordering: .relaxed) }
    nonmutating set { word64(Offset.cursor).pointee.store(newValue, ordering: .relaxed) }
  }

  /// Of a reader that works on one item after the other (a script): the queue of which it has taken several at once.
  /// There, an item is finished when `cursor` has moved past it, though the lease says so only later.
  package struct Reading: Equatable, Sendable {
    package var resource: Int
    /// The item at `cursor` is not begun: what is before it is finished, and it is not to blame for a death.
    package var isBetweenItems: Bool
    package init(resource: Int, isBetweenItems: Bool) {
      self.resource = resource
      self.isBetweenItems = isBetweenItems
    }
  }

  /// To be `nil` before `cursor` becomes that of another queue or lease. Looked at after the worker's death, for whom its
  /// stores are in the order of its instructions (see `UndoLog`): the compiler is to keep it.
  package var reading: Reading? {
    get {
      let word = word64(Offset.reading).pointee.load(ordering: .acquiring)
      guard word != 0 else { return nil }
      return Reading(resource: Int(UInt32(truncatingIfNeeded: word)) - 1, isBetweenItems: word >> 32 != 0)
    }
    nonmutating set {
      let word = newValue.map { UInt64($0.resource + 1) | ($0.isBetweenItems ? 1 << 32 : 0) } ?? 0
      mporch_order_stores()
      word64(Offset.reading).pointee.store(word, ordering: .relaxed)
      mporch_order_stores()
    }
  }

  /// The process id of the `run:` command below this worker, as long as it can be no other's; 0: there is none.
  package var commandProcessID: Int32 {
    get { Int32(bitPattern: word32(Offset.command).pointee.load(ordering: .acquiring)) }
    nonmutating set { word32(Offset.command).pointee.store(UInt32(bitPattern: newValue), ordering: .releasing) }
  }

  /// Items that a command was given and had not read when it ended: as its worker leaves it.
  package var unreadByCommand: UInt64 {
    get { word64(Offset.unread).pointee.load(ordering: .relaxed) }
    nonmutating set { word64(Offset.unread).pointee.store(newValue, ordering: .relaxed) }
  }

  /// Of this life alone.
  package var itemsOfThisLife: (in: UInt64, out: UInt64) {
    func grown(_ counter: Counter, since offset: Int) -> UInt64 {
      let (now, before) = (value(counter), word64(offset).pointee.load(ordering: .relaxed))
      return now > before ? now - before : 0
    }
    return (grown(.itemsIn, since: Offset.itemsBefore), grown(.itemsOut, since: Offset.itemsBefore + 8))
  }

  private func forgetEarlierLives() {
    word64(Offset.itemsBefore).pointee.store(value(.itemsIn), ordering: .relaxed)
    word64(Offset.itemsBefore + 8).pointee.store(value(.itemsOut), ordering: .relaxed)
    unreadByCommand = 0
  }

  // MARK: What it waits on

  package enum Wait: Sendable, Hashable {
    case none
    case read(resource: Int)
    case write(resource: Int)
    case lock(resource: Int)
    case semaphore(resource: Int)
    case condition(resource: Int)
    case event(resource: Int)
    case barrier(resource: Int)
    /// Messages of any of several pipe ends, which `awaitedEnds` lists; `resource`: the first one's.
    case readAny(resource: Int)
    /// Until every item of a queue is finished.
    case join(resource: Int)
    /// To claim numbers, while another instance of its process has claimed some.
    case turn(group: Int)
    case timer
    case standardInput
    /// What its `run:` command does next, which nobody can foresee.
    case command

    fileprivate var code: (kind: UInt64, resource: Int) {
      switch self {
      case .none: (0, 0)
      case .read(let resource): (1, resource)
      case .write(let resource): (2, resource)
      case .lock(let resource): (3, resource)
      case .timer: (4, 0)
      case .standardInput: (5, 0)
      case .semaphore(let resource): (6, resource)
      case .condition(let resource): (7, resource)
      case .event(let resource): (8, resource)
      case .barrier(let resource): (9, resource)
      case .readAny(let resource): (20, resource)
      case .join(let resource): (21, resource)
      case .turn(let group): (22, group)
      case .command: (10, 0)
      }
    }

    fileprivate init(kind: UInt64, resource: Int) {
      switch kind {
      case 1: self = .read(resource: resource)
      case 2: self = .write(resource: resource)
      case 3: self = .lock(resource: resource)
      case 4: self = .timer
      case 5: self = .standardInput
      case 6: self = .semaphore(resource: resource)
      case 7: self = .condition(resource: resource)
      case 8: self = .event(resource: resource)
      case 9: self = .barrier(resource: resource)
      case 20: self = .readAny(resource: resource)
      case 21: self = .join(resource: resource)
      case 22: self = .turn(group: resource)
      case 10: self = .command
      default: self = .none
      }
    }
  }

  /// As it is published: `since` in nanoseconds of the monotonic clock; `isTimed`: it gives up by itself after some time.
  package struct PublishedWait: Sendable, Equatable {
    package var on: Wait
    package var since: UInt64
    package var isTimed: Bool
    /// Each wait of the worker has another.
    package var epoch: UInt64
    package var need: WaitNeed

    package func nanoseconds(until now: UInt64) -> UInt64 { now > since ? now - since : 0 }
  }

  private static let timedWait: UInt64 = 1 << 63

  /// Published before the worker sleeps: an epoch, the wait's time and what it needs, and last, in one word, {has a
  /// time-out, kind, resource}, which is 0 between two waits.
  package func beginWait(_ wait: Wait, isTimed: Bool = false, for need: WaitNeed = .nothingMore) {
    openWait()
    showWait(wait, isTimed: isTimed, for: need)
  }

  /// The next wait's epoch, before all else that is said of it.
  func openWait() {
    let epoch = word64(Offset.wait + 16)
    // Release: who sees it does not see the wait before it any more.
    epoch.pointee.store(epoch.pointee.load(ordering: .relaxed) &+ 1, ordering: .releasing)
    // Who sees anything of what follows sees it (pairs with the fence in `wait`).
    atomicMemoryFence(ordering: .releasing)
  }

  func showWait(_ wait: Wait, isTimed: Bool, for need: WaitNeed) {
    word64(Offset.wait + 8).pointee.store(MonotonicClock.now, ordering: .relaxed)
    word64(Offset.need).pointee.store(need.first, ordering: .relaxed)
    word64(Offset.need + 8).pointee.store(need.second, ordering: .relaxed)
    let (kind, resource) = wait.code
    let word = kind << 32 | UInt64(UInt32(resource)) | (isTimed ? Self.timedWait : 0)
    // Release: who sees it sees what was said of it before.
    word64(Offset.wait).pointee.store(word, ordering: .releasing)
  }

  /// Shows the wait as long as `body` takes; gives its nanoseconds.
  func waiting(
    on wait: Wait, isTimed: Bool, for need: WaitNeed, _ body: () -> Void
  ) -> UInt64 {
    beginWait(wait, isTimed: isTimed, for: need)
    body()
    return endWait()
  }

  /// By the worker itself; gives for how many nanoseconds it has waited.
  @discardableResult
  package func endWait() -> UInt64 {
    let word = word64(Offset.wait).pointee.load(ordering: .relaxed)
    guard word != 0 else { return 0 }
    let nanoseconds = MonotonicClock.now &- word64(Offset.wait + 8).pointee.load(ordering: .relaxed)
    waitTimes.add(nanoseconds, to: word & ~Self.timedWait)
    forgetWait()
    return nanoseconds
  }

  /// Of one that died waiting.
  func forgetWait() { word64(Offset.wait).pointee.store(0, ordering: .releasing) }

  /// All of it of one wait. One that begins or ends another again and again while it is looked at waits for nothing.
  var wait: PublishedWait {
    var wait = PublishedWait(on: .none, since: 0, isTimed: false, epoch: 0, need: .nothingMore)
    for _ in 0..<Self.lookLimit {
      wait.epoch = word64(Offset.wait + 16).pointee.load(ordering: .acquiring)
      let word = word64(Offset.wait).pointee.load(ordering: .acquiring)
      if word == 0 { break }
      wait.since = word64(Offset.wait + 8).pointee.load(ordering: .relaxed)
      wait.need = WaitNeed(
        first: word64(Offset.need).pointee.load(ordering: .relaxed),
        second: word64(Offset.need + 8).pointee.load(ordering: .relaxed))
      atomicMemoryFence(ordering: .acquiring)
      guard word64(Offset.wait + 16).pointee.load(ordering: .relaxed) == wait.epoch else { continue }
      wait.on = Self.wait(word)
      wait.isTimed = word & Self.timedWait != 0
      break
    }
    return wait
  }

  private static let lookLimit = 100

  private static func wait(_ word: UInt64) -> Wait {
    Wait(kind: (word & ~timedWait) >> 32, resource: Int(UInt32(truncatingIfNeeded: word)))
  }

  private var waitTimes: WaitTimes { WaitTimes(at: memory + Offset.waitTimes) }

  var waited: [(on: Wait, nanoseconds: UInt64)] {
    waitTimes.all.map { (Self.wait($0.key), $0.nanoseconds) }
  }

  /// Of the file, where a script has made the call in which it waits; 0: unknown.
  package var line: Int {
    get { Int(word32(Offset.line).pointee.load(ordering: .relaxed)) }
    nonmutating set { word32(Offset.line).pointee.store(UInt32(truncatingIfNeeded: newValue), ordering: .relaxed) }
  }

  /// Of `readAny`.
  var awaitedEnds: AwaitedEnds { AwaitedEnds(at: memory + Offset.awaitedEnds) }

  // MARK: Life

  /// Why it ended, in its own words, said before it exits.
  package enum Verdict: Sendable, Equatable {
    case succeeded
    /// Its work was done because its input ended.
    case inputEnded
    case readersEnded(failed: Bool)
    case failed
    /// Another life would fail the same way.
    case failedForGood
  }

  package var verdict: Verdict? {
    switch word32(Offset.verdict).pointee.load(ordering: .acquiring) {
    case 1: .succeeded
    case 2: .inputEnded
    case 3: .readersEnded(failed: false)
    case 4: .readersEnded(failed: true)
    case 5: .failed
    case 6: .failedForGood
    default: nil
    }
  }

  package func conclude(_ verdict: Verdict) {
    let code: UInt32 =
      switch verdict {
      case .succeeded: 1
      case .inputEnded: 2
      case .readersEnded(failed: false): 3
      case .readersEnded(failed: true): 4
      case .failed: 5
      case .failedForGood: 6
      }
    word32(Offset.verdict).pointee.store(code, ordering: .releasing)
  }

  /// A script works on an item that it has not finished yet; it is counted as taken.
  package var isAtItem: Bool { reading.map { !$0.isBetweenItems } ?? false }

  /// By the supervisor, before a life of the worker.
  func begin(processID: Int32) {
    word32(Offset.processID).pointee.store(UInt32(bitPattern: processID), ordering: .releasing)
    word32(Offset.verdict).pointee.store(0, ordering: .releasing)
    reading = nil
    line = 0
    commandProcessID = 0
    forgetEarlierLives()
    forgetWait()
  }

  var hasEndedForGood: Bool {
    get { word32(Offset.endedForGood).pointee.load(ordering: .relaxed) != 0 }
    nonmutating set { word32(Offset.endedForGood).pointee.store(newValue ? 1 : 0, ordering: .relaxed) }
  }

  /// The number of the commit of its group's cell by which its part of the answer is whole; 0: none. Changed under that
  /// cell's lock.
  var completion: UInt64 {
    get { word64(Offset.completion).pointee.load(ordering: .relaxed) }
    nonmutating set { word64(Offset.completion).pointee.store(newValue, ordering: .relaxed) }
  }

  func isComplete(committed: UInt64) -> Bool {
    let completion = completion
    return completion != 0 && completion <= committed
  }

  /// Of the list of its group's members: the worker's index, from 1; 0: it is the last.
  var nextInGroup: UInt32 {
    get { word32(Offset.nextInGroup).pointee.load(ordering: .acquiring) }
    nonmutating set { word32(Offset.nextInGroup).pointee.store(newValue, ordering: .releasing) }
  }

  /// For another worker: as if nobody had been here.
  func clear() { memory.initializeMemory(as: UInt8.self, repeating: 0, count: Self.byteCount) }

  // MARK: What survives it

  /// Changed by the worker alone, and after its death by the supervisor; others look at it while it changes.
  var durable: TwoCopies<Durable> {
    assert(Offset.durable + 2 * MemoryLayout<Durable>.stride <= Offset.tally)
    return TwoCopies(
      version: memory + Offset.durableVersion, copies: memory + Offset.durable, stride: MemoryLayout<Durable>.stride)
  }
  /// Whether the state of a kind that absorbs its input is kept: then another life goes on from there.
  package var hasDurableState: Bool { durable.state.hasState }
  package var tally: Tally { Tally(at: memory + Offset.tally) }

  func forgetDurable() {
    durable.replace(by: Durable())
    (memory + Offset.tally).initializeMemory(as: UInt8.self, repeating: 0, count: Tally.byteCount)
  }
}

/// What a worker keeps across its deaths: changed only in one step with its queues.
package struct Durable: BitwiseCopyable, Sendable {
  /// A source's place: two numbers of its own.
  package var checkpoint: (UInt64, UInt64) = (0, 0)
  /// Items that it has published since `checkpoint`: a new life makes them again, and leaves them out.
  package var publishedSinceCheckpoint: UInt64 = 0
  /// State of a kind that absorbs its input; of meaning to the kind alone.
  package var state: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
  package var hasState = false
  /// Its input has ended, and `state` is whole.
  package var isComplete = false
  /// It has answered for all the instances of its process.
  package var hasAnswered = false

  package static let stateByteCount = 64
  package init() {}
}
