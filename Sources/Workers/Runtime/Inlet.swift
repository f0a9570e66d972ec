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
  @exclusivity(unchecked) private var spin: SpinBudget
  /// Where the port is an end of a pipe.
  private let pipe: PipeReader?
  /// After the end: a writer failed, so the stream may be incomplete.
  public private(set) var endedByFailure = false

  // The batch that is lent.
  @exclusivity(unchecked) private var whole = Ring.Run(from: 0, to: 0, items: 0, payloadByteCount: 0)
  @exclusivity(unchecked) private var count = 0
  /// The only record, where a pipe lent one.
  @exclusivity(unchecked) private var only: UnsafeRawBufferPointer?
  @exclusivity(unchecked) private var position: UInt64 = 0
  @exclusivity(unchecked) private var emitted: UInt64 = 0
  /// Answers to the first lent item that earlier deliveries of it have published.
  @exclusivity(unchecked) private var emittedBefore: UInt64 = 0
  /// Items at the front that a step has finished already.
  @exclusivity(unchecked) private var finishedCount = 0
  /// The item that `forEach` is at, and whether it has begun any.
  @exclusivity(unchecked) private var hasBegun = false
  @exclusivity(unchecked) private var current = 0
  /// For each item from `finishedCount` that `forEach` has begun: where it lies, and how many answers came before.
  /// Empty where one item only is lent: it lies at `position`.
  @exclusivity(unchecked) private var marks: [(position: UInt64, answersBefore: UInt64)] = []

  init(port: InputPort, type: ItemType, worker: Worker) {
    self.port = port
    ring = port.ring
    self.type = type
    self.worker = worker
    spin = worker.spinBudget
    if case .pipe(let direction) = port { pipe = PipeReader(direction, spin: worker.spinBudget) } else { pipe = nil }
  }

  /// The next items, or `nil` at the end of the stream.
  ///
  /// First publishes the worker's outputs and finishes the items lent before, in one step. Waits if there is none.
  /// What the batch lends is valid until the next call.
  public func next() throws -> Batch? {
    try worker.finishBatch(of: self)
    if let pipe { return takeFromPipe(pipe, limit: 256) }
    return take(.share, linger: nil)
  }

  /// Waits until `count` items are there, the stream ends or `linger` has passed since the first of them came
  /// (`nil`: no limit); lends at most `count`, fewer only in the latter cases.
  public func next(exactly count: Int, linger: Duration?) throws -> Batch? {
    try worker.finishBatch(of: self)
    if let pipe, count == 1 { return takeFromPipe(pipe, limit: 1) }
    return take(.exactly(count, orFewer: false), linger: linger)
  }

  deinit { pipe?.deallocate() }

  // MARK: Taking

  private func take(_ amount: QueueReader.Amount, linger: Duration?) -> Batch? {
    switch port {
    case .queue(let reader): takeFromQueue(reader, amount, linger: linger)
    case .pipe: takeFromPipe(pipe!, amount, linger: linger)
    }
  }

  private func takeFromQueue(_ reader: QueueReader, _ amount: QueueReader.Amount, linger: Duration?) -> Batch? {
    var amount = amount
    var sleptAt: UInt32?
    var deadline: UInt64?
    while true {
      let version = reader.version
      switch reader.take(amount, willSleep: false, isWaitUnlimited: false, sleptAt: sleptAt) {
      case .taken(let lease): return lend(lease, reader)
      case .ended(let failed):
        endedByFailure = failed
        return nil
      case .empty: break
      }
      if case .exactly(let count, _) = amount, let linger, reader.available > 0 {
        if deadline == nil { deadline = MonotonicClock.now + linger.nanoseconds }
        if MonotonicClock.now >= deadline! { amount = .exactly(count, orFewer: true) }
      }
      sleptAt = nil
      worker.flushLog()
      if spin.run(until: { reader.version != version }) { continue }
      switch reader.take(amount, willSleep: true, isWaitUnlimited: linger == nil) {
      case .taken(let lease): return lend(lease, reader)
      case .ended(let failed):
        endedByFailure = failed
        return nil
      case .empty(let futexValue):
        worker.entry.beginWait(.read(resource: port.resource), isTimed: deadline != nil, for: .items(amount.leastCount))
        reader.sleep(whileFutexIs: futexValue, for: amount, until: deadline)
        if !amount.wantsSeveral { sleptAt = futexValue }
        worker.entry.endWait()
      }
    }
  }

  private func lend(_ lease: Lease, _ reader: QueueReader) -> Batch {
    let run = Ring.Run(
      from: lease.from, to: lease.to, items: Int(lease.items), payloadByteCount: Int(lease.payloadByteCount))
    return begin(run, emitted: lease.emitted)
  }

  /// At most `limit` messages of a pipe, as soon as there is one.
  @inline(__always)
  private func takeFromPipe(_ pipe: PipeReader, limit: Int) -> Batch? {
    guard let taken = pipe.takeLooking(limit: limit) else {
      return takeFromPipe(pipe, .exactly(1, orFewer: false), linger: nil)
    }
    let batch = begin(taken.run, emitted: pipe.pipe.emitted)
    if taken.run.items == 1 { only = taken.first }
    return batch
  }

  @inline(never)
  private func takeFromPipe(_ pipe: PipeReader, _ amount: QueueReader.Amount, linger: Duration?) -> Batch? {
    let (wanted, limit) = if case .exactly(let count, _) = amount { (count, count) } else { (1, 256) }
    var deadline: UInt64?
    worker.flushLog()
    while true {
      let isEnded = pipe.pipe.writerHasEnded
      let isFull = pipe.pipe.writerSleeps
      let run = pipe.take(limit: limit, wrapping: wanted > 1)
      let isLate = deadline.map { MonotonicClock.now >= $0 } ?? false
      if run.items >= wanted || (run.items > 0 && (isEnded || isFull || isLate)) {
        return begin(run, emitted: pipe.pipe.emitted)
      }
      if isEnded, run.items == 0 {
        endedByFailure = pipe.pipe.ends.contains(.writerFailed)
        return nil
      }
      if run.items > 0, deadline == nil, let linger { deadline = MonotonicClock.now + linger.nanoseconds }
      let tail = run.items == 0 ? pipe.pipe.head : run.to
      if !pipe.look(since: tail) {
        pipe.sleep(since: tail, hasSome: run.items > 0, until: deadline, showingIn: worker.entry)
      }
    }
  }

  private func begin(_ run: Ring.Run, emitted: UInt64) -> Batch {
    whole = run
    count = run.items
    only = nil
    position = run.from
    self.emitted = emitted
    emittedBefore = emitted
    finishedCount = 0
    hasBegun = false
    current = 0
    if !marks.isEmpty { marks.removeAll(keepingCapacity: true) }
    worker.didLend(self, answersToSkip: Int(clamping: emitted))
    return Batch(inlet: self, count: count, byteCount: run.payloadByteCount)
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
    pipe.map { $0.record(at: position) } ?? ring.bytes(from: position, to: position).baseAddress!
  }

  // MARK: Finishing

  /// The whole batch is finished by the step.
  func progressOfAll() -> Stepper.Input? {
    guard count > 0 else { return nil }
    return input(newPosition: whole.to, items: count - finishedCount, newEmitted: 0)
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
    if whole.items == 1 {
      return input(newPosition: position, items: 0, newEmitted: UInt64(published) + emittedBefore)
    }
    guard let index = marks.lastIndex(where: { $0.answersBefore <= published }) else { return nil }
    let mark = marks[index]
    let isFirstStill = finishedCount + index == 0
    let newEmitted = published &- mark.answersBefore &+ (isFirstStill ? emittedBefore : 0)
    defer { marks.removeFirst(index) }
    return input(newPosition: mark.position, items: index, newEmitted: newEmitted)
  }

  /// What `forEach` has been through, at the worker's end; the rest goes back.
  func progressOfReached() -> Stepper.Input? {
    guard count > 0, current > finishedCount else { return nil }
    if current == count { return progressOfAll() }
    let position = ring.position(behind: current, of: whole)
    return input(newPosition: position, items: current - finishedCount, newEmitted: 0)
  }

  private func input(newPosition: UInt64, items: Int, newEmitted: UInt64) -> Stepper.Input {
    let progress = InputProgress(
      oldPosition: position, newPosition: newPosition, items: items, oldEmitted: emitted, newEmitted: newEmitted)
    finishedCount += items
    position = newPosition
    emitted = newEmitted
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
    if case .queue(let reader) = port { reader.giveBack() }
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
