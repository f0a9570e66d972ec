internal import Limits
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
  private let lastWriterWord: SharedPointer
  /// Readers that take whatever is there sleep on the first, those that want several items on the second.
  let readersFutex: Futex
  let gatherersFutex: Futex
  let writersFutex: Futex
  let ring: Ring
  let departures: Departures
  private let slots: PlaceRow
  private let maximumSlotCount: Int

  static func byteCount(_ plan: ArenaPlan.Queue) -> Int {
    departuresOffset(plan) + Departures.byteCount(plan) + alignment
      + ringByteCount(plan)
  }

  private static func ringByteCount(_ plan: ArenaPlan.Queue) -> Int {
    switch plan.format {
    case .fixed(let stride): Ring.byteCount(holding: min(plan.byteCount, plan.capacity * stride))
    case .framed:
      // Beside its payload each record has a head, and what fills it up. Past one for each byte they are empty items.
      Ring.byteCount(holding: plan.byteCount + min(plan.capacity, plan.byteCount) * (Ring.headerByteCount + 3))
    }
  }

  static func byteCount(ofReserve workers: Int) -> Int {
    workers * LeaseSlot.byteCount + Departures.byteCount(ofReserve: workers)
  }

  private static let alignment = 4096
  private static var slotsOffset: Int { Cell<QueueState>.byteCount + 4 * 64 }
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
    // On the line of their lock, which a writer has at hand.
    lastWriterWord = SharedPointer(word(0) + 1)
    readersFutex = Futex(word(1))
    writersFutex = Futex(word(2))
    gatherersFutex = Futex(word(3))
    maximumSlotCount = Self.slotCount(plan) + spareCount
    slots = PlaceRow(
      from: memory + Self.slotsOffset, count: Self.slotCount(plan), then: reserve, byteCount: LeaseSlot.byteCount)
    let departuresOffset = Self.departuresOffset(plan)
    departures = Departures(
      at: memory + departuresOffset, plan, reserve: reserve + spareCount * LeaseSlot.byteCount, spareCount: spareCount)
    let ringOffset = (departuresOffset + Departures.byteCount(plan) + Self.alignment - 1) & ~(Self.alignment - 1)
    ring = Ring(base: memory + ringOffset, byteCount: Self.ringByteCount(plan), format: plan.format)
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
    lastWriterWord = other.lastWriterWord
    readersFutex = other.readersFutex
    gatherersFutex = other.gatherersFutex
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

  /// Who has published last, for people: as in a lock's word.
  var lastWriter: UInt32 {
    get { lastWriterPlace.pointee.load(ordering: .relaxed) }
    set { lastWriterPlace.pointee.store(newValue, ordering: .relaxed) }
  }
  private var lastWriterPlace: UnsafeMutablePointer<Atomic<UInt32>> {
    lastWriterWord.pointer.assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  /// The largest payload of one item.
  package var itemByteLimit: Int { min(plan.byteCount, Limit.itemByteCount) }

  /// Items that nobody has taken: exact at rest.
  package var count: Int { cell.snapshot().untaken }

  /// As `cell.update`. The supervisor, which no stray word may stop, leaves a state alone that can't be: it is told, and
  /// `fallback` is the result.
  @inline(__always)
  func update<Result>(
    as holder: HolderID, orIfDamaged fallback: @autoclosure () -> Result,
    _ body: (_ state: inout QueueState, _ nextVersion: UInt64) -> (commit: Bool, result: Result)
  ) -> Result {
    cell.update(as: holder) { state, next in
      if holder.rescue != nil, !isSound(state) {
        tellDamage(to: holder)
        return (false, fallback())
      }
      return body(&state, next)
    }
  }

  /// Whole records that lie one behind another, past the ring's end too; `nil`, and told: they are damaged.
  func run(from position: UInt64, to end: UInt64, limit: Int, as holder: HolderID) -> Ring.Run? {
    if let run = ring.soundRun(from: position, to: end, limit: limit) { return run }
    tellDamage(to: holder)
    return nil
  }

  /// A worker ends by it.
  func tellDamage(to holder: HolderID, _ finding: StaticString = "a queue is damaged") {
    precondition(holder.rescue != nil, "\(finding)")
    holder.tell(damage)
  }

  /// `count` items; or some, because one of its limits is reached.
  func holdsAsManyAsItCan(upTo count: Int, _ state: QueueState) -> Bool {
    let untaken = state.untaken
    return untaken >= min(count, plan.capacity)
      || untaken > 0 && (state.isFull || state.untakenByteCount >= plan.byteCount)
  }

  // MARK: Room

  /// How many of the first records of a pending run there is room for now.
  func room(for pending: PendingRecords, in state: inout QueueState) -> Int {
    var fitting = min(pending.count, plan.capacity - state.untaken)
    guard fitting > 0 else { return 0 }
    let freeBytes = freeByteCount(state)
    if pending.payloadByteCount > freeBytes {
      fitting = min(fitting, pending.countFitting(payloadByteCount: freeBytes))
    }
    while fitting > 0 {
      let newTail = ring.advance(state.tail, by: pending.prefix(fitting).bytes)
      if newTail &- state.head <= ring.byteCount { return fitting }
      let oldest = leased(state)?.from ?? state.next
      if oldest == state.head { fitting /= 2 } else { state.head = oldest }
    }
    return 0
  }

  /// Of payload.
  func freeByteCount(_ state: QueueState) -> Int {
    plan.byteCount - Int(clamping: state.untakenByteCount)
  }

  /// The untaken items and these would be more than it holds.
  func exceedsLimits(_ records: PendingRecords, _ state: QueueState) -> Bool {
    state.untaken + records.count > plan.capacity || records.payloadByteCount > freeByteCount(state)
  }

  /// Room for one record without moving the head.
  @inline(__always)
  func hasRoomAsIs(for record: PendingRecords, in state: QueueState) -> Bool {
    state.untaken < plan.capacity && record.payloadByteCount <= plan.byteCount - Int(clamping: state.untakenByteCount)
      && ring.advance(state.tail, by: record.bytes) &- state.head <= ring.byteCount
  }

  /// For one item of so many bytes. Under the lock.
  func hasRoom(forItemOf payloadByteCount: Int, in state: QueueState) -> Bool {
    guard state.untaken < plan.capacity, payloadByteCount <= freeByteCount(state) else { return false }
    let byteCount = UInt64(Ring.recordByteCount(payload: payloadByteCount, format: plan.format))
    let left = ring.contiguous(from: state.tail)
    let newTail = byteCount <= left ? state.tail &+ byteCount : state.tail &+ left &+ byteCount
    return newTail &- (leased(state)?.from ?? state.next) <= ring.byteCount
  }

  /// The bytes from the oldest that a lease has to the end of the newest; `nil`: none has any. Leases keep the positions
  /// that they had before a leap: where they are is what counts, in the ring's length before `next`.
  private func leased(_ state: QueueState) -> (from: UInt64, to: UInt64)? {
    if state.outstandingLeases == 0 { return nil }
    let committed = cell.committedVersion
    var leased: (from: UInt64, to: UInt64)?
    for index in 0..<slotCount {
      let lease = slot(index).lease(committed: committed)
      if lease.isEmpty { continue }
      let from = state.next &- (((state.next &- lease.from &- 1) & ring.mask) &+ 1)
      let to = from &+ (lease.to &- lease.from)
      leased = (min(from, leased?.from ?? from), max(to, leased?.to ?? to))
    }
    return leased
  }

  /// Under `drop_old`, one item that is worked on for long keeps the head where it is, though all behind it was dropped.
  /// The state goes on right behind what is leased, and what is untaken goes along: there in the ring, but at later
  /// positions, since these only grow. Under the writers' lock, as this writes where nobody reads. False: that would
  /// free nothing, or there is no place for it.
  func leap(_ state: inout QueueState, as holder: HolderID) -> Bool {
    guard let leased = leased(state), leased.to < state.next else { return false }
    var records: [UInt8] = []
    var position = state.next
    while position < state.tail {
      guard let run = run(from: position, to: state.tail, limit: .max, as: holder), run.items > 0 else { return false }
      let part = ring.firstPart(of: run)
      records += ring.bytes(from: part.from, to: part.to)
      position = part.to
    }
    return records.withUnsafeBytes { records in
      // Not over themselves: who dies at it has changed nothing.
      guard ring.advance(leased.to, by: records) <= state.next else { return false }
      // The head goes past all that a tap may be about to read, so that it finds that written over.
      let distance = ring.byteCount * (leased.from &+ ring.byteCount > state.tail ? 1 : 2)
      let next = leased.to &+ distance
      state.leap(head: leased.from &+ distance, next: next, tail: ring.write(records, at: next))
      return true
    }
  }

  // MARK: Waking

  @inline(__always)
  func wakeReaders(_ wakes: ReaderWakes) {
    wake(wakes.count, readersFutex)
    if wakes.gatherers { wake(.max, gatherersFutex) }
  }

  @inline(__always)
  func wakeWriters(_ count: Int) { wake(count, writersFutex) }

  private func wake(_ count: Int, _ futex: Futex) {
    guard count > 0 else { return }
    futex.word.pointee.add(1, ordering: .releasing)
    futex.wake(count)
  }

  func wakeEveryone() {
    for futex in [readersFutex, gatherersFutex, writersFutex] { wake(.max, futex) }
  }
}

/// A pointer into the arena; what guards it is said where it is used.
struct SharedPointer: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
}
