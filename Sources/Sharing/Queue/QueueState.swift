/// What a queue's processes agree on, without its bytes and leases. Pure: transitions touch no memory but this.
package struct QueueState: BitwiseCopyable, Equatable, Sendable {
  // Positions in the ring: head ≤ next ≤ tail.
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
  package var redelivered: UInt64 = 0
  /// Payload bytes of the items that nobody has taken.
  package var untakenByteCount: UInt64 = 0

  package var liveWriters: UInt32
  package var liveReaders: UInt32
  /// Sleepers that no wake-up is under way to.
  package var sleepingReaders: UInt32 = 0
  package var sleepingWriters: UInt32 = 0
  /// Leases that are not empty, orphaned ones too.
  package var outstandingLeases: UInt32 = 0
  /// Leases whose holder died or gave them back: their items go out first.
  package var orphans: UInt32 = 0
  /// Readers that are also writers and wait, without limit, to read.
  package var waitingMembers: UInt32 = 0
  package var isClosed = false
  package var writerFailed = false
  package var readerFailed = false
  /// Its readers have all ended, and its dead-letter queue has been told.
  var hasEndedDeadLetters = false

  package init(writers: Int, readers: Int) {
    liveWriters = UInt32(writers)
    liveReaders = UInt32(readers)
  }

  /// At most what a count in the arena can be, whatever is written there.
  package var untaken: Int { Int(UInt32(clamping: puts &- takes &- droppedOld)) }

  /// Nothing is left and nothing can come back: the end of the stream, once it is closed.
  var isDrained: Bool { untaken == 0 && outstandingLeases == 0 }

  /// All who could still write wait to read, and nothing is left: nobody can ever write again.
  mutating func closeIfQuiescent() {
    if !isClosed, isDrained, liveWriters > 0, waitingMembers >= liveWriters { isClosed = true }
  }

  mutating func didPublish(tail newTail: UInt64, items: Int, payloadByteCount: Int) {
    tail = newTail
    puts += UInt64(items)
    untakenByteCount += UInt64(payloadByteCount)
  }

  mutating func didTake(_ run: Ring.Run) {
    next = run.to
    takes += UInt64(run.items)
    untakenByteCount -= UInt64(run.payloadByteCount)
  }

  mutating func didDropOldest(_ run: Ring.Run) {
    next = run.to
    droppedOld += UInt64(run.items)
    untakenByteCount -= UInt64(run.payloadByteCount)
  }

  /// How many sleeping readers to wake for what is there now: one, who wakes the next if there is more.
  mutating func readersToWake() -> Int {
    if sleepingReaders == 0 { return 0 }
    if isClosed && isDrained {
      defer { sleepingReaders = 0 }
      return Int(sleepingReaders)
    }
    guard untaken > 0 || orphans > 0 else { return 0 }
    sleepingReaders -= 1
    return 1
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
