internal import Sharing
internal import Topology
internal import Workers

/// What `inspect` says of resources, from the arena alone: read at one time, without stopping anyone.
struct ResourceReporter {
  let arena: Arena
  let resources: [Resource]
  let waits: WaitTable
  let now: UInt64
  /// Of an instance or a command, by its place in the worker table; `nil`: of no one that people know.
  let party: (_ worker: Int) -> ResourceStatus.Party?
  let excerptCount: Int

  /// `nil`: of managed objects and pools others know.
  func detail(of index: Int, rates: (QueueReport) -> (in: Double?, out: Double?)) -> ResourceStatus.Detail? {
    switch resources[index].kind {
    case .value(let type, _):
      elements(of: index, type, count: 1).first.map { .value(.init(type: type.rawValue, value: $0)) }
    case .array(let type, let length, _):
      .array(.init(type: type.rawValue, length: length, head: elements(of: index, type, count: excerptCount)))
    case .queue(let queue): arena.queueReport(index).map { .queue(row($0, queue, index, rates: rates($0))) }
    case .pipe(let pipe): arena.pipeReport(index).map { .pipe(row($0, pipe, index)) }
    case .lock: arena.lockReport(index).map { .lock(row($0, index)) }
    default: resources[index].kind.primitive?.detail(of: index, self)
    }
  }

  private func elements(of index: Int, _ type: ElementType, count: Int) -> [ResourceStatus.Number] {
    ElementBytes.decode(arena.bytes(of: index, upTo: count * type.byteCount), as: type)
  }

  // MARK: Who

  func seconds(since time: UInt64) -> Double { now > time ? Double(now - time) / 1e9 : 0 }

  func party(_ worker: Int, since time: UInt64?) -> ResourceStatus.Party? {
    var party = party(worker)
    party?.seconds = time.map(seconds)
    return party
  }

  /// In order of coming.
  func waiters(at wait: WorkerEntry.Wait) -> [ResourceStatus.Party] {
    waits[wait].sorted { $0.since < $1.since }.compactMap { party($0.worker, since: $0.since) }
  }

  func parties(_ workers: [Int], at wait: WorkerEntry.Wait) -> [ResourceStatus.Party] {
    workers.compactMap { party($0, since: waits.since($0, wait)) }
  }

  private func row(_ report: LockReport, _ index: Int) -> ResourceStatus.Lock {
    ResourceStatus.Lock(
      holder: report.holder.flatMap { party($0, since: report.awaitedSince) }, depth: report.depth,
      waiters: waiters(at: .lock(resource: index)))
  }
}

extension ResourceReporter {
  func row(
    _ report: QueueReport, _ queue: Resource.Queue, _ index: Int, rates: (in: Double?, out: Double?)
  ) -> ResourceStatus.Queue {
    ResourceStatus.Queue(
      type: queue.itemType.name, items: report.items, bytes: report.bytes, capacity: report.capacity,
      byteCapacity: report.byteCount, puts: report.puts, takes: report.takes, finished: report.finished,
      droppedNew: report.droppedNew, droppedOld: report.droppedOld, deadLettered: report.deadLettered,
      deadLetterQueue: queue.deadLetterQueue.map { resources[$0.index].name }, redelivered: report.redelivered,
      rateIn: rates.in, rateOut: rates.out, onFull: queue.whenFull.rawValue, isExternal: queue.isExternal,
      isClosed: report.isClosed, liveReaders: report.liveReaders, liveWriters: report.liveWriters,
      leases: report.leases.map(row), waitingReaders: waiters(at: .read(resource: index)),
      waitingWriters: waiters(at: .write(resource: index)),
      head: arena.head(ofQueue: index, itemCount: excerptCount).map { ItemWords.text($0, of: queue.storedType) })
  }

  private func row(_ lease: LeaseReport) -> ResourceStatus.Lease {
    let holder = lease.isOrphaned ? nil : lease.worker.flatMap(party)
    return ResourceStatus.Lease(
      name: holder?.name, pid: holder?.pid, items: lease.items,
      seconds: lease.isOrphaned ? nil : lease.takenAt.map(seconds))
  }

  func row(_ report: PipeReport, _ pipe: Resource.Pipe, _ index: Int) -> ResourceStatus.Pipe {
    guard case .pipe(let plan) = arena.plan.resources[index] else { preconditionFailure("a report of no pipe") }
    let (holderOfA, holderOfB) = (plan.holderOfA, plan.holderOfB)
    return ResourceStatus.Pipe(
      isDuplex: pipe.isDuplex, endA: holderOfA.flatMap(party), endB: holderOfB.flatMap(party),
      fromA: direction(report.fromA, index, writer: holderOfA, reader: holderOfB),
      fromB: report.fromB.map { direction($0, index, writer: holderOfB, reader: holderOfA) })
  }

  private func direction(
    _ report: PipeReport.Direction, _ index: Int, writer: Int?, reader: Int?
  ) -> ResourceStatus.Direction {
    ResourceStatus.Direction(
      messages: report.messages, bytesUnderWay: report.bytesUnderWay, byteCapacity: report.byteCapacity,
      isClosed: report.isClosed, isAbandoned: report.readerHasEnded,
      readerWaitSeconds: waitSeconds(reader, .read(resource: index)),
      writerWaitSeconds: waitSeconds(writer, .write(resource: index)))
  }

  private func waitSeconds(_ worker: Int?, _ wait: WorkerEntry.Wait) -> Double? {
    worker.flatMap { waits.since($0, wait) }.map(seconds)
  }
}

/// What all workers wait on at one time: looked at once, however many resources are shown.
struct WaitTable {
  struct Waiter {
    var worker: Int
    /// Nanoseconds of the monotonic clock.
    var since: UInt64
  }

  private var waiters: [WorkerEntry.Wait: [Waiter]] = [:]

  /// `workers`: those that are alive.
  init(_ arena: Arena, workers: some Sequence<Int>) {
    for worker in workers {
      let wait = arena.wait(of: worker)
      if wait.on != .none { waiters[wait.on, default: []].append(Waiter(worker: worker, since: wait.since)) }
    }
  }

  subscript(wait: WorkerEntry.Wait) -> [Waiter] { waiters[wait] ?? [] }

  func since(_ worker: Int, _ wait: WorkerEntry.Wait) -> UInt64? { self[wait].first { $0.worker == worker }?.since }
}

/// Items of a queue as `inspect` shows them.
enum ItemWords {
  static let maximumCharacterCount = 200

  /// A payload that is cut, or no item, shows as the bytes that it is.
  static func text(_ payload: [UInt8], of type: ItemType) -> String {
    let item = payload.withUnsafeBytes { try? Item(record: $0, type: type) }
    let text = item?.display ?? String(decoding: payload, as: UTF8.self)
    return text.count > maximumCharacterCount ? text.prefix(maximumCharacterCount) + "…" : text
  }
}
