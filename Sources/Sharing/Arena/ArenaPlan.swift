/// What an arena is to hold: the topology reduced to sizes, formats and who touches what.
///
/// Workers are indices from 0 into `workers`; resources are indices into `resources`, the same as the topology's.
///
/// It changes while a run lives, by the supervisor alone: what other workers do must not depend on how new theirs is.
package struct ArenaPlan: Sendable {
  /// `nil`: free for a worker to come.
  package var workers: [Worker?] = []
  package var resources: [Resource] = []
  /// Workers that can be admitted beyond those above while the run lives.
  package var spareWorkers = 0

  /// In the lists of who touches a resource: a place that its worker has left.
  static let nobody = -1

  package init() {}

  /// One instance of a process. Instances of one process share a `group`; `nil`: it is of none.
  package struct Worker: Sendable {
    package var group: Int?
    /// Of its `DurableRegion`: address space, which takes memory only where it is used.
    package var regionByteCount: Int
    package init(group: Int?, regionByteCount: Int = 0) {
      self.group = group
      self.regionByteCount = regionByteCount
    }
  }

  package enum Resource: Sendable {
    /// `byteCount` of one element.
    case value(elementByteCount: Int)
    case array(elementByteCount: Int, count: Int)
    case queue(Queue)
    case pipe(Pipe)
    case lock(isRecursive: Bool)
    case primitive(Primitive)
    /// Declared, but not laid out by this version.
    case absent
  }

  package struct Queue: Sendable {
    package var capacity: Int
    package var byteCount: Int
    package var format: RecordFormat
    package var whenFull: WhenFull
    package var maxDeliveries: Int
    package var deadLetterQueue: Int?
    /// Of the requests of a service: by the client's number, with which each begins, the queue that one which is given
    /// up goes to.
    package var repliesToGivenUp: [Int] = []
    package var isExternal: Bool
    /// Worker indices, each once, of which each keeps its place.
    package var readers: [Int]
    package var writers: [Int]

    package init(
      capacity: Int, byteCount: Int, format: RecordFormat, whenFull: WhenFull = .block, maxDeliveries: Int = 5,
      deadLetterQueue: Int? = nil, isExternal: Bool = false, readers: [Int], writers: [Int]
    ) {
      self.capacity = capacity
      self.byteCount = byteCount
      self.format = format
      self.whenFull = whenFull
      self.maxDeliveries = maxDeliveries
      self.deadLetterQueue = deadLetterQueue
      self.isExternal = isExternal
      self.readers = readers
      self.writers = writers
    }
  }

  package enum WhenFull: UInt8, Sendable {
    case block, dropNew, dropOld, fail
  }

  /// What processes coordinate by, of any sort.
  package struct Primitive: Sendable {
    /// The state that it begins with.
    package var initial: any PrimitiveState
    /// Worker indices, each once, of which each keeps its place.
    package var users: [Int]

    package init(_ initial: any PrimitiveState, users: [Int]) {
      self.initial = initial
      self.users = users
    }
  }

  package struct Pipe: Sendable {
    /// Bytes under way in one direction.
    package var byteCount: Int
    package var formatFromA: RecordFormat
    package var formatFromB: RecordFormat
    package var isDuplex: Bool
    /// The worker that holds each end; `nil`: nobody.
    package var holderOfA: Int?
    package var holderOfB: Int?

    package init(
      byteCount: Int, formatFromA: RecordFormat, formatFromB: RecordFormat, isDuplex: Bool, holderOfA: Int?,
      holderOfB: Int?
    ) {
      self.byteCount = byteCount
      self.formatFromA = formatFromA
      self.formatFromB = formatFromB
      self.isDuplex = isDuplex
      self.holderOfA = holderOfA
      self.holderOfB = holderOfB
    }
  }
}

/// How records lie in a ring.
package enum RecordFormat: Sendable, Hashable {
  /// Numbers, one behind another without headers: 1, 2, 4 or 8 bytes each.
  case fixed(byteCount: Int)
  /// A length (UInt32) and the payload, padded to 4 bytes.
  case framed
}
