/// What a queue's processes agree on, without its bytes and leases. Pure: transitions touch no memory but this.
///
/// Of at most 128 bytes: so much is copied in line, at every commit and every look.
package struct QueueState: BitwiseCopyable, Equatable, Sendable {
  // Positions in the ring, which only grow: head ≤ next ≤ tail.
  /// Before it, bytes may be overwritten: no lease needs them.
  package var head: UInt64 = 0
  /// Of the oldest item that nobody has taken yet.
  package var next: UInt64 = 0
  package var tail: UInt64 = 0

  // Items since the start.
  package var puts: UInt64 = 0
  package var takes: UInt64 = 0
  package var finished: UInt64 = 0
  package var droppedNew: UInt64 = 0
  package var droppedOld: UInt64 = 0
  package var givenUp: UInt64 = 0
  /// Of those given up: no dead-letter queue took them.
  package var lost: UInt64 = 0
  package var redelivered: UInt64 = 0
  /// Payload bytes of the items that nobody has taken.
  package var untakenByteCount: UInt64 = 0

  package var liveWriters: UInt32
  package var liveReaders: UInt32
  /// Sleepers that no wake-up is under way to; of the readers those that take whatever is there.
  package var sleepingReaders: UInt32 = 0
  package var sleepingWriters: UInt32 = 0
  /// Leases that are not empty, orphaned ones too.
  package var outstandingLeases: UInt32 = 0
  /// Leases whose holder died or gave them back: their items go out first.
  package var orphans: UInt32 = 0
  /// Readers that are also writers and wait, without limit, to read.
  package var waitingMembers: UInt32 = 0
  /// Readers sleep that want several items at once: on a word of their own, since one of them that is woken may leave
  /// what is there to others.
  private(set) var hasSleepingGatherers = false
  /// A writer has found no room since items were last taken or finished: what is there is all that fits.
  private(set) var isFull = false
  private var ends: Ends = []

  package init(writers: Int, readers: Int) {
    liveWriters = UInt32(writers)
    liveReaders = UInt32(readers)
  }

  private struct Ends: OptionSet, BitwiseCopyable {
    let rawValue: UInt8
    static let closed = Ends(rawValue: 1)
    static let writerFailed = Ends(rawValue: 2)
    static let readerFailed = Ends(rawValue: 4)
    static let deadLettersTold = Ends(rawValue: 8)

    subscript(end: Ends) -> Bool {
      get { contains(end) }
      set { if newValue { insert(end) } else { remove(end) } }
    }
  }

  package var isClosed: Bool {
    get { ends[.closed] }
    set { ends[.closed] = newValue }
  }
  package var writerFailed: Bool {
    get { ends[.writerFailed] }
    set { ends[.writerFailed] = newValue }
  }
  package var readerFailed: Bool {
    get { ends[.readerFailed] }
    set { ends[.readerFailed] = newValue }
  }
  /// Its readers have all ended, and its dead-letter queue has been told.
  var hasEndedDeadLetters: Bool {
    get { ends[.deadLettersTold] }
    set { ends[.deadLettersTold] = newValue }
  }

  /// At most what a count in the arena can be, whatever is written there.
  package var untaken: Int { Int(UInt32(clamping: puts &- takes &- droppedOld)) }

  /// Nothing is left and nothing can come back: the end of the stream, once it is closed.
  var isDrained: Bool { untaken == 0 && outstandingLeases == 0 }

  /// All who could still write wait to read, and nothing is left: nobody can ever write again.
  mutating func closeIfQuiescent() {
    if !isClosed, isDrained, liveWriters > 0, waitingMembers >= liveWriters { isClosed = true }
  }

  mutating func didPublish(_ staged: StagedRecords) {
    tail = staged.newTail
    puts += UInt64(staged.items)
    untakenByteCount += staged.payloadByteCount
  }

  /// Items that were never in the queue: older than what is there (put, and dropped as the oldest), or newer.
  mutating func didDrop(_ count: UInt32, asOldest: Bool) {
    if asOldest {
      puts += UInt64(count)
      droppedOld += UInt64(count)
    } else {
      droppedNew += UInt64(count)
    }
  }

  /// Changes with every drop, which only the holder of the writers' lock makes.
  var dropMark: UInt32 { UInt32(truncatingIfNeeded: droppedNew &+ droppedOld) }

  /// The same items, elsewhere.
  mutating func leap(head: UInt64, next: UInt64, tail: UInt64) {
    (self.head, self.next, self.tail) = (head, next, tail)
  }

  mutating func didTake(_ run: Ring.Run) {
    isFull = false
    next = run.to
    takes += UInt64(run.items)
    forget(run)
  }

  mutating func didDropOldest(_ run: Ring.Run) {
    next = run.to
    droppedOld += UInt64(run.items)
    forget(run)
  }

  /// The count of bytes may be a stray word, which no other tells: below zero it is seen to be one (`Queue.isSound`).
  private mutating func forget(_ run: Ring.Run) { untakenByteCount &-= UInt64(run.payloadByteCount) }

  mutating func didFinish(_ items: UInt32, _ givenUp: GivenUp) {
    isFull = false
    finished += UInt64(items)
    if givenUp != .no { self.givenUp += UInt64(items) }
    if givenUp == .forGood { lost += UInt64(items) }
  }

  mutating func readerWillSleep(wantsSeveral: Bool) {
    if wantsSeveral { hasSleepingGatherers = true } else { sleepingReaders += 1 }
  }

  /// A writer has found no room: who waits for more than is there waits in vain.
  mutating func didRefuse() -> ReaderWakes {
    if isFull { return .none }
    isFull = true
    return ReaderWakes(count: 0, gatherers: takeGatherers())
  }

  private mutating func takeGatherers() -> Bool {
    defer { hasSleepingGatherers = false }
    return hasSleepingGatherers
  }

  /// Whom to wake for what is there now. Of those that take whatever is there one, who wakes the next if there is more, or
  /// all where nothing will ever come; and all that may not take it.
  mutating func readersToWake() -> ReaderWakes {
    let isOver = isClosed && isDrained
    guard isOver || untaken > 0 || orphans > 0 else { return .none }
    let count = isOver ? sleepingReaders : min(1, sleepingReaders)
    sleepingReaders -= count
    return ReaderWakes(count: Int(count), gatherers: takeGatherers())
  }

  /// Writers wait for different amounts of room, so all look again.
  mutating func writersToWake() -> Int {
    defer { sleepingWriters = 0 }
    return Int(sleepingWriters)
  }

  mutating func endWriter(failed: Bool) {
    if liveWriters > 0 { liveWriters -= 1 }
    if failed { writerFailed = true }
    if liveWriters == 0 { isClosed = true }
    closeIfQuiescent()
  }

  mutating func endReader(failed: Bool) {
    if liveReaders > 0 { liveReaders -= 1 }
    if failed { readerFailed = true }
  }
}

/// Sleeping readers that a commit gives something to do.
struct ReaderWakes {
  /// Of those that take whatever is there.
  var count: Int
  /// All of those that want several items at once.
  var gatherers: Bool

  static let none = ReaderWakes(count: 0, gatherers: false)
}
