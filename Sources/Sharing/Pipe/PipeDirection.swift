package import Platform
internal import Synchronization

/// One direction of a pipe: one writer instance, one reader instance, messages in order.
///
/// No lock: the tail is the writer's, the head the reader's. A message is copied behind the tail and published by one
/// store of the tail, so nothing half written is ever seen; it stays until the reader moves the head past it. One that
/// the reader has *taken* and not finished stays too, for another life of it, but takes up no room.
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
  private let notes: SharedPointer

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
    notes = SharedPointer(layout.word(.notes, fromA: fromA, in: memory))
    messageByteLimit = plan.byteCount
    byteLimit = UInt64(Ring.recordByteCount(payload: plan.byteCount, format: .framed))
  }

  // MARK: Both sides

  package var stride: Int { ring.stride }
  @inline(__always)
  package var tail: UInt64 { writersLine.tail.pointee.load(ordering: .acquiring) }
  @inline(__always)
  package var head: UInt64 { readersLine.head.pointee.load(ordering: .acquiring) }
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

  /// Published messages.
  @inline(__always)
  private var messages: UnsafeMutablePointer<Atomic<UInt64>> {
    notes.pointer.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
  }

  /// The head as the writer last saw it: the reader's line is looked at only where this leaves no room, since each
  /// look may cost a transfer between processors.
  @inline(__always)
  private var knownHead: UnsafeMutablePointer<UInt64> {
    (notes.pointer + 8).assumingMemoryBound(to: UInt64.self)
  }

  /// Of the first records, those that have room.
  func room(for pending: PendingRecords) -> Int {
    if let staged = pending.staged { return Int(staged.items) }
    var fitting = pending.count
    while fitting > 0 {
      let end = ring.advance(ownTail, by: pending.prefix(fitting).bytes)
      if hasRoom(from: ownTail, to: end) || hasRoomNow(from: ownTail, to: end) { break }
      fitting /= 2
    }
    return fitting
  }

  /// For records from `start` to `end`; as far as is known.
  @inline(__always)
  private func hasRoom(from start: UInt64, to end: UInt64) -> Bool {
    let head = knownHead.pointee
    // A skip at the ring's end is not under way, but must not overtake the head.
    return end - head <= ring.byteCount && (end - head <= byteLimit || head == start)
  }

  private func hasRoomNow(from start: UInt64, to end: UInt64) -> Bool {
    knownHead.pointee = head
    return hasRoom(from: start, to: end) || hasRoomBehindTaken(from: start, to: end)
  }

  private func hasRoomBehindTaken(from start: UInt64, to end: UInt64) -> Bool {
    let taken = readersLine.taken.pointee.load(ordering: .acquiring)
    let head = head
    return taken > head && end &- head <= ring.byteCount && (end &- taken <= byteLimit || taken == start)
  }

  @inline(__always)
  private var ownTail: UInt64 { writersLine.tail.pointee.load(ordering: .relaxed) }

  /// Copies records behind the tail, where nobody reads yet; the caller has made sure of the room.
  func stage(_ records: PendingRecords) -> StagedRecords {
    if let staged = records.staged { return staged }
    let tail = ownTail
    let newTail = ring.write(records.bytes, at: tail)
    return StagedRecords(
      oldTail: tail, newTail: newTail, items: UInt32(records.count),
      payloadByteCount: UInt64(records.payloadByteCount))
  }

  /// Nothing behind the tail, by its writer.
  var nothingStaged: StagedRecords {
    StagedRecords(oldTail: ownTail, newTail: ownTail, items: 0, payloadByteCount: 0)
  }

  /// Puts a record, given without its head, behind those staged before; false: there is no room for it now.
  @inline(__always)
  func stage(_ payload: UnsafeRawBufferPointer, behind staged: inout StagedRecords) -> Bool {
    let (start, end) = place(of: payload.count, at: staged.newTail)
    guard hasRoom(from: staged.newTail, to: end) || hasRoomNow(from: staged.newTail, to: end) else { return false }
    if start != staged.newTail { ring.address(staged.newTail).storeBytes(of: Ring.skipMark, as: UInt32.self) }
    let record = ring.address(start)
    record.storeBytes(of: UInt32(truncatingIfNeeded: payload.count), as: UInt32.self)
    if let bytes = payload.baseAddress {
      (record + Ring.headerByteCount).copyMemory(from: bytes, byteCount: payload.count)
    }
    staged.newTail = end
    staged.items += 1
    staged.payloadByteCount += UInt64(payload.count)
    return true
  }

  /// As above, of records that all go together.
  func stage(_ records: PendingRecords, behind staged: inout StagedRecords) -> Bool {
    let end = ring.advance(staged.newTail, by: records.bytes)
    guard hasRoom(from: staged.newTail, to: end) || hasRoomNow(from: staged.newTail, to: end) else { return false }
    _ = ring.write(records.bytes, at: staged.newTail)
    staged.newTail = end
    staged.items += UInt32(truncatingIfNeeded: records.count)
    staged.payloadByteCount += UInt64(records.payloadByteCount)
    return true
  }

  func hasRoom(for payloadByteCount: Int, behind staged: StagedRecords) -> Bool {
    hasRoomNow(from: staged.newTail, to: place(of: payloadByteCount, at: staged.newTail).end)
  }

  // MARK: What a waiting writer needs

  package func need(of pending: PendingRecords) -> WaitNeed {
    .room(from: ownTail, to: ring.advance(ownTail, by: pending.prefix(1).bytes))
  }

  func need(of payloadByteCount: Int, behind staged: StagedRecords) -> WaitNeed {
    .room(from: staged.newTail, to: place(of: payloadByteCount, at: staged.newTail).end)
  }

  /// As the writer would find it now.
  func hasRoom(for need: WaitNeed) -> Bool {
    let (start, end, head) = (need.first, need.second, head)
    return end &- head <= ring.byteCount && (end &- head <= byteLimit || head == start)
      || hasRoomBehindTaken(from: start, to: end)
  }

  /// Of a framed record: behind `tail`, or at the ring's start.
  @inline(__always)
  private func place(of payloadByteCount: Int, at tail: UInt64) -> (start: UInt64, end: UInt64) {
    let byteCount = UInt64(Ring.recordByteCount(payload: payloadByteCount, format: .framed))
    let left = ring.contiguous(from: tail)
    let start = byteCount <= left ? tail : tail + left
    return (start, start + byteCount)
  }

  func publish(_ staged: StagedRecords) {
    guard moveTail(staged) else { return }
    Self.betweenChangeAndWake()
    wakeReader()
  }

  /// False if it had happened before. `betweenChangeAndWake` and `wakeReader` are to follow.
  @inline(__always)
  func moveTail(_ staged: StagedRecords) -> Bool {
    guard ownTail == staged.oldTail else { return false }
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
    return true
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

  /// Gives the room back; a redo may repeat it, since the position only grows.
  package func advance(to position: UInt64) {
    moveHead(to: position)
    Self.betweenChangeAndWake()
    wakeWriter()
  }

  /// The reader has copied the message before `position`: it stays, but there is room for another one.
  package func take(to position: UInt64) {
    readersLine.taken.pointee.store(position, ordering: .releasing)
    Self.betweenChangeAndWake()
    wakeWriter()
  }

  /// `betweenChangeAndWake` and `wakeWriter` are to follow.
  @inline(__always)
  func moveHead(to position: UInt64) {
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

  private func announceSleep(_ side: Side, unless isReady: () -> Bool) -> Bool {
    let word = word(of: side)
    word.pointee.store(1, ordering: .sequentiallyConsistent)
    Self.betweenChangeAndWake()
    guard isReady() else { return true }
    word.pointee.store(0, ordering: .relaxed)
    return false
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
