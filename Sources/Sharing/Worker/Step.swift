internal import Platform
internal import Synchronization

/// Makes a worker's outputs visible and its input finished, in one step.
///
/// A worker killed at any instant has done all of a step or nothing: where more than one thing changes, the redo
/// record in its entry says what, and the scavenger completes what was armed.
package struct Stepper: ~Copyable {
  package let entry: WorkerEntry
  let arena: Arena
  private let holder: HolderID
  var spin: SpinBudget
  /// A new value takes effect with the next step.
  package var durable: Durable {
    didSet { durableChanged = true }
  }
  private(set) var durableChanged = false
  /// Claimed numbers, with the group's lock held, until steps make them effective.
  private(set) var claim: Range<UInt64>?
  /// The directions for which the redo record says what is the same in each exchange between them.
  var exchange: (output: Int, input: Int)?

  package init(arena: Arena, worker: Int) {
    self.arena = arena
    entry = arena.entry(worker)
    holder = HolderID(worker: worker)
    spin = SpinBudget(isUncontended: arena.isUncontended)
    durable = entry.durable.state
  }

  package struct Input {
    package var port: InputPort
    package var progress: InputProgress
    var givenUp: GivenUp
    package init(port: InputPort, progress: InputProgress) { self.init(port: port, progress: progress, givenUp: .no) }
    init(port: InputPort, progress: InputProgress, givenUp: GivenUp) {
      self.port = port
      self.progress = progress
      self.givenUp = givenUp
    }
  }

  package enum Outcome: Sendable {
    /// So many of the first records are published to (or dropped by) every port, and the input is finished.
    case done(records: Int)
    /// A queue with `on_full: fail` had no room.
    case full(resource: Int)
    case timedOut
    case readersEnded(failed: Bool)
  }

  /// Publishes as many of the first records as have room, the same number to every port, waiting until there is some.
  ///
  /// - `pending`: what waits for a port: the same items for each, in its format.
  /// - `checkpoint`: of a source that keeps one: its place behind all that is pending.
  /// - `deadline`: in nanoseconds of the monotonic clock; past it, it does not wait.
  /// - `input`: given the number of records that will be published, how far the input is finished by it; called once.
  package mutating func publish(
    to ports: [OutputPort], pending: (_ port: Int) -> PendingRecords, checkpoint: (UInt64, UInt64)? = nil,
    until deadline: UInt64? = nil, input: (_ records: Int) -> Input?
  ) -> Outcome {
    while true {
      let live = LivePorts(ports)
      if live.isEmpty { return readersEnded(ports) }
      lockWriters(ports, live)
      let room = commonRoom(pending, ports, live)
      if room > 0 {
        let isAll = room == pending(0).count
        if let checkpoint { note(checkpoint, published: room, isAll: isAll) }
        commit(pending, ports, live, count: room, isAll: isAll, input: input(room))
        unlockWriters(ports, live)
        return .done(records: room)
      }
      let blocked = live.first { mayBlock(ports[$0]) && self.room(pending($0), ports[$0]) == 0 }
      unlockWriters(ports, live)
      guard let blocked else { continue }
      if ports[blocked].whenFull == .fail { return .full(resource: ports[blocked].resource) }
      if MonotonicClock.hasPassed(deadline) { return .timedOut }
      waitForRoom(pending(blocked), in: ports[blocked], until: deadline)
    }
  }

  /// Publishes all that `writer` has staged, which has its room already. `checkpoint`, `input`: as above.
  package mutating func publish(
    _ writer: PipeWriter, checkpoint: (UInt64, UInt64)? = nil, input: (_ records: Int) -> Input?
  ) -> Outcome {
    let port = OutputPort.pipe(writer.pipe)
    if case .ended = port.readers { return readersEnded([port]) }
    let staged = writer.pipe.staged
    let count = Int(staged.items)
    if let checkpoint { note(checkpoint, published: count, isAll: true) }
    entry.redo.output(0).pointee = output(to: writer.pipe, staged)
    commit(outputs: 1, count: count, isAll: true, input: input(count))
    return .done(records: count)
  }

  /// Finishes input, or makes `durable` and a claim effective, without output.
  package mutating func finish(_ input: Input?) { commit(outputs: 0, count: 0, isAll: true, input: input) }

  /// A reader gives up the item that it is at, which is the first of its lease, though it lives: the item is finished
  /// and a dead letter in one step, as soon as there is room for it.
  ///
  /// - `letter`: the dead-letter queue's end of this worker, and the item in the form of that; `nil`: the item is lost.
  package mutating func reject(
    _ progress: InputProgress, of reader: QueueReader, as letter: (writer: QueueWriter, record: PendingRecords)?,
    until deadline: UInt64? = nil
  ) -> Outcome {
    func input(_ givenUp: GivenUp) -> Input { Input(port: .queue(reader), progress: progress, givenUp: givenUp) }
    guard let letter else {
      finish(input(.forGood))
      return .done(records: 0)
    }
    return publish(to: [.queue(letter.writer)], pending: { _ in letter.record }, until: deadline) { _ in
      input(.toDeadLetters)
    }
  }

  /// Claims up to `count` numbers below `limit` of the group's counter; effective with the next step.
  package mutating func claim(_ count: UInt64, below limit: UInt64) -> (first: UInt64, count: UInt64) {
    // One that is of no process has nobody to share numbers with, and claims none.
    guard let group = arena.group(of: entry.worker) else { return (0, 0) }
    if claim == nil { takeTurn(group) }
    let first = claim?.upperBound ?? group.claimed
    let granted = first < limit ? min(count, limit - first) : 0
    claim = (claim?.lowerBound ?? first)..<(first + granted)
    return (first, granted)
  }

  /// The others of the group may hold it for as long as they wait for room.
  private func takeTurn(_ group: Group) {
    if group.claimLock.tryLock(as: holder) { return }
    entry.beginWait(.turn(group: arena.groupIndex(of: entry.worker) ?? 0))
    group.claimLock.lock(as: holder)
    entry.endWait()
  }

  func readersEnded(_ ports: [OutputPort]) -> Outcome {
    let failed = ports.contains { if case .ended(failed: true) = $0.readers { true } else { false } }
    return .readersEnded(failed: failed)
  }

  // MARK: Room

  private func room(_ pending: PendingRecords, _ port: OutputPort) -> Int {
    switch port {
    case .queue(let writer): writer.room(for: pending)
    case .pipe(let direction): direction.room(for: pending)
    }
  }

  private func countAlike(_ pending: PendingRecords, _ port: OutputPort) -> Int {
    guard case .queue(let writer) = port else { return pending.count }
    return writer.countAlike(pending)
  }

  private func mayBlock(_ port: OutputPort) -> Bool { port.whenFull == .block || port.whenFull == .fail }

  /// First records that every port takes now, or drops, all of them alike. Under the writers' locks.
  private func commonRoom(
    _ pending: (Int) -> PendingRecords, _ ports: [OutputPort], _ live: LivePorts
  ) -> Int {
    var common = Int.max
    for index in live {
      switch ports[index].whenFull {
      case .block, .fail: common = min(common, room(pending(index), ports[index]))
      case .dropNew: common = min(common, countAlike(pending(index), ports[index]))
      case .dropOld: common = min(common, pending(index).count)
      }
    }
    return common
  }

  // MARK: Locks

  /// In order of the resources, so that two writers of the same queues never wait for each other.
  private func lockWriters(_ ports: [OutputPort], _ live: LivePorts) {
    forEachQueue(ports, live) { $0.writersLock.lock(as: holder) }
  }
  private func unlockWriters(_ ports: [OutputPort], _ live: LivePorts) {
    forEachQueue(ports, live) { $0.writersLock.unlock() }
  }
  private func forEachQueue(_ ports: [OutputPort], _ live: LivePorts, _ body: (Queue) -> Void) {
    // `ports` come sorted by resource, each once: Outlet sees to it.
    for index in live { if case .queue(let writer) = ports[index] { body(writer.queue) } }
  }

  // MARK: The step

  private mutating func commit(
    _ pending: (Int) -> PendingRecords, _ ports: [OutputPort], _ live: LivePorts, count: Int, isAll: Bool,
    input: Input?
  ) {
    let redo = entry.redo
    var outputs = 0
    for index in live {
      redo.output(outputs).pointee = stage(pending(index).prefix(count), in: ports[index])
      outputs += 1
    }
    commit(outputs: outputs, count: count, isAll: isAll, input: input)
  }

  private func stage(_ records: PendingRecords, in port: OutputPort) -> Redo.Output {
    switch port {
    case .queue(let writer):
      let (kept, dropped) = keep(records, writer)
      return Redo.Output(
        resource: UInt32(port.resource), isPipe: false, direction: 0, dropped: UInt32(dropped),
        staged: writer.stage(kept))
    case .pipe(let pipe):
      pipe.stage(records)
      return output(to: pipe, pipe.staged)
    }
  }

  private func output(to pipe: PipeDirection, _ staged: StagedRecords) -> Redo.Output {
    Redo.Output(
      resource: UInt32(pipe.resource), isPipe: true, direction: UInt32(pipe.index), dropped: 0, staged: staged)
  }

  /// The first `outputs` of the redo record, which publish `count` records each, with all else that is to change.
  private mutating func commit(outputs: Int, count: Int, isAll: Bool, input: Input?) {
    let redo = entry.redo
    var header = Redo.Header()
    header.outputs = UInt32(outputs)
    if let input {
      header.hasInput = true
      header.input = input.progress
      header.givenUp = input.givenUp
      header.inputResource = UInt32(input.port.resource)
      if case .pipe(let pipe) = input.port {
        header.inputIsPipe = true
        header.inputEnd = UInt32(pipe.index)
      }
    }
    if durableChanged {
      header.hasDurable = true
      header.durable = durable
    }
    if let claim, let group = arena.groupIndex(of: entry.worker) {
      // Each published item is of one claimed number: what is not published is not claimed yet.
      header.hasClaim = true
      header.claim = isAll ? claim.upperBound : min(claim.upperBound, claim.lowerBound + UInt64(count))
      header.claimGroup = UInt32(group)
    }
    carryOut(header, redo)
    durableChanged = false
    settleClaim(isAll ? nil : header.claim)
  }

  /// The claim is effective up to `effective`, or all of it.
  private mutating func settleClaim(_ effective: UInt64?) {
    guard let open = claim else { return }
    if let effective {
      claim = effective..<open.upperBound
    } else {
      claim = nil
      arena.group(of: entry.worker)?.claimLock.unlock()
    }
  }

  /// A checkpoint that is behind all the pending records holds only when all are published.
  private mutating func note(_ checkpoint: (UInt64, UInt64), published: Int, isAll: Bool) {
    if isAll {
      if checkpoint != durable.checkpoint { durable.checkpoint = checkpoint }
      if durable.publishedSinceCheckpoint > 0 { durable.publishedSinceCheckpoint = 0 }
    } else {
      durable.publishedSinceCheckpoint += UInt64(published)
    }
  }

  private mutating func carryOut(_ header: Redo.Header, _ redo: Redo) {
    let parts =
      header.outputs + (header.hasInput ? 1 : 0) + (header.hasDurable ? 1 : 0) + (header.hasClaim ? 1 : 0)
    if parts == 0 { return }
    redo.header.pointee = header
    exchange = nil
    // Each part is one step by itself.
    let needsRedo = parts > 1
    if needsRedo { redo.arm() }
    arena.carryOut(redo, of: entry.worker, .first, as: holder)
    if needsRedo { redo.disarm() }
  }

  /// What of the records a queue takes; with `drop_new` and `drop_old` the rest is dropped and counted.
  private func keep(_ records: PendingRecords, _ writer: QueueWriter) -> (PendingRecords, dropped: Int) {
    switch writer.queue.plan.whenFull {
    case .block, .fail: return (records, 0)
    case .dropNew:
      let room = writer.room(for: records)
      return (records.prefix(room), records.count - room)
    case .dropOld:
      let kept = writer.makeRoom(for: records)
      return (kept, records.count - kept.count)
    }
  }
}

/// The indices of the ports that somebody will read, ascending: of the first 64 as bits, which take no memory of their
/// own, and of the others as a list.
private struct LivePorts: Sequence, IteratorProtocol {
  private var bits: UInt64 = 0
  private var others: ArraySlice<Int> = []

  init(_ ports: [OutputPort]) {
    for index in ports.indices {
      guard case .live = ports[index].readers else { continue }
      if index < UInt64.bitWidth { bits |= 1 << UInt64(index) } else { others.append(index) }
    }
  }

  var isEmpty: Bool { bits == 0 && others.isEmpty }

  mutating func next() -> Int? {
    guard bits != 0 else { return others.popFirst() }
    defer { bits &= bits - 1 }
    return bits.trailingZeroBitCount
  }
}

extension Arena {
  /// Carries a step out, as the worker itself or, after its death, as the scavenger. Repeatable.
  func carryOut(_ redo: Redo, of worker: Int, _ attempt: Redo.Attempt, as holder: HolderID) {
    let header = redo.header.pointee
    for index in 0..<min(Int(header.outputs), redo.outputLimit) {
      let output = redo.output(index).pointee
      if output.isPipe {
        pipeDirection(checked: Int(output.direction))?.publish(output.staged, attempt)
      } else if let queue = queue(Int(output.resource)) {
        QueueWriter(queue: queue, worker: worker).publish(output.staged, dropped: output.dropped, attempt, as: holder)
      }
    }
    if header.hasDurable { entry(worker).durable.replace(by: header.durable) }
    if header.hasClaim, groupIndex(of: worker) == Int(header.claimGroup) {
      group(Int(header.claimGroup)).setClaimed(header.claim)
    }
    guard header.hasInput else { return }
    if header.inputIsPipe {
      pipeDirection(checked: Int(header.inputEnd))?
        .advance(to: header.input.newPosition, emitted: header.input.newEmitted, attempt)
    } else if let queue = queue(Int(header.inputResource)) {
      QueueReader(queue: queue, worker: worker).advance(
        header.input, givenUp: header.givenUp, attempt, as: holder)
    }
  }
}
