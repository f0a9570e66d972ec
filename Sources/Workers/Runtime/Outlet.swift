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
  /// Where one end of a pipe is bound and nothing else, and not of numbers: what is put as it is waits in the ring
  /// itself. What is converted waits in the buffer; never is something in both.
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

  var pendingCount: Int { stagedCount + first.count }
  var pendingPayloadByteCount: Int { first.payloadByteCount + (solePipe?.stagedByteCount ?? 0) }
  private var stagedCount: Int { solePipe?.stagedCount ?? 0 }

  /// The one that takes the smallest items.
  var narrowest: Lane { lanes.min { $0.port.itemByteLimit < $1.port.itemByteLimit }! }

  /// The largest item that every bound resource takes, in bytes.
  public let itemByteLimit: Int

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
    didAppend()
  }

  /// Lines of `text`, each a string without its newline: as many as are published together, at least one, as far as
  /// newlines follow. Gives how many bytes of `text` that were, newlines included.
  func append(linesOf text: UnsafeRawBufferPointer) throws -> Int {
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
    didAppend()
  }

  public func append(_ value: Double) throws {
    try willAppend()
    try putIntoEach { lane in try lane.put(value) }
    didAppend()
  }

  public func append(_ item: Item) throws {
    try willAppend()
    try putIntoEach { lane in try lane.put(item) }
    didAppend()
  }

  /// A record as a port of type `type` lends it: as it is where the types are the same, else converted.
  public func append(record: UnsafeRawBufferPointer, of type: ItemType) throws {
    if let solePipe, isSameType(type) { return try stage(record, in: solePipe) }
    try willAppend()
    try putIntoEach { lane in try lane.put(record: record, of: type) }
    didAppend()
  }

  /// One item, which `put` puts into a lane in the form that fits it.
  func append(_ put: (Lane) throws -> Void) throws {
    try willAppend()
    try putIntoEach(put)
    didAppend()
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

  /// Into the ring of the only pipe, as it is.
  @inline(__always)
  private func stage(_ record: UnsafeRawBufferPointer, in pipe: PipeWriter) throws {
    if first.count > 0 || pipe.stagedCount >= publishCount || pipe.stagedByteCount >= publishByteCount {
      try publish()
    }
    if answersToSkip > 0 {
      answersToSkip -= 1
      return
    }
    guard record.count <= soleItemByteLimit else { throw lanes[0].tooLarge(record.count) }
    if !pipe.stage(record) {
      // What was appended before goes first, and its reader makes room.
      try publish()
      try worker.stage(record, in: pipe)
    }
    appended &+= 1
  }

  @inline(__always)
  private func didAppend() {
    if answersToSkip > 0 {
      answersToSkip -= 1
      for lane in lanes { lane.buffer.dropLast() }
      return
    }
    appended &+= 1
  }

  /// What waits in the buffer is worth a publish, which the next append would begin with.
  @inline(__always)
  var isDue: Bool { first.count >= publishCount || first.byteCount >= publishByteCount }

  /// Publishes what was appended before, if it is worth its while: never the item that is appended now, so that a
  /// source's checkpoint, set before the append, is that of what is published.
  @inline(__always)
  private func willAppend() throws {
    if isDue || stagedCount > 0 { try publish() }
  }

  /// Publishes now what was appended; waits for room as the queue's `on_full` says.
  public func publish() throws { try worker.publish(self, finishingBatch: false) }

  // MARK: For the worker

  @inline(__always)
  func startCounting(answersToSkip: Int) {
    appended = 0
    published = 0
    self.answersToSkip = answersToSkip
  }

  func pending(to port: Int) -> PendingRecords {
    if let solePipe, solePipe.stagedCount > 0 { return PendingRecords(staged: solePipe.staged) }
    return lanes[port].buffer.pending
  }
  var outputPorts: [OutputPort] { ports }

  /// All that waits for the only pipe is in its ring; what is in the buffer still goes there, if it has room.
  @inline(__always)
  func isStaged(in pipe: PipeWriter) -> Bool {
    if first.count == 0 { return true }
    return stageBuffer(in: pipe)
  }

  private func stageBuffer(in pipe: PipeWriter) -> Bool {
    guard pipe.stage(first.pending) else { return false }
    first.removeAll()
    return true
  }

  func didPublish(_ records: Int) {
    if let solePipe, solePipe.stagedCount > 0 {
      solePipe.didPublish()
    } else {
      for lane in lanes { lane.buffer.dropFirst(records) }
    }
    published &+= UInt64(records)
  }
}
