/// Something that processes share.
package struct Resource: Sendable, Equatable {
  package var name: String
  package var kind: Kind
  /// Of its name in the file.
  package var place: Place

  package init(name: String, kind: Kind, place: Place) {
    self.name = name
    self.kind = kind
    self.place = place
  }

  package enum Kind: Sendable, Equatable {
    case value(ElementType, initial: Literal)
    /// `initial` has `length` elements, or is empty for zeroes.
    case array(ElementType, length: Int, initial: [Literal])
    case queue(Queue)
    case pipe(Pipe)
    case lock(recursive: Bool)
    case readWriteLock
    case semaphore(initial: Int, bounded: Bool)
    case condition(lock: ResourceID)
    case event(initial: Bool)
    case barrier(parties: Int)
    case managed(ManagedType, initial: Literal?)
    case pool(Pool)
  }

  package struct Queue: Sendable, Equatable {
    /// Most items that it holds; exact.
    package var capacity = 1024
    /// Most bytes of items that it holds, and so the largest item.
    package var byteCount = 1 << 20
    /// As declared.
    package var itemType = ItemType.any
    /// What its memory holds: `itemType`, or, where that is `any` and every writer is a kind whose port puts one
    /// exact type, that type. Readers see no difference.
    package var storedType = ItemType.any
    package var whenFull = WhenFull.block
    /// Deliveries of an item in all before it is given up.
    package var maxDeliveries = 5
    package var deadLetterQueue: ResourceID?
    package var isExternal = false
    package init() {}
  }

  package enum WhenFull: String, Sendable, CaseIterable {
    case block
    case dropNew = "drop_new"
    case dropOld = "drop_old"
    case fail
  }

  package struct Pipe: Sendable, Equatable {
    package var isDuplex = true
    /// Most bytes under way in one direction, and so the largest message.
    package var byteCount = 64 << 10
    package var itemType = ItemType.any
    /// As a queue's `storedType`, of messages from `a` to `b`.
    package var storedTypeFromA = ItemType.any
    package var storedTypeFromB = ItemType.any
    package init() {}
  }

  package enum ManagedType: String, Sendable, CaseIterable {
    case list, dict, namespace
  }

  package struct Pool: Sendable, Equatable {
    package var size: Int
    package var work: ProcessDeclaration.Work
    package var maxTasksPerWorker: Int?
    package var maxDeliveries = 5
    package var parameters: [Argument] = []
    package var uses: [UseBinding] = []

    package init(size: Int, work: ProcessDeclaration.Work) {
      self.size = size
      self.work = work
    }
  }
}

/// A section of the file that declares resources.
enum ResourceSection: String, CaseIterable, Sendable {
  case values, arrays, queues, pipes, locks, rwlocks, semaphores, conditions, events, barriers, managed, pools

  var sort: any ResourceSort.Type {
    switch self {
    case .values: ValueSort.self
    case .arrays: ArraySort.self
    case .queues: QueueSort.self
    case .pipes: PipeSort.self
    case .locks: LockSort.self
    case .rwlocks: ReadWriteLockSort.self
    case .semaphores: SemaphoreSort.self
    case .conditions: ConditionSort.self
    case .events: EventSort.self
    case .barriers: BarrierSort.self
    case .managed: ManagedSort.self
    case .pools: PoolSort.self
    }
  }

  var noun: String { sort.noun }
  var nounWithArticle: String { sort.nounWithArticle }
  var allowsNames: Bool { sort.allowsNames }
  var shortForm: String? { sort.shortForm }
}

extension Resource.Kind {
  var section: ResourceSection { described.section }
  /// What messages call it: `queue`, `lock`, …
  package var noun: String { section.noun }
  var sort: any ResourceSort { described.sort }

  private var described: (section: ResourceSection, sort: any ResourceSort) {
    switch self {
    case .value(let type, let initial): (.values, ValueSort(type: type, initial: initial))
    case .array(let type, let length, let initial): (.arrays, ArraySort(type: type, length: length, initial: initial))
    case .queue(let queue): (.queues, QueueSort(queue: queue))
    case .pipe(let pipe): (.pipes, PipeSort(pipe: pipe))
    case .lock(let isRecursive): (.locks, LockSort(isRecursive: isRecursive))
    case .readWriteLock: (.rwlocks, ReadWriteLockSort())
    case .semaphore(let initial, let isBounded): (.semaphores, SemaphoreSort(initial: initial, isBounded: isBounded))
    case .condition(let lock): (.conditions, ConditionSort(lock: lock))
    case .event(let initial): (.events, EventSort(initial: initial))
    case .barrier(let parties): (.barriers, BarrierSort(parties: parties))
    case .managed(let type, let initial): (.managed, ManagedSort(type: type, initial: initial))
    case .pool(let pool): (.pools, PoolSort(pool: pool))
    }
  }
}
