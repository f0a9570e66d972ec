internal import Platform
internal import Synchronization

/// One direction of a pipe: one writer instance, one reader instance, messages in order.
///
/// No lock: the tail is the writer's, the head the reader's. A message is copied behind the tail and published by one
/// store of the tail, so nothing half written is ever seen; it stays until the reader moves the head past it.
package struct PipeDirection: Sendable {
  package let resource: Int
  package let ring: Ring
  /// Most bytes of records under way: one message of the pipe's `bytes` always fits.
  let byteLimit: UInt64
  package let messageByteLimit: Int
  private let words: SharedPointer

  private enum Word: Int {
    // Each on a cache line of its own: written by one side, read by the other.
    case tail, head, readerWaits, writerWaits, state, messages
  }
  private static let wordsByteCount = 4096

  static func byteCount(_ plan: ArenaPlan.Pipe, format: RecordFormat) -> Int {
    wordsByteCount + Ring.byteCount(holding: plan.byteCount, capacity: .max / 8, format: format)
  }

  init(resource: Int, plan: ArenaPlan.Pipe, format: RecordFormat, at memory: UnsafeMutableRawPointer) {
    self.resource = resource
    words = SharedPointer(memory)
    let ringByteCount = Ring.byteCount(holding: plan.byteCount, capacity: .max / 8, format: format)
    ring = Ring(base: memory + Self.wordsByteCount, byteCount: ringByteCount, format: format)
    messageByteLimit = plan.byteCount
    byteLimit = UInt64(Ring.recordByteCount(payload: plan.byteCount, format: .framed))
  }

  private func word64(_ word: Word) -> UnsafeMutablePointer<Atomic<UInt64>> {
    (words.pointer + word.rawValue * 128).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
  }
  private func word32(_ word: Word) -> UnsafeMutablePointer<Atomic<UInt32>> {
    (words.pointer + word.rawValue * 128).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
  }

  // MARK: Both sides

  package var stride: Int { ring.stride }
  package var tail: UInt64 { word64(.tail).pointee.load(ordering: .acquiring) }
  package var head: UInt64 { word64(.head).pointee.load(ordering: .acquiring) }
  package var messageCount: UInt64 { word64(.messages).pointee.load(ordering: .relaxed) }

  package struct Ends: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let writerEnded = Ends(rawValue: 1)
    package static let writerFailed = Ends(rawValue: 2)
    package static let readerEnded = Ends(rawValue: 4)
    package static let readerFailed = Ends(rawValue: 8)
  }

  /// What a waiting reader looks for: a tail that has moved, or the end.
  package func hasNews(since tail: UInt64) -> Bool { self.tail != tail || ends.contains(.writerEnded) }
  package var writerHasEnded: Bool { ends.contains(.writerEnded) }

  package var ends: Ends { Ends(rawValue: word32(.state).pointee.load(ordering: .acquiring)) }

  /// By a worker for its own end, or by the supervisor.
  package func end(_ ends: Ends) {
    word32(.state).pointee.bitwiseOr(ends.rawValue, ordering: .acquiringAndReleasing)
    wakeEveryone()
  }

  /// By the supervisor: its worker is started again.
  func reopen(_ ends: Ends) {
    word32(.state).pointee.bitwiseAnd(~ends.rawValue, ordering: .acquiringAndReleasing)
    wakeEveryone()
  }

  func wakeEveryone() {
    for side in [Word.readerWaits, .writerWaits] {
      word32(side).pointee.store(0, ordering: .sequentiallyConsistent)
      Futex(word32(side)).wake(.max)
    }
  }

  // MARK: Writer

  /// The head as the writer last saw it, on the line of the tail, which is the writer's: the reader's line is looked
  /// at only where this one leaves no room, since each look costs a transfer between processors.
  private var knownHead: UnsafeMutablePointer<UInt64> {
    (words.pointer + Word.tail.rawValue * 128 + 8).assumingMemoryBound(to: UInt64.self)
  }

  func room(for pending: PendingRecords) -> Int {
    let known = room(for: pending, head: knownHead.pointee)
    if known == pending.count { return known }
    knownHead.pointee = head
    return room(for: pending, head: knownHead.pointee)
  }

  private func room(for pending: PendingRecords, head: UInt64) -> Int {
    let tail = word64(.tail).pointee.load(ordering: .relaxed)
    var fitting = pending.count
    while fitting > 0 {
      let newTail = ring.advance(tail, by: pending.prefix(fitting).bytes)
      // A skip at the ring's end is not under way, but must not overtake the head.
      if newTail - head <= ring.byteCount, newTail - head <= byteLimit || head == tail { return fitting }
      fitting /= 2
    }
    return 0
  }

  func stage(_ records: PendingRecords) -> StagedRecords {
    let tail = word64(.tail).pointee.load(ordering: .relaxed)
    let newTail = ring.write(records.bytes, at: tail)
    return StagedRecords(
      oldTail: tail, newTail: newTail, items: UInt32(records.count),
      payloadByteCount: UInt64(records.payloadByteCount))
  }

  func publish(_ staged: StagedRecords) {
    guard word64(.tail).pointee.load(ordering: .relaxed) == staged.oldTail else { return }
    let messages = word64(.messages)
    messages.pointee.store(messages.pointee.load(ordering: .relaxed) + UInt64(staged.items), ordering: .relaxed)
    // Publishes the bytes (pairs with the acquire in `tail`), and comes before the look at `readerWaits`: the reader
    // announces itself first and looks at the tail then, so one of the two sees the other.
    _ = word64(.tail).pointee.exchange(staged.newTail, ordering: .sequentiallyConsistent)
    wake(.readerWaits)
  }

  private func wake(_ side: Word) {
    if word32(side).pointee.load(ordering: .sequentiallyConsistent) != 0 {
      word32(side).pointee.store(0, ordering: .sequentiallyConsistent)
      Futex(word32(side)).wake()
    }
  }

  // MARK: Reader

  /// Up to `limit` messages from the head; empty if there is none.
  package func run(limit: Int, wrapping: Bool = false) -> Ring.Run {
    wrapping
      ? ring.wrappingRun(from: head, to: tail, limit: limit) : ring.run(from: head, to: tail, limit: limit)
  }

  /// Gives the room back; a redo may repeat it, since the position only grows.
  package func advance(to position: UInt64) {
    guard word64(.head).pointee.load(ordering: .relaxed) < position else { return }
    _ = word64(.head).pointee.exchange(position, ordering: .sequentiallyConsistent)
    wake(.writerWaits)
  }

  // MARK: Waiting

  package enum Side { case reader, writer }

  /// Sleeps unless `isReady` by now: announces itself, looks once more, sleeps.
  ///
  /// `deadline` in nanoseconds of the monotonic clock. True if it passed.
  @discardableResult
  package func sleep(_ side: Side, until deadline: UInt64?, unless isReady: () -> Bool) -> Bool {
    let word = word32(side == .reader ? .readerWaits : .writerWaits)
    word.pointee.store(1, ordering: .sequentiallyConsistent)
    if isReady() {
      word.pointee.store(0, ordering: .relaxed)
      return false
    }
    return Futex(word).wait(whileEqual: 1, until: deadline) == .timedOut
  }

  /// As `sleep` of a reader of each, until there is news in any; at most `Futex.waitLimit` of them.
  package static func sleep(
    readingAny directions: [PipeDirection], until deadline: UInt64?, unless isReady: () -> Bool
  ) {
    let words = directions.map { $0.word32(.readerWaits) }
    for word in words { word.pointee.store(1, ordering: .sequentiallyConsistent) }
    if !isReady() { Futex.wait(whileAllEqual: 1, words.map(Futex.init), until: deadline) }
    // The others are waited for no more.
    for word in words { word.pointee.store(0, ordering: .relaxed) }
  }
}
