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
