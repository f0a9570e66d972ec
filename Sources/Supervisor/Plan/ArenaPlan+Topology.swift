package import Sharing
package import Topology

/// Within `ArenaPlan` the same names mean the plan's own types.
private typealias DeclaredResource = Resource

extension ArenaPlan {
  /// What a topology needs of shared memory.
  package init(_ topology: Topology) {
    self.init()
    resources = topology.resources.map { Self.resource($0.kind) }
    let instances = InstancePlan.all(of: topology)
    let regions = RegionReserve(count: instances.count { topology.processes[$0.process].keepsTable })
    for (worker, instance) in instances.enumerated() {
      let keepsTable = topology.processes[instance.process].keepsTable
      workers.append(Worker(group: instance.process, regionByteCount: keepsTable ? regions.byteCount : 0))
      connect(worker, to: WorkerLinks(of: instance, in: topology))
    }
    for service in topology.services { answerGivenUp(of: service) }
  }

  /// A task that is given up goes back to who has put it.
  private mutating func answerGivenUp(of service: Service) {
    guard case .pool = service.role, case .queue(var tasks) = resources[service.requests.index] else { return }
    tasks.repliesToGivenUp = service.clients.map(\.replies.index)
    resources[service.requests.index] = .queue(tasks)
  }

  /// With nobody who uses it yet.
  private static func resource(_ kind: DeclaredResource.Kind) -> Resource {
    switch kind {
    case .value(let type, _): .value(elementByteCount: type.byteCount)
    case .array(let type, let length, _): .array(elementByteCount: type.byteCount, count: length)
    case .queue(let queue): .queue(Queue(queue))
    case .pipe(let pipe): .pipe(Pipe(pipe))
    case .lock(let recursive): .lock(isRecursive: recursive)
    default:
      kind.primitive.map { .primitive(Primitive($0.initial, users: [])) } ?? .absent
    }
  }
}

extension ArenaPlan.Queue {
  init(_ queue: Resource.Queue) {
    self.init(
      capacity: queue.capacity, byteCount: queue.byteCount, format: RecordFormat(queue.storedType),
      whenFull: ArenaPlan.WhenFull(queue.whenFull), maxDeliveries: queue.maxDeliveries,
      deadLetterQueue: queue.deadLetterQueue?.index, isExternal: queue.isExternal,
      readers: [], writers: [])
  }
}

extension ArenaPlan.Pipe {
  init(_ pipe: Resource.Pipe) {
    self.init(
      byteCount: pipe.byteCount, formatFromA: RecordFormat(pipe.storedTypeFromA),
      formatFromB: RecordFormat(pipe.storedTypeFromB), isDuplex: pipe.isDuplex, holderOfA: nil,
      holderOfB: nil)
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
