internal import Glibc
internal import Limits
internal import Platform
internal import Synchronization
package import SystemPackage

/// The shared memory of one run: the worker table, the groups, and every resource, laid out from a plan before
/// anyone runs. Workers inherit the mapping; offsets and indices are the same in all.
package final class Arena {
  /// As this process knows it: a worker has it as it was when it was forked. See `Arena+Admission`.
  package internal(set) var plan: ArenaPlan
  private let memory: SharedMemory
  let layout: ArenaLayout
  private(set) var queues: [Queue?] = []
  private var directions: [PipeDirection] = []
  /// By resource: index into `directions` of its first.
  private var firstDirection: [Int: Int] = [:]
  let rescue = Rescue()
  /// While a dead worker's step is completed, so that another one may be written.
  var isCompletingSteps = false
  /// By the lock's address: what `audit` has seen in its last rounds.
  var suspects: [UInt: Suspect] = [:]
  var auditRound = 0
  private let processorCount: Int

  /// Each worker can have a processor of its own, as far as this process knows.
  package var isUncontended: Bool { plan.workers.count { $0 != nil } <= processorCount }

  /// `name` is shown in /proc only. `processorCount`: `nil`, the machine's.
  package init(_ plan: ArenaPlan, name: String, processorCount: Int? = nil) throws(ArenaError) {
    plan.requireBounds()
    self.plan = plan
    self.processorCount = processorCount ?? sysconf(Int32(_SC_NPROCESSORS_ONLN))
    layout = ArenaLayout(plan)
    do throws(Errno) {
      guard layout.fileByteCount <= Limit.arenaByteCount else { throw Errno.noMemory }
      memory = try SharedMemory(name: name, byteCount: layout.fileByteCount)
    } catch {
      throw ArenaError(errno: error, byteCount: layout.byteCount, largestResource: layout.largestResource)
    }
    bindResources()
    for worker in plan.workers.indices { joinGroup(worker) }
  }

  /// Bytes that the plan takes, in all and by resource; without the reserve, which takes none.
  package static func byteCounts(of plan: ArenaPlan) -> (total: Int, resources: [Int]) {
    let layout = ArenaLayout(plan)
    return (layout.byteCountInUse, layout.resourceByteCounts)
  }

  private func bindResources() {
    for (index, resource) in plan.resources.enumerated() {
      let place = address(ofResource: index)
      switch resource {
      case .queue(let queuePlan):
        let queue = Queue(
          resource: index, plan: queuePlan, at: place, reserve: reserve(ofResource: index),
          spareCount: layout.spareCount)
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
      case .primitive(let plan): initializePrimitive(index, plan.initial)
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
  func reserve(ofResource index: Int) -> UnsafeMutableRawPointer { memory.base + layout.spareResourceOffsets[index] }

  /// In the supervisor: the queue as its plan has it now.
  func replan(_ queuePlan: ArenaPlan.Queue, ofResource index: Int) {
    queues[index] = queues[index]?.replanned(queuePlan)
  }

  var supervisor: HolderID { HolderID(worker: HolderID.supervisorIndex, rescue: rescue) }

  // MARK: Parts

  package func entry(_ worker: Int) -> WorkerEntry {
    let entries = PlaceRow(
      from: memory.base + layout.workersOffset, count: layout.workerCount,
      then: memory.base + layout.spareWorkersOffset, byteCount: WorkerEntry.byteCount)
    let table = memory.base + layout.redoTablesOffset + worker * layout.redoTableByteCount
    return WorkerEntry(at: entries[worker], worker: worker, outputs: (table, layout.outputLimit))
  }

  /// What a worker keeps across its deaths, as its last step left it.
  package func durable(of worker: Int) -> Durable { entry(worker).durable.state }

  /// Empty where the plan gives the worker none.
  package func region(of worker: Int) -> DurableRegion {
    let byteCount = layout.regionOffsets.indices.contains(worker) ? plan.workers[worker]?.regionByteCount ?? 0 : 0
    let offset = byteCount > 0 ? layout.regionOffsets[worker] : layout.byteCount
    return DurableRegion(at: memory.base + offset, byteCount: byteCount)
  }

  func groupIndex(of worker: Int) -> Int? { plan.workers[worker]?.group }
  package func group(of worker: Int) -> Group? { groupIndex(of: worker).map(group) }
  /// Of processes, those to come included.
  var groupIndices: Range<Int> { 0..<(layout.groupCount + layout.spareCount) }
  func group(_ index: Int) -> Group {
    let groups = PlaceRow(
      from: memory.base + layout.groupsOffset, count: layout.groupCount,
      then: memory.base + layout.spareGroupsOffset, byteCount: Group.byteCount)
    return Group(at: groups[index])
  }

  package func queue(_ resource: Int) -> Queue? { queues.indices.contains(resource) ? queues[resource] : nil }
  /// By an index that another process wrote.
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

  /// In a process that only looks.
  package func forbidWriting() { memory.forbidWriting() }

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

extension Arena {
  /// For the supervisor itself, which puts and takes without waiting.
  package func ownWriter(ofQueue resource: Int) -> QueueWriter? {
    queue(resource).map { QueueWriter(queue: $0, holder: supervisor) }
  }

  /// Of a queue that the plan gives no reader.
  package func ownReader(ofQueue resource: Int) -> QueueReader? {
    queue(resource).map { QueueReader(queue: $0, holder: supervisor, worker: HolderID.supervisorIndex) }
  }
}
