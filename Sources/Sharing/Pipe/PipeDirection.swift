package import Platform
internal import Synchronization

/// One direction of a pipe: one writer instance, one reader instance, messages in order.
///
/// No lock: the tail is the writer's, the head the reader's. A message is copied behind the tail and published by one
/// store of the tail, so nothing half written is ever seen; it stays until the reader moves the head past it. One that
/// the reader has *taken* and not finished stays too, for another life of it, but takes up no room.
///
/// There is one way in: a record is *staged*, behind the tail and all that is staged there, and the next publish makes
/// all that is staged visible. How far that is stands in one place, in the writer's notes: nobody has a copy of it.
package struct PipeDirection: Sendable {
  package let resource: Int
  /// In the arena's table of directions.
  let index: Int
  package let ring: Ring
  /// Most bytes of records under way: one message of the pipe's `bytes` always fits.
  let byteLimit: UInt64
  package let messageByteLimit: Int
  private let writersLine: PipeLine
  private let readersLine: PipeLine
  private let readerWaits: SharedPointer
  private let writerWaits: SharedPointer
  private let endsWord: SharedPointer
  private let notesLine: SharedPointer

  init(resource: Int, index: Int, plan: ArenaPlan.Pipe, fromA: Bool, at memory: UnsafeMutableRawPointer) {
    self.resource = resource
    self.index = index
    let layout = PipeLayout(plan)
    ring = layout.ring(fromA: fromA, in: memory)
    writersLine = layout.line(ofA: fromA, in: memory)
    readersLine = layout.line(ofA: !fromA, in: memory)
    readerWaits = SharedPointer(layout.word(.readerWaits, fromA: fromA, in: memory))
    writerWaits = SharedPointer(layout.word(.writerWaits, fromA: fromA, in: memory))
    endsWord = SharedPointer(layout.word(.ends, fromA: fromA, in: memory))
    notesLine = SharedPointer(layout.word(.notes, fromA: fromA, in: memory))
    messageByteLimit = plan.byteCount
    byteLimit = UInt64(Ring.recordByteCount(payload: plan.byteCount, format: .framed))
  }

  // MARK: Both sides

  package var stride: Int { ring.stride }
  @inline(__always)
  package var tail: UInt64 { writersLine.tail.pointee.load(ordering: .acquiring) }
  @inline(__always)
  package var head: UInt64 { readersLine.head.pointee.load(ordering: .acquiring) }
  /// Of records, for people: both ends move while one looks.
  package var bytesUnderWay: Int {
    let tail = tail
    let head = head
    return tail > head ? Int(clamping: tail &- head) : 0
  }
  package var messageCount: UInt64 { messages.pointee.load(ordering: .relaxed) }

  package struct Ends: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let writerEnded = Ends(rawValue: 1)
    package static let writerFailed = Ends(rawValue: 2)
    package static let readerEnded = Ends(rawValue: 4)
    package static let readerFailed = Ends(rawValue: 8)
  }

  /// What a waiting reader looks for: a tail that has moved, or the end.
  @inline(__always)
  package func hasNews(since tail: UInt64) -> Bool { self.tail != tail || ends.contains(.writerEnded) }
  package var writerHasEnded: Bool { ends.contains(.writerEnded) }

  @inline(__always)
  package var ends: Ends { Ends(rawValue: word32(endsWord).pointee.load(ordering: .acquiring)) }

  /// By a worker for its own end, or by the supervisor.
  package func end(_ ends: Ends) {
    word32(endsWord).pointee.bitwiseOr(ends.rawValue, ordering: .acquiringAndReleasing)
    wakeEveryone()
  }

  /// By the supervisor: its worker is started again.
  func reopen(_ ends: Ends) {
    word32(endsWord).pointee.bitwiseAnd(~ends.rawValue, ordering: .acquiringAndReleasing)
    wakeEveryone()
  }

  func wakeEveryone() {
    for side in [readerWaits, writerWaits] {
      word32(side).pointee.store(0, ordering: .sequentiallyConsistent)
      Futex(word32(side)).wake(.max)
    }
  }

  @inline(__always)
  private func word32(_ place: SharedPointer) -> UnsafeMutablePointer<Atomic<UInt32>> {
    place.pointer.bindMemory(to: Atomic<UInt32>.self, capacity: 1)
  }

  // MARK: Writer

  /// The writer's own, on a line of its own. `messages` is counted for people.
  private struct Notes: BitwiseCopyable {
    /// The head as the writer last saw it: the reader's line is looked at only where this leaves no room, since each
    /// look may cost a transfer between processors.
    var knownHead: UInt64
    /// What is staged, where it is anything: where it ends, and how much it is.
    var stagedEnd: UInt64
    var stagedByteCount: UInt64
    var stagedItems: UInt32
  }

  /// Published messages.
  @inline(__always)
  private var messages: UnsafeMutablePointer<Atomic<UInt64>> {
    notesLine.pointer.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
  }

  @inline(__always)
  private var notes: UnsafeMutablePointer<Notes> {
    (notesLine.pointer + 8).assumingMemoryBound(to: Notes.self)
  }

  @inline(__always)
  private var ownTail: UInt64 { writersLine.tail.pointee.load(ordering: .relaxed) }

  /// Where the next record begins, or the skip before it.
  @inline(__always)
  private var stagingPlace: UInt64 { notes.pointee.stagedItems == 0 ? ownTail : notes.pointee.stagedEnd }

  /// What a publish makes visible.
  @inline(__always)
  var staged: StagedRecords {
    StagedRecords(
      oldTail: ownTail, newTail: stagingPlace, items: notes.pointee.stagedItems,
      payloadByteCount: notes.pointee.stagedByteCount)
  }

  @inline(__always)
  private func didStage(_ items: Int, payloadByteCount: Int, upTo end: UInt64) {
    notes.pointee.stagedEnd = end
    notes.pointee.stagedByteCount &+= UInt64(payloadByteCount)
    notes.pointee.stagedItems &+= UInt32(truncatingIfNeeded: items)
  }

  /// Nothing is staged: by the writer when that is visible, and by the scavenger, for what a dead writer had not
  /// published is nobody's.
  @inline(__always)
  func forgetStaged() {
    notes.pointee.stagedItems = 0
    notes.pointee.stagedByteCount = 0
  }

  // MARK: Room

  /// Of the first records, those that have room.
  func room(for pending: PendingRecords) -> Int {
    let start = stagingPlace
    var fitting = pending.count
    while fitting > 0 {
      let end = ring.advance(start, by: pending.prefix(fitting).bytes)
      if hasRoom(from: start, to: end) || hasRoomNow(from: start, to: end) { break }
      fitting /= 2
    }
    return fitting
  }

  /// There is room for the record, or nobody left to read.
  func mayTake(_ record: PendingRecords) -> Bool { room(for: record) > 0 || ends.contains(.readerEnded) }

  /// For one record, given without its head; for one that waits until the reader gave some room back.
  func hasRoom(for payloadByteCount: Int) -> Bool {
    let start = stagingPlace
    return hasRoomNow(from: start, to: place(of: payloadByteCount, at: start).end)
  }

  /// For records from `start` to `end`; as far as is known.
  @inline(__always)
  private func hasRoom(from start: UInt64, to end: UInt64) -> Bool {
    let head = notes.pointee.knownHead
    // A skip at the ring's end is not under way, but must not overtake the head.
    return end &- head <= ring.byteCount && (end &- head <= byteLimit || head == start)
  }

  private func hasRoomNow(from start: UInt64, to end: UInt64) -> Bool {
    notes.pointee.knownHead = head
    return hasRoom(from: start, to: end) || hasRoomBehindTaken(from: start, to: end)
  }

  private func hasRoomBehindTaken(from start: UInt64, to end: UInt64) -> Bool {
    let taken = readersLine.taken.pointee.load(ordering: .acquiring)
    let head = head
    return taken > head && end &- head <= ring.byteCount && (end &- taken <= byteLimit || taken == start)
  }

  /// Of a framed record: behind `end`, or at the ring's start.
  @inline(__always)
  private func place(of payloadByteCount: Int, at end: UInt64) -> (start: UInt64, end: UInt64) {
    let byteCount = UInt64(Ring.recordByteCount(payload: payloadByteCount, format: .framed))
    let left = ring.contiguous(from: end)
    let start = byteCount <= left ? end : end &+ left
    return (start, start &+ byteCount)
  }

  /// What a writer that waits for room for the first record needs.
  package func need(of pending: PendingRecords) -> WaitNeed {
    let start = stagingPlace
    return .room(from: start, to: ring.advance(start, by: pending.prefix(1).bytes))
  }

  func need(of payloadByteCount: Int) -> WaitNeed {
    let start = stagingPlace
    return .room(from: start, to: place(of: payloadByteCount, at: start).end)
  }

  /// As the writer would find it now.
  func hasRoom(for need: WaitNeed) -> Bool {
    let (start, end, head) = (need.first, need.second, head)
    return end &- head <= ring.byteCount && (end &- head <= byteLimit || head == start)
      || hasRoomBehindTaken(from: start, to: end)
  }

  // MARK: Staging and publishing

  /// One record, given without its head; false: there is no room for it now.
  @inline(__always)
  func stage(_ payload: UnsafeRawBufferPointer) -> Bool {
    let behind = stagingPlace
    let (start, end) = place(of: payload.count, at: behind)
    guard hasRoom(from: behind, to: end) || hasRoomNow(from: behind, to: end) else { return false }
    if start != behind { ring.address(behind).storeBytes(of: Ring.skipMark, as: UInt32.self) }
    let record = ring.address(start)
    record.storeBytes(of: UInt32(truncatingIfNeeded: payload.count), as: UInt32.self)
    if let bytes = payload.baseAddress {
      (record + Ring.headerByteCount).copyMemory(from: bytes, byteCount: payload.count)
    }
    didStage(1, payloadByteCount: payload.count, upTo: end)
    return true
  }

  /// Whole records, as they lie in a ring; the caller has made sure of the room.
  func stage(_ records: PendingRecords) {
    let end = ring.write(records.bytes, at: stagingPlace)
    didStage(records.count, payloadByteCount: records.payloadByteCount, upTo: end)
  }

  /// One message, visible to the reader when this returns. False: no room.
  package func send(_ message: PendingRecords) -> Bool {
    guard room(for: message) == 1 else { return false }
    stage(message)
    publish(staged, .first)
    return true
  }

  func publish(_ staged: StagedRecords, _ attempt: Redo.Attempt) {
    moveTail(staged, attempt)
    Self.betweenChangeAndWake()
    wakeReader()
  }

  /// `betweenChangeAndWake` and `wakeReader` are to follow.
  @inline(__always)
  func moveTail(_ staged: StagedRecords, _ attempt: Redo.Attempt) {
    defer { forgetStaged() }
    guard ownTail == staged.oldTail else {
      precondition(attempt == .repeated, "what was staged for a pipe is not behind its tail")
      return
    }
    messages.pointee.store(messages.pointee.load(ordering: .relaxed) &+ UInt64(staged.items), ordering: .relaxed)
    // All stores to this line come one behind the other and none of them waits: the reader looks at it all the time,
    // and each look between two of them would cost a transfer more.
    let byteCount = staged.newTail &- staged.oldTail
    if staged.items == 1, byteCount <= min(ring.contiguous(from: staged.oldTail), UInt64(PipeLine.boxByteCount)) {
      let record = UnsafeRawBufferPointer(start: ring.address(staged.oldTail), count: Int(byteCount))
      writersLine.fillBox(record, end: staged.newTail)
    } else {
      writersLine.emptyBox()
    }
    // Publishes the bytes (pairs with the acquire in `tail`).
    writersLine.tail.pointee.store(staged.newTail, ordering: .releasing)
  }

  /// Who waits announces itself first and looks at the tail or head then; who moves them does the reverse, with this
  /// in between: so one of the two sees the other.
  @inline(__always)
  static func betweenChangeAndWake() { atomicMemoryFence(ordering: .sequentiallyConsistent) }

  @inline(__always)
  func wakeReader() { wake(readerWaits) }

  @inline(__always)
  private func wake(_ side: SharedPointer) {
    if word32(side).pointee.load(ordering: .sequentiallyConsistent) != 0 { wakeSleeper(side) }
  }

  private func wakeSleeper(_ side: SharedPointer) {
    word32(side).pointee.store(0, ordering: .sequentiallyConsistent)
    Futex(word32(side)).wake()
  }

  // MARK: Reader

  /// Up to `limit` messages from the head; empty if there is none.
  package func run(limit: Int, wrapping: Bool = false) -> Ring.Run {
    wrapping
      ? ring.wrappingRun(from: head, to: tail, limit: limit) : ring.run(from: head, to: tail, limit: limit)
  }

  /// The only message under way, if it came in the box: copied to `record` (`PipeLine.boxByteCount` bytes) as it lies
  /// in the ring. `nil`: look into the ring.
  @inline(__always)
  func copySmall(to record: UnsafeMutableRawPointer) -> Ring.Run? {
    let (head, tail) = (ownHead, tail)
    guard tail != head, writersLine.copyBox(endingAt: tail, to: record) else { return nil }
    let payload = stride > 0 ? stride : Int(record.load(as: UInt32.self))
    guard UInt64(Ring.recordByteCount(payload: payload, format: ring.format)) == tail &- head else { return nil }
    return Ring.Run(from: head, to: tail, items: 1, payloadByteCount: payload)
  }

  /// The payload of one message that is not advanced past yet.
  package func payload(of message: Ring.Run) -> UnsafeRawBufferPointer { ring.payload(of: message) }

  /// Gives the room back.
  package func advance(to position: UInt64) { advance(to: position, emitted: 0, .first) }

  /// `emitted`: answers to the message there that are published with this step, or before.
  func advance(to position: UInt64, emitted: UInt64, _ attempt: Redo.Attempt) {
    if emitted > 0 {
      // With outputs, and so in a redo record: both are there once it is carried out.
      readersLine.emitted.pointee.store(emitted, ordering: .relaxed)
      readersLine.emittedPosition.pointee.store(position, ordering: .relaxed)
    }
    moveHead(to: position, attempt)
    Self.betweenChangeAndWake()
    wakeWriter()
  }

  /// Answers to the message at the head that an earlier life of its reader has published. They are of a position, so that
  /// they are void as soon as the head moves.
  package var emitted: UInt64 {
    let emitted = readersLine.emitted.pointee.load(ordering: .relaxed)
    return emitted > 0 && readersLine.emittedPosition.pointee.load(ordering: .relaxed) == ownHead ? emitted : 0
  }

  /// The reader has copied the message before `position`: it stays, but there is room for another one.
  package func take(to position: UInt64) {
    readersLine.taken.pointee.store(position, ordering: .releasing)
    Self.betweenChangeAndWake()
    wakeWriter()
  }

  /// `betweenChangeAndWake` and `wakeWriter` are to follow.
  @inline(__always)
  func moveHead(to position: UInt64, _ attempt: Redo.Attempt) {
    precondition(attempt == .repeated || ownHead <= position, "a pipe's reader can't go back")
    if ownHead < position { readersLine.head.pointee.store(position, ordering: .releasing) }
  }

  @inline(__always)
  private var ownHead: UInt64 { readersLine.head.pointee.load(ordering: .relaxed) }

  @inline(__always)
  func wakeWriter() { wake(writerWaits) }

  // MARK: Waiting

  package enum Side { case reader, writer }

  /// Sleeps unless `isReady` by now: announces itself, looks once more, sleeps.
  ///
  /// `deadline` in nanoseconds of the monotonic clock. True if it passed.
  @discardableResult
  package func sleep(_ side: Side, until deadline: UInt64?, unless isReady: () -> Bool) -> Bool {
    guard announceSleep(side, unless: isReady) else { return false }
    return Futex(word(of: side)).wait(whileEqual: 1, until: deadline) == .timedOut
  }

  /// What ends the sleep, which is announced; `nil`: `isReady` by now.
  package func prepareSleep(_ side: Side, unless isReady: () -> Bool) -> FutexWait? {
    announceSleep(side, unless: isReady) ? FutexWait(Futex(word(of: side)), whileEqual: 1) : nil
  }

  private func word(of side: Side) -> UnsafeMutablePointer<Atomic<UInt32>> {
    word32(side == .reader ? readerWaits : writerWaits)
  }

  /// It has found no room: what is under way is all that there will be, until the reader gives some back.
  package var writerSleeps: Bool { word(of: .writer).pointee.load(ordering: .acquiring) != 0 }

  private func announceSleep(_ side: Side, unless isReady: () -> Bool) -> Bool {
    let word = word(of: side)
    word.pointee.store(1, ordering: .sequentiallyConsistent)
    Self.betweenChangeAndWake()
    if isReady() {
      word.pointee.store(0, ordering: .relaxed)
      return false
    }
    // A reader that waits for more messages than have room takes those that are there.
    if side == .writer { wakeReader() }
    return true
  }

  /// As `sleep` of a reader of each, until there is news in any; at most `Futex.waitLimit` of them.
  package static func sleep(
    readingAny directions: [PipeDirection], until deadline: UInt64?, unless isReady: () -> Bool
  ) {
    let words = directions.map { $0.word32($0.readerWaits) }
    for word in words { word.pointee.store(1, ordering: .sequentiallyConsistent) }
    betweenChangeAndWake()
    if !isReady() { Futex.wait(whileAllEqual: 1, words.map(Futex.init), until: deadline) }
    // The others are waited for no more.
    for word in words { word.pointee.store(0, ordering: .relaxed) }
  }
}
