internal import Glibc
internal import Sharing
public import Topology

/// A port that a kind writes: queues or ends of pipes, each of which gets every item.
///
/// Items are collected and published together: when 16 KiB are there, before the worker waits, and at its end.
public final class Outlet {
  /// What its records hold; where several resources are bound, the first one's.
  public var type: ItemType { lanes[0].type }

  let lanes: [Lane]
  private let ports: [OutputPort]
  // A cycle: both live as long as the process.
  private let worker: Worker
  private let first: RecordBuffer
  /// Where one end of a pipe is bound and nothing else, and not of numbers: what is put waits in the ring itself, and
  /// the buffer holds a record only while it is being made.
  let solePipe: PipeWriter?
  private let soleItemByteLimit: Int
  /// One resource, of int64 or of text: by far the most frequent where speed counts.
  private let isSoleInt64: Bool
  private let isSoleText: Bool
  private let takesBytesAsTheyAre: Bool
  /// Records that make a publish worth its while; fewer where the queue holds fewer.
  private let publishCount: Int
  private let publishByteCount: Int
  /// Answers to a second delivery that were published before the first one's worker died.
  @exclusivity(unchecked) var answersToSkip = 0
  /// Collected since the batch was lent.
  @exclusivity(unchecked) private(set) var appended: UInt64 = 0
  @exclusivity(unchecked) private(set) var published: UInt64 = 0

  init(lanes: [Lane], worker: Worker, stagesInPipe: Bool) {
    self.lanes = lanes
    self.worker = worker
    ports = lanes.map(\.port)
    first = lanes[0].buffer
    let isSole = lanes.count == 1
    isSoleInt64 = isSole && lanes[0].type == .int64
    if stagesInPipe, isSole, case .pipe(let pipe) = lanes[0].port, lanes[0].port.format == .framed {
      solePipe = PipeWriter(pipe)
    } else {
      solePipe = nil
    }
    takesBytesAsTheyAre = lanes[0].type == .string || lanes[0].type == .bytes
    soleItemByteLimit = lanes[0].port.itemByteLimit
    isSoleText = isSole && takesBytesAsTheyAre
    itemByteLimit = ports.map(\.itemByteLimit).min()!
    publishCount = max(1, min(2048, ports.map(\.capacity).min()! / 4))
    publishByteCount = max(16 << 10, min(64 << 10, itemByteLimit / 32))
  }

  deinit { solePipe?.deallocate() }

  @inline(__always)
  var pendingCount: Int { solePipe?.stagedCount ?? first.count }
  var pendingPayloadByteCount: Int { solePipe?.stagedByteCount ?? first.payloadByteCount }

  /// The one that takes the smallest items.
  var narrowest: Lane { lanes.min { $0.port.itemByteLimit < $1.port.itemByteLimit }! }

  /// The largest item that every bound resource takes, in bytes.
  public let itemByteLimit: Int

  /// An item of which as many bytes are known, over the limit, and more may come.
  func tooLarge(atLeast byteCount: Int) -> KindFailure {
    let lane = lanes.first { byteCount > $0.port.itemByteLimit } ?? lanes[0]
    return lane.tooLarge(byteCount, orMore: true)
  }

  /// A string or bytes; encoded where the type is `any`; an error where it is a number.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    if let solePipe, takesBytesAsTheyAre { return try stage(bytes, in: solePipe) }
    try willAppend()
    if isSoleText, bytes.count <= itemByteLimit {
      first.beginRecord()
      first.add(bytes)
      first.finishRecord()
    } else {
      try putIntoEach { lane in try lane.put(bytes) }
    }
    try didAppend()
  }

  /// Lines of `text`, each a string without its newline: as many as are published together, at least one, as far as
  /// newlines follow. Gives how many bytes of `text` that were, newlines included.
  func append(linesOf text: UnsafeRawBufferPointer) throws -> Int {
    if isSoleText, let solePipe { return try stageLines(of: text, in: solePipe) }
    if isSoleText, answersToSkip == 0 {
      try willAppend()
      let countBefore = first.count
      let taken = first.appendLines(
        of: text, countLimit: publishCount, byteLimit: publishByteCount, longest: itemByteLimit)
      appended &+= UInt64(first.count - countBefore)
      if taken > 0 { return taken }
    }
    guard let newline = text.firstIndex(of: 0x0A) else { return 0 }
    try append(UnsafeRawBufferPointer(rebasing: text[..<newline]))
    return newline + 1
  }

  /// Numbers go into every number type in whose range they are (an integral float into integers), and into `any`.
  @inline(__always)
  public func append(_ value: Int64) throws {
    try willAppend()
    if isSoleInt64 { first.appendFixed(value) } else { try putIntoEach { lane in try lane.put(value) } }
    try didAppend()
  }

  public func append(_ value: Double) throws {
    try willAppend()
    try putIntoEach { lane in try lane.put(value) }
    try didAppend()
  }

  public func append(_ item: Item) throws {
    try willAppend()
    try putIntoEach { lane in try lane.put(item) }
    try didAppend()
  }

  /// A record as a port of type `type` lends it: as it is where the types are the same, else converted.
  public func append(record: UnsafeRawBufferPointer, of type: ItemType) throws {
    if let solePipe, isSameType(type) { return try stage(record, in: solePipe) }
    try willAppend()
    try putIntoEach { lane in try lane.put(record: record, of: type) }
    try didAppend()
  }

  /// One item, which `put` puts into a lane in the form that fits it.
  func append(_ put: (Lane) throws -> Void) throws {
    try willAppend()
    try putIntoEach(put)
    try didAppend()
  }

  /// One item more in every lane, or in none: they are published side by side.
  @inline(__always)
  private func putIntoEach(_ put: (Lane) throws -> Void) throws {
    var count = 0
    do {
      for lane in lanes {
        try put(lane)
        count += 1
      }
    } catch {
      for lane in lanes[..<count] { lane.buffer.dropLast() }
      throw error
    }
  }

  /// Without a call where it can: this is asked for each item.
  @inline(__always)
  private func isSameType(_ type: ItemType) -> Bool {
    switch (type, lanes[0].type) {
    case (.bytes, .bytes), (.string, .string), (.any, .any): true
    default: false
    }
  }

  /// Into the ring of the only pipe.
  @inline(__always)
  private func stage(_ record: UnsafeRawBufferPointer, in pipe: PipeWriter) throws {
    try willAppend()
    if answersToSkip > 0 {
      answersToSkip -= 1
      return
    }
    guard record.count <= soleItemByteLimit else { throw lanes[0].tooLarge(record.count) }
    try stageWaiting(record, in: pipe)
    appended &+= 1
  }

  /// The first line waits for room. Those behind it don't: what is published now must not be of lines whose place in the
  /// source is said only after this.
  private func stageLines(of text: UnsafeRawBufferPointer, in pipe: PipeWriter) throws -> Int {
    guard let base = text.baseAddress else { return 0 }
    var taken = 0
    while let newline = memchr(base + taken, 0x0A, text.count - taken) {
      let line = UnsafeRawBufferPointer(start: base + taken, count: UnsafeRawPointer(newline) - (base + taken))
      if taken == 0 {
        try stage(line, in: pipe)
      } else {
        guard !isDue, answersToSkip == 0, line.count <= soleItemByteLimit, pipe.stage(line) else { break }
        appended &+= 1
      }
      taken += line.count + 1
    }
    return taken
  }

  @inline(__always)
  private func stageWaiting(_ record: UnsafeRawBufferPointer, in pipe: PipeWriter) throws {
    if pipe.stage(record) { return }
    // What was appended before goes first, and its reader makes room.
    try publish()
    try worker.stage(record, in: pipe)
  }

  @inline(__always)
  private func didAppend() throws {
    if answersToSkip > 0 {
      answersToSkip -= 1
      for lane in lanes { lane.buffer.dropLast() }
      return
    }
    if let solePipe { try stageMade(in: solePipe) }
    appended &+= 1
  }

  /// The record that was made in the buffer.
  private func stageMade(in pipe: PipeWriter) throws {
    defer { first.removeAll() }
    let made = first.pending
    let payload = made.bytes[Ring.headerByteCount..<Ring.headerByteCount + made.payloadByteCount]
    try stageWaiting(UnsafeRawBufferPointer(rebasing: payload), in: pipe)
  }

  /// What waits is worth a publish, which the next append would begin with.
  @inline(__always)
  var isDue: Bool {
    if let solePipe { return solePipe.stagedCount >= publishCount || solePipe.stagedByteCount >= publishByteCount }
    return first.count >= publishCount || first.byteCount >= publishByteCount
  }

  /// Publishes what was appended before, if it is worth its while: never the item that is appended now, so that a
  /// source's checkpoint, set before the append, is that of what is published.
  @inline(__always)
  private func willAppend() throws {
    if isDue { try publish() }
  }

  /// Publishes now what was appended; waits for room as the queue's `on_full` says.
  public func publish() throws { try worker.publish(self) }

  // MARK: For the worker

  @inline(__always)
  func startCounting(answersToSkip: Int) {
    appended = 0
    published = 0
    self.answersToSkip = answersToSkip
  }

  /// What waits in the buffer for a port.
  func pending(to port: Int) -> PendingRecords { lanes[port].buffer.pending }
  var outputPorts: [OutputPort] { ports }

  func didPublish(_ records: Int) {
    if solePipe == nil { for lane in lanes { lane.buffer.dropFirst(records) } }
    published &+= UInt64(records)
  }
}
