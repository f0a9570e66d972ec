internal import Limits

// Semaphores, conditions, events, barriers; managed objects and pools.

extension ResourceDecoder {
  func semaphore(_ entry: ResourceIndex.Entry) -> Resource.Kind {
    if let node = short(entry), case .integer(let range) = SemaphoreKey.initial.entry.shape {
      let count = findings.integer(node, in: range, "the initial count of \(subject(entry))")
      return .semaphore(initial: count ?? 1, bounded: true)
    }
    guard let fields = fields(entry, SemaphoreKey.self) else { return .semaphore(initial: 1, bounded: true) }
    return .semaphore(initial: fields.integer(.initial) ?? 1, bounded: fields.boolean(.bounded))
  }

  func condition(_ entry: ResourceIndex.Entry) -> Resource.Kind {
    let lock: ResourceID?
    if let node = short(entry) {
      lock = named(.locks, node, "the lock of \(subject(entry))", subject(entry))
    } else {
      lock = fields(entry, ConditionKey.self).flatMap { named(.locks, $0, .lock) }
    }
    // Without a lock there is an error, and no topology.
    return .condition(lock: lock ?? ResourceID(0))
  }

  func event(_ entry: ResourceIndex.Entry) -> Resource.Kind {
    if let node = short(entry) {
      return .event(initial: findings.boolean(node, "the initial state of \(subject(entry))") ?? false)
    }
    return .event(initial: fields(entry, EventKey.self)?.boolean(.initial) ?? false)
  }

  mutating func barrier(_ entry: ResourceIndex.Entry, _ id: ResourceID) -> Resource.Kind {
    if let node = short(entry) {
      remember(node.place, of: id)
      return .barrier(
        parties: findings.integer(node, in: Limit.count, "the number of parties of \(subject(entry))") ?? 1)
    }
    let fields = fields(entry, BarrierKey.self)
    remember(fields?[.parties]?.value.place, of: id)
    return .barrier(parties: fields?.integer(.parties) ?? 1)
  }

  func managed(_ entry: ResourceIndex.Entry) -> Resource.Kind {
    if let node = short(entry) {
      let type = findings.word(
        node, Resource.ManagedType.self, "the type of \(subject(entry))", foreign: ManagedKey.foreignTypes)
      return .managed(type ?? .list, initial: nil)
    }
    guard let fields = fields(entry, ManagedKey.self),
      let type = fields.word(.type, Resource.ManagedType.self, foreign: ManagedKey.foreignTypes)
    else {
      return .managed(.list, initial: nil)
    }
    guard let node = fields.node(.initial) else { return .managed(type, initial: nil) }
    switch node.content {
    case .sequence where type == .list, .mapping where type != .list:
      return .managed(type, initial: findings.signedLiteral(node, fields.subject(.initial), in: "Lua"))
    default:
      findings.wrong(node, fields.subject(.initial), mustBe: type == .list ? "a list" : "a map")
      return .managed(type, initial: nil)
    }
  }

  mutating func pool(_ entry: ResourceIndex.Entry, _ id: ResourceID) -> Resource.Kind {
    let fallback = ProcessDeclaration.Work.command([], place: entry.place)
    if let node = short(entry) {
      let size = node.scalar?.integer == nil ? "N" : node.scalar?.text ?? "N"
      findings.wrong(node, subject(entry), mustBe: "a map", help: "write '{size: \(size), script: …}', or 'task: …'")
      return .pool(Resource.Pool(size: processorCount, work: fallback))
    }
    guard let fields = fields(entry, PoolKey.self) else {
      return .pool(Resource.Pool(size: processorCount, work: fallback))
    }
    let work = WorkDecoder(findings: findings).poolWork(fields)
    var pool = Resource.Pool(size: fields.integer(.size) ?? max(1, processorCount), work: work ?? fallback)
    if let node = fields.node(.maxTasksPerWorker), node.scalar?.text != "none" {
      pool.maxTasksPerWorker = findings.integer(node, in: Limit.count, fields.subject(.maxTasksPerWorker))
    }
    pool.maxDeliveries = fields.integer(.maxDeliveries) ?? pool.maxDeliveries
    add(PoolDraft(id: id, fields: fields, work: work))
    return .pool(pool)
  }
}

/// A pool whose resources and parameters are not looked at yet.
struct PoolDraft {
  var id: ResourceID
  var fields: Fields<PoolKey>
  /// `nil` and reported: none that is right.
  var work: ProcessDeclaration.Work?
}
