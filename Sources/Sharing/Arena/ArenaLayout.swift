/// Where everything is: offsets from the start of the arena. Made once, from the plan that the run began with.
///
/// Behind all that this plan needs comes the *reserve*, for workers that are admitted while the run lives: their
/// entries, groups, and parts of resources. Nobody touches it before, so that it takes no memory.
struct ArenaLayout {
  let workerCount: Int
  let spareCount: Int
  let workersOffset = 0
  let groupCount: Int
  let groupsOffset: Int
  private(set) var resourceOffsets: [Int] = []
  private(set) var resourceByteCounts: [Int] = []
  /// Of all that is not in the reserve.
  let byteCountInUse: Int
  let spareWorkersOffset: Int
  let spareGroupsOffset: Int
  private(set) var spareResourceOffsets: [Int] = []
  /// How many have a place at the resource that is not in the reserve.
  private(set) var partCounts: [ArenaPlan.PartCounts] = []
  /// Outputs of one step at most, of any worker that there will be.
  let outputLimit: Int
  /// A table for each worker: see `Redo`.
  let redoTablesOffset: Int
  let redoTableByteCount: Int
  let byteCount: Int
  /// By worker of the plan.
  private(set) var regionOffsets: [Int] = []
  /// With the workers' regions, which are reserved behind all that.
  let fileByteCount: Int

  static func pageAligned(_ byteCount: Int) -> Int { (byteCount + 4095) & ~4095 }
  private static func lineAligned(_ byteCount: Int) -> Int { (byteCount + 127) & ~127 }

  init(_ plan: ArenaPlan) {
    workerCount = plan.workers.count
    spareCount = plan.spareWorkers
    groupsOffset = workerCount * WorkerEntry.byteCount
    groupCount = (plan.workers.compactMap { $0?.group }.max() ?? -1) + 1
    var end = Self.pageAligned(groupsOffset + groupCount * Group.byteCount)
    for resource in plan.resources {
      let byteCount = Self.byteCount(resource)
      // What is small shares pages, not cache lines.
      if byteCount >= 4096 { end = Self.pageAligned(end) }
      resourceOffsets.append(end)
      resourceByteCounts.append(byteCount)
      end += Self.lineAligned(byteCount)
      partCounts.append(resource.partCounts)
    }
    byteCountInUse = Self.pageAligned(end)
    spareWorkersOffset = byteCountInUse
    spareGroupsOffset = spareWorkersOffset + spareCount * WorkerEntry.byteCount
    end = spareGroupsOffset + spareCount * Group.byteCount
    for resource in plan.resources {
      spareResourceOffsets.append(end)
      end += Self.lineAligned(Self.byteCount(ofReserve: spareCount, resource))
    }
    outputLimit = plan.resources.reduce(0) { $0 + $1.writableEndCount }
    redoTablesOffset = Self.pageAligned(end)
    redoTableByteCount = Self.pageAligned(Redo.tableByteCount(outputs: outputLimit))
    byteCount = redoTablesOffset + (workerCount + spareCount) * redoTableByteCount
    end = byteCount
    for worker in plan.workers {
      regionOffsets.append(end)
      end += Self.pageAligned(worker?.regionByteCount ?? 0)
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
    case .primitive(let plan): plan.byteCount
    case .absent: 0
    }
  }

  private static func byteCount(ofReserve workers: Int, _ resource: ArenaPlan.Resource) -> Int {
    switch resource {
    case .queue: Queue.byteCount(ofReserve: workers)
    case .primitive(let plan): plan.byteCount(ofReserve: workers)
    case .value, .array, .pipe, .lock, .absent: 0
    }
  }
}

extension ArenaPlan {
  /// How many workers have a part of their own of a resource: places in its lists, those that were left included.
  struct PartCounts: Equatable {
    /// Readers of a queue; users of a primitive that keeps something for each.
    var readersOrUsers = 0
    var writers = 0
  }
}

extension ArenaPlan.Resource {
  /// What a worker may publish to in one step.
  var writableEndCount: Int {
    switch self {
    case .queue: 1
    case .pipe(let pipe): pipe.isDuplex ? 2 : 1
    case .value, .array, .lock, .primitive, .absent: 0
    }
  }

  var partCounts: ArenaPlan.PartCounts {
    switch self {
    case .queue(let queue): .init(readersOrUsers: queue.readers.count, writers: queue.writers.count)
    case .primitive(let primitive): .init(readersOrUsers: primitive.partCount)
    case .value, .array, .pipe, .lock, .absent: .init()
    }
  }
}
