internal import Sharing
internal import Topology

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
