package import Sharing
package import Topology

/// Within `ArenaPlan` the same names mean the plan's own types.
private typealias DeclaredResource = Resource

extension ArenaPlan {
  /// What a topology needs of shared memory.
  package init(_ topology: Topology) {
    self.init()
    let instances = InstancePlan.all(of: topology)
    let regions = RegionReserve(count: instances.count { topology.processes[$0.process].keepsTable })
    workers = instances.map { instance in
      Worker(
        group: instance.process,
        regionByteCount: topology.processes[instance.process].keepsTable ? regions.byteCount : 0)
    }
    let parties = Parties(topology, instances)
    resources = topology.resources.indices.map { index in
      Self.resource(topology.resources[index].kind, ResourceID(index), parties)
    }
    for service in topology.services { answerGivenUp(of: service) }
  }

  /// A task that is given up goes back to who has put it.
  private mutating func answerGivenUp(of service: Service) {
    guard case .pool = service.role, case .queue(var tasks) = resources[service.requests.index] else { return }
    tasks.repliesToGivenUp = service.clients.map(\.replies.index)
    resources[service.requests.index] = .queue(tasks)
  }

  private static func resource(_ kind: DeclaredResource.Kind, _ id: ResourceID, _ parties: Parties) -> Resource {
    switch kind {
    case .value(let type, _): .value(elementByteCount: type.byteCount)
    case .array(let type, let length, _): .array(elementByteCount: type.byteCount, count: length)
    case .queue(let queue): .queue(Queue(queue, id, parties))
    case .pipe(let pipe): .pipe(Pipe(pipe, id, parties))
    case .lock(let recursive): .lock(isRecursive: recursive)
    case .semaphore(let initial, let bounded):
      .semaphore(Semaphore(initial: initial, isBounded: bounded, users: parties.users[id] ?? []))
    case .condition(let lock): .condition(lock: lock.index, users: parties.users[id] ?? [])
    case .event(let initial): .event(isSet: initial, users: parties.users[id] ?? [])
    case .barrier(let count): .barrier(parties: count, users: parties.users[id] ?? [])
    case .managed, .pool: .absent
    }
  }
}

extension ArenaPlan.Queue {
  init(_ queue: Resource.Queue, _ id: ResourceID, _ parties: Parties) {
    self.init(
      capacity: queue.capacity, byteCount: queue.byteCount, format: RecordFormat(queue.storedType),
      whenFull: ArenaPlan.WhenFull(queue.whenFull), maxDeliveries: queue.maxDeliveries,
      deadLetterQueue: queue.deadLetterQueue?.index, isExternal: queue.isExternal,
      readers: parties.readers[id] ?? [], writers: parties.writers[id] ?? [])
  }
}

extension ArenaPlan.Pipe {
  init(_ pipe: Resource.Pipe, _ id: ResourceID, _ parties: Parties) {
    self.init(
      byteCount: pipe.byteCount, formatFromA: RecordFormat(pipe.storedTypeFromA),
      formatFromB: RecordFormat(pipe.storedTypeFromB), isDuplex: pipe.isDuplex, holderOfA: parties.holdersOfA[id],
      holderOfB: parties.holdersOfB[id])
  }
}

extension RecordFormat {
  init(_ type: ItemType) {
    if case .number(let element) = type { self = .fixed(byteCount: element.byteCount) } else { self = .framed }
  }
}

extension ArenaPlan.WhenFull {
  init(_ whenFull: Resource.WhenFull) {
    switch whenFull {
    case .block: self = .block
    case .dropNew: self = .dropNew
    case .dropOld: self = .dropOld
    case .fail: self = .fail
    }
  }
}

/// Which instances touch which resource, as indices into the worker table.
struct Parties {
  private(set) var readers: [ResourceID: [Int]] = [:]
  private(set) var writers: [ResourceID: [Int]] = [:]
  /// By `use`.
  private(set) var users: [ResourceID: [Int]] = [:]
  private(set) var holdersOfA: [ResourceID: Int] = [:]
  private(set) var holdersOfB: [ResourceID: Int] = [:]

  init(_ topology: Topology, _ instances: [InstancePlan]) {
    for (worker, instance) in instances.enumerated() {
      let process = topology.processes[instance.process]
      for target in Self.distinct(process.inputs.map(\.target)) { readers[target, default: []].append(worker) }
      for target in Self.distinct(process.outputs.map(\.target)) { writers[target, default: []].append(worker) }
      for target in Self.distinct(process.uses.map(\.target)) { users[target, default: []].append(worker) }
      let references = process.inputs.map(\.target) + process.outputs.map(\.target) + process.uses.map(\.target)
      for reference in references {
        switch reference.end {
        case .a: holdersOfA[reference.resource] = worker
        case .b: holdersOfB[reference.resource] = worker
        case nil: break
        }
      }
    }
    for service in topology.services { add(service, instances) }
  }

  private mutating func add(_ service: Service, _ instances: [InstancePlan]) {
    let servers = instances.indices.filter { instances[$0].process == service.process }
    readers[service.requests] = servers
    for client in service.clients {
      let worker = instances.firstIndex { $0.process == client.process && $0.replica == client.replica }!
      writers[service.requests, default: []].append(worker)
      readers[client.replies] = [worker]
      writers[client.replies] = servers
    }
  }

  private static func distinct(_ references: [ResourceReference]) -> [ResourceID] {
    var seen: Set<ResourceID> = []
    return references.map(\.resource).filter { seen.insert($0).inserted }
  }
}
