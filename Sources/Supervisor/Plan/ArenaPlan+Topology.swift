internal import Platform
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

/// How much address space each worker with a `DurableRegion` gets: as much as there is, since what is not used takes no
/// memory.
struct RegionReserve {
  /// Of one worker: a power of two.
  let byteCount: Int

  /// For all of them, and for one: 47 bits of address space are a process's at most.
  private static let total = 1 << 39
  private static let most = 1 << 36

  init(count: Int) {
    self.init(
      count: count, fileByteLimit: ResourceLimits.fileByteCount, addressByteLimit: ResourceLimits.addressByteCount)
  }

  /// `fileByteLimit`: how long this process may make a file, as which the system takes shared memory;
  /// `addressByteLimit`: of how much address space it has, for what it has of its own too.
  init(count: Int, fileByteLimit: UInt64, addressByteLimit: UInt64 = .max) {
    let most = min(Int(clamping: fileByteLimit / 2), Int(clamping: addressByteLimit / 8))
    let share = min(Self.total, most) / max(1, count)
    byteCount = min(Self.most, 1 << (Int.bitWidth - 1 - max(4096, share).leadingZeroBitCount))
  }
}
