internal import Glibc
internal import Platform
internal import Synchronization
package import SystemPackage

/// The shared memory of one run: the worker table, the groups, and every resource, laid out from a plan before
/// anyone runs. Workers inherit the mapping; offsets and indices are the same in all.
package final class Arena {
  package let plan: ArenaPlan
  /// Each worker can have a processor of its own. Found out once, before the forks.
  package let isUncontended: Bool
  private let memory: SharedMemory
  private let layout: ArenaLayout
  private var queues: [Queue?] = []
  private var directions: [PipeDirection] = []
  /// By resource: index into `directions` of its first.
  private var firstDirection: [Int: Int] = [:]
  let rescue = Rescue()

  /// `name` is shown in /proc only.
  package init(_ plan: ArenaPlan, name: String) throws(ArenaError) {
    self.plan = plan
    isUncontended = plan.workers.count <= sysconf(Int32(_SC_NPROCESSORS_ONLN))
    layout = ArenaLayout(plan)
    do {
      memory = try SharedMemory(name: name, byteCount: layout.fileByteCount)
    } catch {
      throw ArenaError(errno: error, byteCount: layout.byteCount, largestResource: layout.largestResource)
    }
    bindResources()
  }

  /// Bytes that the plan takes, in all and by resource.
  package static func byteCounts(of plan: ArenaPlan) -> (total: Int, resources: [Int]) {
    let layout = ArenaLayout(plan)
    return (layout.byteCount, layout.resourceByteCounts)
  }

  private func bindResources() {
    for (index, resource) in plan.resources.enumerated() {
      let place = address(ofResource: index)
      switch resource {
      case .queue(let queuePlan):
        let queue = Queue(resource: index, plan: queuePlan, at: place)
        queue.initialize()
        queues.append(queue)
        continue
      case .pipe(let pipePlan):
        firstDirection[index] = directions.count
        for fromA in pipePlan.isDuplex ? [true, false] : [true] {
          let direction = PipeDirection(
            resource: index, index: directions.count, plan: pipePlan, fromA: fromA, at: place)
          let (a, b) = (pipePlan.holderOfA, pipePlan.holderOfB)
          // Whom nobody is at the other end of does not wait.
          if (fromA ? a : b) == nil { direction.end(.writerEnded) }
          if (fromA ? b : a) == nil { direction.end(.readerEnded) }
          directions.append(direction)
        }
      case .semaphore, .condition, .event, .barrier: initializePrimitive(index)
      case .value, .array, .lock, .absent: break
      }
      queues.append(nil)
    }
    for index in plan.resources.indices {
      // Served from outside the topology: the queue that it takes given-up items of counts as a writer.
      guard let target = queues[index]?.plan.deadLetterQueue, let dead = queues[target] else { continue }
      dead.cell.update(as: supervisor) { state, _ in
        state.liveWriters += 1
        return (true, ())
      }
    }
    for queue in queues {
      // Nobody will ever write it: it begins at its end.
      queue?.cell.update(as: supervisor) { state, _ in
        state.isClosed = state.liveWriters == 0
        return (state.isClosed, ())
      }
    }
  }

  func address(ofResource index: Int) -> UnsafeMutableRawPointer { memory.base + layout.resourceOffsets[index] }

  /// The supervisor's own entry stands behind the workers'.
  var supervisor: HolderID { HolderID(worker: plan.workers.count, rescue: rescue) }

  // MARK: Parts

  package func entry(_ worker: Int) -> WorkerEntry {
    WorkerEntry(at: memory.base + layout.workersOffset + worker * WorkerEntry.byteCount, worker: worker)
  }

  /// What a worker keeps across its deaths, as its last step left it.
  package func durable(of worker: Int) -> Durable { entry(worker).durable.pointee }

  /// Empty where the plan gives the worker none.
  package func region(of worker: Int) -> DurableRegion {
    DurableRegion(at: memory.base + layout.regionOffsets[worker], byteCount: plan.workers[worker].regionByteCount)
  }

  func groupIndex(of worker: Int) -> Int { plan.workers[worker].group }
  package func group(of worker: Int) -> Group { group(groupIndex(of: worker)) }
  func group(_ index: Int) -> Group { Group(at: memory.base + layout.groupsOffset + index * Group.byteCount) }

  package func queue(_ resource: Int) -> Queue? { queues.indices.contains(resource) ? queues[resource] : nil }
  func pipeDirection(_ index: Int) -> PipeDirection { directions[index] }
  /// An index that another process wrote.
  func pipeDirection(checked index: Int) -> PipeDirection? {
    directions.indices.contains(index) ? directions[index] : nil
  }

  package func queueReader(_ resource: Int, worker: Int) -> QueueReader? {
    queue(resource).map { QueueReader(queue: $0, worker: worker) }
  }
  package func queueWriter(_ resource: Int, worker: Int) -> QueueWriter? {
    queue(resource).map { QueueWriter(queue: $0, worker: worker) }
  }

  /// What goes from end a to end b, or back; a simplex pipe only has the former.
  package func pipe(_ resource: Int, fromA: Bool) -> PipeDirection? {
    guard let first = firstDirection[resource], case .pipe(let plan) = plan.resources[resource] else { return nil }
    return fromA ? directions[first] : plan.isDuplex ? directions[first + 1] : nil
  }

  /// As the worker sees it; `nil` worker: to look at.
  package func lock(_ resource: Int, worker: Int?) -> SharedLock? {
    guard case .lock(let isRecursive) = plan.resources[resource] else { return nil }
    return SharedLock(
      resource: resource, isRecursive: isRecursive, at: address(ofResource: resource),
      holder: worker.map(HolderID.init(worker:)) ?? supervisor, entry: worker.map(entry))
  }

  /// The elements of a value (one) or array.
  package func elements(_ resource: Int) -> UnsafeMutableRawBufferPointer? {
    let byteCount: Int
    switch plan.resources[resource] {
    case .value(let elementByteCount): byteCount = elementByteCount
    case .array(let elementByteCount, let count): byteCount = elementByteCount * count
    default: return nil
    }
    return UnsafeMutableRawBufferPointer(start: address(ofResource: resource), count: byteCount)
  }

  /// All of it, as the workers see it.
  package var contents: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: memory.base, count: memory.byteCount)
  }

  /// In a worker: what it starts does not share the memory.
  package func keepFromChildren() { memory.keepFromChildren() }
}

/// The memory could not be had.
package struct ArenaError: Error, Sendable {
  package var errno: Errno
  package var byteCount: Int
  /// Index of the resource that takes most.
  package var largestResource: Int?
}

/// Where everything is: offsets from the start of the arena.
struct ArenaLayout {
  let workersOffset = 0
  let groupsOffset: Int
  private(set) var resourceOffsets: [Int] = []
  private(set) var resourceByteCounts: [Int] = []
  /// By worker.
  private(set) var regionOffsets: [Int] = []
  /// What is taken at once.
  let byteCount: Int
  /// With the workers' regions, which are reserved behind it.
  let fileByteCount: Int

  static func pageAligned(_ byteCount: Int) -> Int { (byteCount + 4095) & ~4095 }

  init(_ plan: ArenaPlan) {
    // One entry more: the supervisor's.
    groupsOffset = (plan.workers.count + 1) * WorkerEntry.byteCount
    let groupCount = (plan.workers.map(\.group).max() ?? -1) + 1
    var end = Self.pageAligned(groupsOffset + groupCount * Group.byteCount)
    for resource in plan.resources {
      let byteCount = Self.byteCount(resource)
      // What is small shares pages, not cache lines.
      if byteCount >= 4096 { end = Self.pageAligned(end) }
      resourceOffsets.append(end)
      resourceByteCounts.append(byteCount)
      end += (byteCount + 127) & ~127
    }
    byteCount = Self.pageAligned(end)
    end = byteCount
    for worker in plan.workers {
      regionOffsets.append(end)
      end += Self.pageAligned(worker.regionByteCount)
    }
    fileByteCount = end
  }

  var largestResource: Int? { resourceByteCounts.indices.max { resourceByteCounts[$0] < resourceByteCounts[$1] } }

  private static func byteCount(_ resource: ArenaPlan.Resource) -> Int {
    switch resource {
    case .value(let elementByteCount): elementByteCount
    case .array(let elementByteCount, let count): elementByteCount * count
    case .queue(let plan): Queue.byteCount(plan)
    case .pipe(let plan): PipeLayout(plan).byteCount
    case .lock: SharedLock.byteCount
    case .semaphore(let plan): PrimitiveLayout.byteCount(plan)
    case .condition(_, let users): PrimitiveLayout.conditionByteCount(users: users.count)
    case .event: PrimitiveLayout.eventByteCount
    case .barrier(_, let users): PrimitiveLayout.barrierByteCount(users: users.count)
    case .absent: 0
    }
  }
}
