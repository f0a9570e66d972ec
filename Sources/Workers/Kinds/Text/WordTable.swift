internal import CPlatform
import Glibc
internal import Sharing

/// How often each word came: open addressing, words of up to 16 bytes in their slot, longer ones in a pool beside. It
/// lies in the worker's region, and outlives a kill.
///
/// A word that is new is entered with the count zero, by one store of its length behind all else; that need not be taken
/// back. Counts are changed after the old ones are noted in the log: some dozen words at once, so that this costs little.
///
/// Unsafe memory, kept in here: `slots` has `slotCount` slots (a power of two, at most half of them taken, so that
/// every search ends), `pool` the bytes of the long words, each at a multiple of 16, all below `poolByteCount`, `keys`
/// as many as a group of words has.
struct WordTable: ~Copyable {
  private struct Slot: BitwiseCopyable {
    /// The first 16 bytes, zeroes behind a shorter word.
    var prefix: SIMD2<UInt64>
    var count: UInt64
    /// 0: the slot is free.
    var byteCount: UInt32
    /// Of a long word, in the pool, in units of 16 bytes.
    var poolIndex: UInt32

    /// Of a word of up to 16 bytes: whether it is this one. Of a longer one: whether it may be. Free slots have none.
    @inline(__always)
    func hasKey(_ key: Key) -> Bool {
      // One branch for all three.
      let differences = prefix ^ key.prefix
      return differences[0] | differences[1] | UInt64(bitPattern: Int64(Int(byteCount) ^ key.byteCount)) == 0
    }
  }

  /// What is looked for.
  private struct Key: BitwiseCopyable {
    /// As in the slot.
    var prefix: SIMD2<UInt64>
    var hash: UInt64
    var byteCount: Int
  }

  private static let prefixByteCount = 16
  /// Words whose slots are fetched together: their waits for memory overlap.
  private static let groupCount = 64

  private let memory: WordTableMemory
  private var log: UndoLog
  private var slots: UnsafeMutablePointer<Slot>
  private var slotCount: Int
  private(set) var wordCount: Int
  private let pool: UnsafeMutableRawPointer
  private var poolByteCount: Int
  /// 16 bytes of ones, then 16 of zeroes: 16 bytes loaded from `16 - n` on keep the first n of a word.
  private let masks: UnsafeMutableRawPointer
  private let keys: UnsafeMutablePointer<Key>

  /// `finished`: the number of the last batch whose end has happened, in whatever life; `nil`: none, so it is empty.
  init(in region: DurableRegion, finished: UInt64?) {
    memory = WordTableMemory(region, slotByteCount: MemoryLayout<Slot>.stride)
    if finished == nil { memory.begin() }
    slotCount = memory.root.slotCount
    slots = memory.slots(slotCount).bindMemory(to: Slot.self, capacity: slotCount)
    log = memory.undoLog(finished: finished ?? 0)
    wordCount = memory.wordCount
    pool = memory.pool
    poolByteCount = memory.poolByteCount
    masks = .allocate(byteCount: 32, alignment: 16)
    masks.initializeMemory(as: UInt8.self, repeating: 0xFF, count: 16)
    (masks + 16).initializeMemory(as: UInt8.self, repeating: 0, count: 16)
    keys = .allocate(capacity: Self.groupCount)
    let slots = slots
    let mask = slotCount - 1
    log.takeBack { slots[$0.place & mask].count = $0.old }
    memory.clearSmallerTables(than: slotCount)
  }

  deinit {
    masks.deallocate()
    keys.deallocate()
  }

  // MARK: Batches

  /// What is added from here on is taken back if the worker is killed before `batch` is known as finished.
  mutating func beginBatch() { log.beginBatch() }
  var batch: UInt64 { log.batch }

  // MARK: Adding

  /// Adds `count` to the word of `byteCount` bytes, 1 … 2^32-1, at `word`; gives its new count.
  @discardableResult
  mutating func add(_ word: UnsafeRawPointer, _ byteCount: Int, count: UInt64 = 1) throws -> UInt64 {
    try reserve(1)
    let place = try place(of: key(word, byteCount, end: UInt(bitPattern: word + byteCount)), word)
    log.next.pointee = UndoLog.Entry(place: place, old: slots[place].count)
    log.note(1)
    slots[place].count &+= count
    return slots[place].count
  }

  /// Adds one to each of the words.
  mutating func add(_ words: WordScanner.Words) throws {
    var first = 0
    while first < words.count {
      let end = min(words.count, first + Self.groupCount)
      try reserve(end - first)
      fetch(words, first..<end)
      try count(words, first..<end)
      first = end
    }
  }

  /// Makes the keys of a group of words, and has their slots on the way.
  private func fetch(_ words: WordScanner.Words, _ group: Range<Int>) {
    var next = keys
    for index in group {
      let (word, byteCount) = words[index]
      let key = key(word, byteCount, end: words.end)
      mporch_prefetch(slots + home(of: key.hash))
      next.pointee = key
      next += 1
    }
  }

  /// Mostly a word is a short one, and in its first place. Each word's count is noted as it was before the group, also
  /// where the word is there twice: that is what it is taken back to.
  private mutating func count(_ words: WordScanner.Words, _ group: Range<Int>) throws {
    let entries = log.next
    // There is room already: nothing of this moves.
    let (slots, keys, mask) = (slots, keys, slotCount - 1)
    for index in 0..<group.count {
      let key = keys + index
      var place = Int(truncatingIfNeeded: key.pointee.hash) & mask
      if key.pointee.byteCount > Self.prefixByteCount || !slots[place].hasKey(key.pointee) {
        place = try self.place(of: key.pointee, words[group.lowerBound + index].start)
      }
      entries[index] = UndoLog.Entry(place: place, old: slots[place].count)
    }
    log.note(group.count)
    for index in 0..<group.count { slots[entries[index].place].count &+= 1 }
  }

  /// Where the word is; entered, if it is new.
  @inline(never)
  private mutating func place(of key: Key, _ word: UnsafeRawPointer) throws -> Int {
    let isLong = key.byteCount > Self.prefixByteCount
    var place = home(of: key.hash)
    while slots[place].byteCount != 0 {
      if slots[place].hasKey(key),
        !isLong || memcmp(pool + Int(slots[place].poolIndex) * 16, word, key.byteCount) == 0
      {
        return place
      }
      place = (place + 1) & (slotCount - 1)
    }
    try enter(key, word, at: place)
    return place
  }

  @inline(__always)
  private func home(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slotCount &- 1) }

  /// Killed before its last store, nothing has happened, but that some room is lost.
  private mutating func enter(_ key: Key, _ word: UnsafeRawPointer, at place: Int) throws {
    wordCount += 1
    memory.wordCount = wordCount
    let poolIndex = poolByteCount / 16
    if key.byteCount > Self.prefixByteCount { try pool(word, key.byteCount) }
    slots[place].prefix = key.prefix
    slots[place].count = 0
    slots[place].poolIndex = UInt32(truncatingIfNeeded: poolIndex)
    mporch_order_stores()
    slots[place].byteCount = UInt32(key.byteCount)
  }

  private mutating func pool(_ word: UnsafeRawPointer, _ byteCount: Int) throws {
    let start = pool + poolByteCount
    guard poolByteCount + byteCount + 15 <= memory.poolCapacity else {
      throw KindFailure(
        "the table of words is full: its part of the memory, \(memory.region.byteCount) bytes, has room for "
          + "\(memory.poolCapacity) bytes of words longer than \(Self.prefixByteCount)",
        help: "give it fewer `replicas`, so that each has more", isForGood: true)
    }
    poolByteCount += (byteCount + 15) & ~15
    memory.poolByteCount = poolByteCount
    start.copyMemory(from: word, byteCount: byteCount)
  }

  // MARK: Growing

  /// Room for so many new words, and to note so many counts.
  @inline(__always)
  private mutating func reserve(_ words: Int) throws {
    if (wordCount &+ words) &* 2 > slotCount || log.count &+ words > log.capacity { try makeRoom(words) }
  }

  @inline(never)
  private mutating func makeRoom(_ words: Int) throws {
    guard log.count + words <= log.capacity else {
      throw KindFailure(
        "more than \(log.capacity) words came at once",
        help: "give the input smaller items, or a smaller `bytes`",
        isForGood: true)
    }
    while (wordCount + words) * 2 > slotCount { try grow() }
  }

  /// Twice the slots, not more: a page of memory that is new costs more than to move what it holds.
  private mutating func grow() throws {
    let larger = slotCount * 2
    try memory.requireRoom(forSlots: larger)
    // A life that was killed here may have left something.
    memory.clearTables(larger..<2 * larger)
    memory.willUseTable(of: larger)
    let moved = memory.slots(larger).bindMemory(to: Slot.self, capacity: larger)
    for index in 0..<slotCount where slots[index].byteCount > 0 {
      moved[Self.firstPlace(in: moved, larger, hash(index)) { $0.byteCount == 0 }] = slots[index]
    }
    let half = 1 - memory.root.logHalf
    var log = log
    log.move(to: memory.log(half: half)) { entry in
      let slot = slots[entry.place]
      let place = Self.firstPlace(in: moved, larger, hash(entry.place)) {
        $0.prefix == slot.prefix && $0.byteCount == slot.byteCount && $0.poolIndex == slot.poolIndex
      }
      return UndoLog.Entry(place: place, old: entry.old)
    }
    memory.root = WordTableMemory.Root(slotCount: larger, logHalf: half)
    memory.clearTables(slotCount..<larger)
    self.log = log
    slots = moved
    slotCount = larger
  }

  @inline(__always)
  private static func firstPlace(
    in slots: UnsafeMutablePointer<Slot>, _ slotCount: Int, _ hash: UInt64, _ fits: (Slot) -> Bool
  ) -> Int {
    var place = Int(truncatingIfNeeded: hash) & (slotCount - 1)
    while !fits(slots[place]) { place = (place + 1) & (slotCount - 1) }
    return place
  }

  private func hash(_ index: Int) -> UInt64 {
    Self.hash(slots[index].prefix, bytes(index).baseAddress!, Int(slots[index].byteCount))
  }

  // MARK: Reading

  /// Each word once, in an order that is the same as long as nothing is added; what `body` is lent is valid during its
  /// call.
  func forEach(_ body: (UnsafeRawBufferPointer, UInt64) throws -> Void) rethrows {
    for index in 0..<slotCount where slots[index].count > 0 {
      try body(bytes(index), slots[index].count)
    }
  }

  /// The `limit` most frequent words, ties by the order of their bytes.
  func forEachByFrequency(limit: Int, _ body: (UnsafeRawBufferPointer, UInt64) throws -> Void) rethrows {
    guard limit > 0 else { return }
    var best: [Int] = []
    var least: UInt64 = 1
    for index in 0..<slotCount where slots[index].count >= least {
      best.append(index)
      // Now and then all but the best are dropped: then most words need not be looked at.
      guard best.count / 2 >= limit else { continue }
      best.sort { isBefore($0, $1) }
      best.removeLast(best.count - limit)
      least = slots[best[limit - 1]].count
    }
    best.sort { isBefore($0, $1) }
    for index in best.prefix(limit) { try body(bytes(index), slots[index].count) }
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    slots[left].count == slots[right].count
      ? bytes(left).lexicographicallyPrecedes(bytes(right)) : slots[left].count > slots[right].count
  }

  private func bytes(_ index: Int) -> UnsafeRawBufferPointer {
    let byteCount = Int(slots[index].byteCount)
    // A short word's bytes are its prefix, the first field of its slot.
    return byteCount > Self.prefixByteCount
      ? UnsafeRawBufferPointer(start: pool + Int(slots[index].poolIndex) * 16, count: byteCount)
      : UnsafeRawBufferPointer(start: slots + index, count: byteCount)
  }

  // MARK: Keys

  /// `end`: from the word on, all bytes before it may be read.
  @inline(__always)
  private func key(_ word: UnsafeRawPointer, _ byteCount: Int, end: UInt) -> Key {
    var prefix = Self.load16(word, byteCount, end: end)
    if byteCount <= Self.prefixByteCount {
      prefix &= (masks + (Self.prefixByteCount &- byteCount)).loadUnaligned(as: SIMD2<UInt64>.self)
    }
    return Key(prefix: prefix, hash: Self.hash(prefix, word, byteCount), byteCount: byteCount)
  }

  /// 16 bytes from `word` on; those past the word may be anything.
  @inline(__always)
  private static func load16(_ word: UnsafeRawPointer, _ byteCount: Int, end: UInt) -> SIMD2<UInt64> {
    if UInt(bitPattern: word) &+ 16 <= end || byteCount >= 16 { return word.loadUnaligned(as: SIMD2<UInt64>.self) }
    return loadShort(word, byteCount)
  }

  /// Of a word of up to 15 bytes just these, with zeroes behind them: by loads that overlap.
  @inline(never)
  private static func loadShort(_ word: UnsafeRawPointer, _ byteCount: Int) -> SIMD2<UInt64> {
    func bits(_ last: some FixedWidthInteger, at offset: Int) -> UInt64 { UInt64(last) << UInt64(8 * offset) }
    switch byteCount {
    case 8...:
      let last = (word + (byteCount - 8)).loadUnaligned(as: UInt64.self)
      return SIMD2(word.loadUnaligned(as: UInt64.self), last >> UInt64(8 * (16 - byteCount)))
    case 4...:
      let last = (word + (byteCount - 4)).loadUnaligned(as: UInt32.self)
      return SIMD2(UInt64(word.loadUnaligned(as: UInt32.self)) | bits(last, at: byteCount - 4), 0)
    default:
      let (middle, last) = (byteCount / 2, byteCount - 1)
      return SIMD2(
        UInt64(word.load(as: UInt8.self)) | bits((word + middle).load(as: UInt8.self), at: middle)
          | bits((word + last).load(as: UInt8.self), at: last), 0)
    }
  }

  @inline(__always)
  private static func hash(_ prefix: SIMD2<UInt64>, _ word: UnsafeRawPointer, _ byteCount: Int) -> UInt64 {
    let hash = mix(prefix, UInt64(truncatingIfNeeded: byteCount))
    return byteCount <= prefixByteCount ? hash : extend(hash, word, byteCount)
  }

  @inline(__always)
  private static func mix(_ bytes: SIMD2<UInt64>, _ seed: UInt64) -> UInt64 {
    let product = (bytes[0] ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: bytes[1] ^ 0xD6E8_FEB8_6659_FD93 ^ seed)
    let folded = product.high ^ product.low
    return folded ^ folded &>> 32
  }

  /// With the bytes of a long word behind its first 16.
  @inline(never)
  private static func extend(_ hash: UInt64, _ word: UnsafeRawPointer, _ byteCount: Int) -> UInt64 {
    var hash = hash
    for offset in stride(from: prefixByteCount, to: byteCount, by: 16) {
      // The last 16 bytes, some of which the step before had.
      hash = mix((word + min(offset, byteCount - 16)).loadUnaligned(as: SIMD2<UInt64>.self), hash)
    }
    return hash
  }
}
