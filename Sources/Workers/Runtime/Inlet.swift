internal import Platform
internal import Sharing
public import Topology

/// A port that a kind reads: a queue, or an end of a pipe.
public final class Inlet {
  /// What its records hold: `.any` is CBOR, `.number` raw little-endian, `.string` and `.bytes` the bytes.
  public let type: ItemType

  let port: InputPort
  private let ring: Ring
  // A cycle: both live as long as the process.
  private let worker: Worker
  @exclusivity(unchecked) private var input: ItemInput
  /// Where the port is an end of a pipe.
  private let pipe: PipeReader?
  /// After the end: a writer failed, so the stream may be incomplete.
  public private(set) var endedByFailure = false

  // The batch that is lent.
  @exclusivity(unchecked) private var whole = HeldItems.none.run
  @exclusivity(unchecked) private var count = 0
  /// The only record, where a pipe lent one.
  @exclusivity(unchecked) private var only: UnsafeRawBufferPointer?
  /// Of it, what no step has finished.
  @exclusivity(unchecked) private var held = HeldItems.none
  /// Answers to the first lent item that earlier deliveries of it have published.
  @exclusivity(unchecked) private var emittedBefore: UInt64 = 0
  /// The item that `forEach` is at, and whether it has begun any.
  @exclusivity(unchecked) private var hasBegun = false
  @exclusivity(unchecked) private var current = 0
  /// For each item that is not finished and that `forEach` has begun: where it lies, and how many answers came before.
  /// Empty where one item only is lent.
  @exclusivity(unchecked) private var marks: [(position: UInt64, answersBefore: UInt64)] = []

  init(port: InputPort, type: ItemType, worker: Worker) {
    self.port = port
    ring = port.ring
    self.type = type
    self.worker = worker
    input = ItemInput(port, of: worker.entry, spin: worker.spinBudget)
    pipe = input.pipe
  }

  /// The next items, or `nil` at the end of the stream.
  ///
  /// First publishes the worker's outputs and finishes the items lent before, in one step. Waits if there is none.
  /// What the batch lends is valid until the next call.
  public func next() throws -> Batch? {
    try worker.finishBatch(of: self)
    return takeAtOnce(limit: 256) ?? take(.share, linger: nil)
  }

  /// Waits until `count` items are there, the stream ends or `linger` has passed since the first of them came
  /// (`nil`: no limit); lends at most `count`, fewer only in the latter cases.
  public func next(exactly count: Int, linger: Duration?) throws -> Batch? {
    try worker.finishBatch(of: self)
    if count == 1, let batch = takeAtOnce(limit: 1) { return batch }
    return take(.exactly(count, orFewer: false), linger: linger)
  }

  deinit { input.deallocate() }

  // MARK: Taking

  /// At most `limit` messages of a pipe, if there is one or comes at once.
  @inline(__always)
  private func takeAtOnce(limit: Int) -> Batch? {
    guard let pipe, let taken = pipe.takeLooking(limit: limit) else { return nil }
    let batch = begin(HeldItems(taken.run, emitted: pipe.pipe.emitted))
    if taken.run.items == 1 { only = taken.first }
    return batch
  }

  @inline(never)
  private func take(_ amount: QueueReader.Amount, linger: Duration?) -> Batch? {
    switch input.take(amount, linger: linger?.nanoseconds) {
    case .taken(let held): return begin(held)
    case .ended(let failed):
      endedByFailure = failed
      return nil
    case .nothing: return nil
    }
  }

  private func begin(_ held: HeldItems) -> Batch {
    self.held = held
    whole = held.run
    count = whole.items
    only = nil
    emittedBefore = held.emitted
    hasBegun = false
    current = 0
    if !marks.isEmpty { marks.removeAll(keepingCapacity: true) }
    worker.didLend(self, answersToSkip: Int(clamping: held.emitted))
    return Batch(inlet: self, count: count, byteCount: whole.payloadByteCount)
  }

  // MARK: Reading

  @inline(__always)
  func forEach(first limit: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    if let only {
      guard limit > 0 else { return }
      hasBegun = true
      try body(only)
      current = 1
      return
    }
    try forEachRecord(first: limit, body)
  }

  private func forEachRecord(first limit: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    let stride = ring.stride
    var left = min(limit, whole.items)
    let outlet = whole.items > 1 ? worker.countingOutlet : nil
    let entry = worker.entry
    var rest = whole
    hasBegun = hasBegun || left > 0
    while left > 0 {
      let part = ring.firstPart(of: rest)
      var record = record(at: part.from)
      let base = record
      for _ in 0..<min(left, part.items) {
        let place = part.from + UInt64(record - base)
        entry.cursor = place
        if let outlet { marks.append((place, outlet.appended)) }
        if stride > 0 {
          try body(UnsafeRawBufferPointer(start: record, count: stride))
          record += stride
        } else {
          let payload = Int(record.load(as: UInt32.self))
          try body(UnsafeRawBufferPointer(start: record + Ring.headerByteCount, count: payload))
          record += Ring.recordByteCount(payload: payload, format: .framed)
        }
        current += 1
      }
      left -= part.items
      if left > 0 { rest = ring.rest(of: rest, after: part) }
    }
  }

  @inline(__always)
  private func record(at position: UInt64) -> UnsafeRawPointer {
    ring.bytes(from: position, to: position).baseAddress!
  }

  // MARK: Finishing

  /// The whole batch is finished by the step.
  func progressOfAll() -> Stepper.Input? {
    guard count > 0 else { return nil }
    return finish(held.run.items, upTo: whole.to)
  }

  /// Publishes what `writer` has staged with the end of all that is lent, if that is no more than a pipe's exchange.
  @inline(__always)
  func exchange(with writer: PipeWriter, _ stepper: inout Stepper) -> Bool {
    guard let pipe else { return false }
    let isDone = stepper.exchange(
      writer, finishing: count > 0 ? pipe : nil, before: whole.to, items: count, byteCount: whole.payloadByteCount)
    if isDone { count = 0 }
    return isDone
  }

  /// Finishes all that is lent, if that is no more than a pipe's step.
  @inline(__always)
  func finishPipe(_ stepper: inout Stepper) -> Bool {
    guard let pipe, count > 0,
      stepper.finish(pipe, before: whole.to, items: count, byteCount: whole.payloadByteCount)
    else { return false }
    count = 0
    return true
  }

  /// What is finished when `published` answers in all are: items before the one that the last answer belongs to.
  func progress(published: UInt64) -> Stepper.Input? {
    guard count > 0, hasBegun else { return nil }
    if whole.items == 1 { return finish(0, upTo: held.run.from, emitted: published + emittedBefore) }
    guard let index = marks.lastIndex(where: { $0.answersBefore <= published }) else { return nil }
    let mark = marks[index]
    let isFirstStill = finishedCount + index == 0
    defer { marks.removeFirst(index) }
    return finish(
      index, upTo: mark.position, emitted: published &- mark.answersBefore &+ (isFirstStill ? emittedBefore : 0))
  }

  /// What `forEach` has been through, at the worker's end; the rest goes back.
  func progressOfReached() -> Stepper.Input? {
    guard count > 0, current > finishedCount else { return nil }
    if current == count { return progressOfAll() }
    return finish(current - finishedCount, upTo: ring.position(behind: current, of: whole))
  }

  private var finishedCount: Int { whole.items - held.run.items }

  private func finish(_ items: Int, upTo position: UInt64, emitted: UInt64 = 0) -> Stepper.Input {
    let progress = held.progress(items, upTo: position, emitted: emitted)
    held.advance(progress)
    return Stepper.Input(port: port, progress: progress)
  }

  func endBatch() {
    if count > 0 {
      worker.entry.add(UInt64(count), to: .itemsIn)
      worker.entry.add(UInt64(whole.payloadByteCount), to: .bytesIn)
    }
    count = 0
  }

  /// At the worker's end: what is not finished goes to others.
  func giveBack() {
    if count > 0 {
      worker.entry.add(UInt64(current), to: .itemsIn)
      count = 0
    }
    input.giveBack()
  }
}

/// Items lent by an `Inlet`: records that lie one behind another in shared memory.
public struct Batch {
  // Unmanaged: it lives as long as its worker, and that as long as the process.
  private let lender: Unmanaged<Inlet>
  public let count: Int
  /// Bytes of the records' payloads.
  public let byteCount: Int

  init(inlet: Inlet, count: Int, byteCount: Int) {
    lender = .passUnretained(inlet)
    self.count = count
    self.byteCount = byteCount
  }

  /// Calls `body` with each record's payload, in order. While it runs, outputs may be published early (a large
  /// answer): each item's answer still counts exactly once.
  public func forEach(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    try lender._withUnsafeGuaranteedRef { try $0.forEach(first: count, body) }
  }

  /// The first `limit` only; if the worker ends then, the others go back to the queue.
  public func forEach(first limit: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    try lender._withUnsafeGuaranteedRef { try $0.forEach(first: limit, body) }
  }
}
