internal import CPlatform
internal import Platform
internal import Synchronization

/// A worker's entry in the arena's table: who it is, what it did, what it waits on, and what must survive it.
///
/// Written by the worker alone (by the supervisor before its start and after its death); others only read.
package struct WorkerEntry: @unchecked Sendable {
  // Sendable: a place in shared memory; atomics, or the worker's own while it lives.
  let memory: UnsafeMutableRawPointer
  package let worker: Int
  let redo: Redo

  /// A page: a worker that runs touches one page of the table.
  static let byteCount = 4096

  enum Offset {
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

  func word32(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    (memory + offset).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
  }
  func word64(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
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
