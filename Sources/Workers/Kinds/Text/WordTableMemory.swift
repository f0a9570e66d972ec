internal import CPlatform
internal import Platform
internal import Sharing

/// Where a table of words lies in its worker's region, and the few numbers that it keeps there.
///
/// There is a place for every size of the table, so that a larger one is filled beside the one in use and becomes the
/// table by one store. Which half of the log is in use changes with it: its entries speak of places in the table.
struct WordTableMemory {
  let region: DurableRegion
  let slotByteCount: Int
  /// Entries of the undo log.
  let logCapacity: Int
  let poolCapacity: Int
  /// Powers of two, as all numbers of slots.
  let leastSlotCount: Int
  let mostSlotCount: Int
  private let part: Int

  private enum Offset {
    static let root = 0
    static let wordCount = 8
    static let poolByteCount = 16
    static let log = 64
    static let end = 128
  }

  init(_ region: DurableRegion, slotByteCount: Int) {
    self.region = region
    self.slotByteCount = slotByteCount
    // Two parts for the log's halves, two for the pool, four for the slots: a table of n slots begins at the place of
    // slot n of these, behind all smaller ones.
    part = region.byteCount / 8
    logCapacity = (part - Offset.end) / MemoryLayout<UndoLog.Entry>.stride
    poolCapacity = 2 * part
    mostSlotCount = 2 * part / slotByteCount
    leastSlotCount = min(1 << 12, max(4, mostSlotCount / 16))
  }

  /// Which of the tables is the one, and which half of the log: one store changes both.
  struct Root: Equatable {
    var slotCount: Int
    var logHalf: Int
  }

  var root: Root {
    get {
      let word = region.base.load(fromByteOffset: Offset.root, as: UInt64.self)
      return Root(slotCount: 1 << Int(word & 0x3F), logHalf: Int(word >> 8 & 1))
    }
    nonmutating set {
      // What it speaks of is there first.
      mporch_order_stores()
      let word = UInt64(newValue.slotCount.trailingZeroBitCount) | UInt64(newValue.logHalf) << 8
      region.base.storeBytes(of: word, toByteOffset: Offset.root, as: UInt64.self)
      mporch_order_stores()
    }
  }

  var wordCount: Int {
    get { region.base.load(fromByteOffset: Offset.wordCount, as: Int.self) }
    nonmutating set { region.base.storeBytes(of: newValue, toByteOffset: Offset.wordCount, as: Int.self) }
  }

  var poolByteCount: Int {
    get { region.base.load(fromByteOffset: Offset.poolByteCount, as: Int.self) }
    nonmutating set { region.base.storeBytes(of: newValue, toByteOffset: Offset.poolByteCount, as: Int.self) }
  }

  var pool: UnsafeMutableRawPointer { region.base + 2 * part }

  func slots(_ count: Int) -> UnsafeMutableRawPointer { region.base + 4 * part + count * slotByteCount }

  func log(half: Int) -> UnsafeMutableRawPointer { region.base + half * part + Offset.end }

  func undoLog(finished: UInt64) -> UndoLog {
    UndoLog(
      at: region.base + Offset.log, entries: log(half: root.logHalf), capacity: logCapacity, finished: finished)
  }

  /// A new table: of a life that has finished no batch, nothing is left.
  func begin() {
    region.clear(0..<region.byteCount)
    root = Root(slotCount: leastSlotCount, logHalf: 0)
  }

  /// What a killed life has left beside the table in use.
  func clearSmallerTables(than count: Int) {
    guard count > leastSlotCount else { return }
    clearTables(leastSlotCount..<count)
  }

  /// Tables that begin there, and with them all up to that of twice the size.
  func clearTables(_ counts: Range<Int>) {
    let start = 4 * part
    region.clear(start + counts.lowerBound * slotByteCount..<start + counts.upperBound * slotByteCount)
  }

  func willUseTable(of count: Int) {
    let start = 4 * part + count * slotByteCount
    region.willUse(start..<start + count * slotByteCount)
  }

  /// Memory that is promised and not there ends in a kill, not in an error: so look before much of it is taken.
  func requireRoom(forSlots count: Int) throws {
    let byteCount = count * slotByteCount
    guard count <= mostSlotCount else {
      throw KindFailure(
        "the table of words is full: its part of the memory, \(region.byteCount) bytes, has room for "
          + "\(mostSlotCount / 2) different words",
        help:
          "see to the limits of this user ('ulimit -d', 'ulimit -f'), or give it fewer `replicas`, so that each has more",
        isForGood: true)
    }
    guard byteCount >= 16 << 20, let available = AvailableMemory.byteCount(), available < UInt64(byteCount) else {
      return
    }
    throw KindFailure(
      "no memory for a table of \(count / 2) different words (\(byteCount) bytes; \(available) are available)")
  }
}
