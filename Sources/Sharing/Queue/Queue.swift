internal import Platform
internal import Synchronization

/// A bounded queue of records that several processes write and several read, sharing its items.
///
/// State and leases change by single commits of a `Cell`; bytes are copied behind the tail under the writers' lock,
/// which readers never take. Every type that works on it (`QueueReader`, `QueueWriter`, the scavenger) goes by this
/// one and its transitions.
package final class Queue: Sendable {
  package let resource: Int
  package let plan: ArenaPlan.Queue
  let cell: Cell<QueueState>
  /// Serialises writers: who holds it may write behind the tail. Taken before the cell's lock.
  let writersLock: HolderLock
  let readersFutex: Futex
  let writersFutex: Futex
  let ring: Ring
  let departures: Departures
  private let slots: PlaceRow
  private let maximumSlotCount: Int

  static func byteCount(_ plan: ArenaPlan.Queue) -> Int {
    departuresOffset(plan) + Departures.byteCount(plan) + alignment
      + Ring.byteCount(holding: plan.byteCount, capacity: plan.capacity, format: plan.format)
  }

  static func byteCount(ofReserve workers: Int) -> Int {
    workers * LeaseSlot.byteCount + Departures.byteCount(ofReserve: workers)
  }

  private static let alignment = 4096
  private static var slotsOffset: Int { Cell<QueueState>.byteCount + 3 * 64 }
  private static func departuresOffset(_ plan: ArenaPlan.Queue) -> Int {
    slotsOffset + slotCount(plan) * LeaseSlot.byteCount
  }
  /// The supervisor's, then one for each reader.
  private static func slotCount(_ plan: ArenaPlan.Queue) -> Int { plan.readers.count + 1 }

  /// `memory`: zeroed, page-aligned, of `byteCount(plan)` bytes. `reserve`: zeroed, for readers and writers to come.
  init(
    resource: Int, plan: ArenaPlan.Queue, at memory: UnsafeMutableRawPointer, reserve: UnsafeMutableRawPointer,
    spareCount: Int
  ) {
    self.resource = resource
    self.plan = plan
    cell = Cell(at: memory)
    let words = memory + Cell<QueueState>.byteCount
    func word(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
      (words + index * 64).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    }
    writersLock = HolderLock(word(0))
    readersFutex = Futex(word(1))
    writersFutex = Futex(word(2))
    maximumSlotCount = Self.slotCount(plan) + spareCount
    slots = PlaceRow(
      from: memory + Self.slotsOffset, count: Self.slotCount(plan), then: reserve, byteCount: LeaseSlot.byteCount)
    let departuresOffset = Self.departuresOffset(plan)
    departures = Departures(
      at: memory + departuresOffset, plan, reserve: reserve + spareCount * LeaseSlot.byteCount, spareCount: spareCount)
    let ringOffset = (departuresOffset + Departures.byteCount(plan) + Self.alignment - 1) & ~(Self.alignment - 1)
    let ringByteCount = Ring.byteCount(holding: plan.byteCount, capacity: plan.capacity, format: plan.format)
    ring = Ring(base: memory + ringOffset, byteCount: ringByteCount, format: plan.format)
  }

  func initialize() {
    let outside = plan.isExternal ? 1 : 0
    cell.initialize(QueueState(writers: plan.writers.count + outside, readers: plan.readers.count + outside))
    cell.userCount = plan.readers.count
  }

  /// The same queue with other readers and writers; those that stay have kept their places.
  private init(_ other: Queue, _ plan: ArenaPlan.Queue) {
    resource = other.resource
    self.plan = plan
    cell = other.cell
    writersLock = other.writersLock
    readersFutex = other.readersFutex
    writersFutex = other.writersFutex
    ring = other.ring
    departures = other.departures
    slots = other.slots
    maximumSlotCount = other.maximumSlotCount
  }

  func replanned(_ plan: ArenaPlan.Queue) -> Queue {
    cell.userCount = plan.readers.count
    return Queue(self, plan)
  }

  /// With those of readers that came after this process was forked.
  var slotCount: Int { min(cell.userCount + 1, maximumSlotCount) }
  func slot(_ index: Int) -> LeaseSlot { LeaseSlot(at: slots[index]) }

  /// The slot of no reader: what would have no place otherwise is left here for the next one.
  static let sharedSlot = 0
  func slotIndex(ofReader worker: Int) -> Int? { plan.readers.firstIndex(of: worker).map { $0 + 1 } }
  /// `nil`: none that is there now.
  func reader(ofSlot index: Int) -> Int? {
    plan.readers.indices.contains(index - 1) && plan.readers[index - 1] != ArenaPlan.nobody
      ? plan.readers[index - 1] : nil
  }

  /// The largest payload of one item.
  package var itemByteLimit: Int { plan.byteCount }

  /// Items that nobody has taken: exact at rest.
  package var count: Int { cell.snapshot().untaken }

  // MARK: Room

  /// How many of the first records of a pending run there is room for now.
  func room(for pending: PendingRecords, in state: inout QueueState) -> Int {
    var fitting = min(pending.count, plan.capacity - state.untaken)
    guard fitting > 0 else { return 0 }
    let freeBytes = plan.byteCount - Int(clamping: state.untakenByteCount)
    if pending.payloadByteCount > freeBytes {
      fitting = min(fitting, pending.countFitting(payloadByteCount: freeBytes))
    }
    while fitting > 0 {
      let newTail = ring.advance(state.tail, by: pending.prefix(fitting).bytes)
      if newTail &- state.head <= ring.byteCount { return fitting }
      let oldest = oldestNeeded(state)
      if oldest == state.head { fitting /= 2 } else { state.head = oldest }
    }
    return 0
  }

  /// For one item of so many bytes. Under the lock.
  func hasRoom(forItemOf payloadByteCount: Int, in state: QueueState) -> Bool {
    guard state.untaken < plan.capacity, payloadByteCount <= plan.byteCount - Int(clamping: state.untakenByteCount)
    else {
      return false
    }
    let byteCount = UInt64(Ring.recordByteCount(payload: payloadByteCount, format: plan.format))
    let left = ring.contiguous(from: state.tail)
    let newTail = byteCount <= left ? state.tail &+ byteCount : state.tail &+ left &+ byteCount
    return newTail &- oldestNeeded(state) <= ring.byteCount
  }

  /// The oldest byte that a lease or a reader to come needs.
  private func oldestNeeded(_ state: QueueState) -> UInt64 {
    if state.outstandingLeases == 0 { return state.next }
    let committed = cell.committedVersion
    var oldest = state.next
    for index in 0..<slotCount {
      let lease = slot(index).lease(committed: committed)
      if !lease.isEmpty { oldest = min(oldest, lease.from) }
    }
    return oldest
  }

  // MARK: Waking

  func wakeReaders(_ count: Int) {
    guard count > 0 else { return }
    readersFutex.word.pointee.add(1, ordering: .releasing)
    readersFutex.wake(count)
  }

  func wakeWriters(_ count: Int) {
    guard count > 0 else { return }
    writersFutex.word.pointee.add(1, ordering: .releasing)
    writersFutex.wake(count)
  }

  func wakeEveryone() {
    wakeReaders(.max)
    wakeWriters(.max)
  }
}

/// A pointer into the arena; what guards it is said where it is used.
struct SharedPointer: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
}
