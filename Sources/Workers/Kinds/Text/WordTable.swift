import Glibc

/// How often each word came: open addressing, words of up to 16 bytes in their slot, longer ones in a pool beside.
///
/// Unsafe memory, kept in here: `slots` has `slotCount` slots (a power of two, at most half of them taken, so that
/// every search ends), `pool` the bytes of the long words, each at a multiple of 16, all below `poolByteCount`.
struct WordTable: ~Copyable {
  private struct Slot: BitwiseCopyable {
    /// The first 16 bytes, zeroes behind a shorter word.
    var prefix: SIMD2<UInt64>
    /// 0: the slot is free.
    var count: UInt64
    var byteCount: UInt32
    /// Of a long word, in the pool, in units of 16 bytes.
    var poolIndex: UInt32
  }

  private static let prefixByteCount = 16

  private var slots: UnsafeMutablePointer<Slot>
  private var slotCount: Int
  private(set) var wordCount = 0
  private var pool: UnsafeMutableRawPointer
  private var poolByteCount = 0
  private var poolCapacity: Int
  /// 16 bytes of ones, then 16 of zeroes: 16 bytes loaded from `16 - n` on keep the first n of a word.
  private let masks: UnsafeMutableRawPointer

  init() {
    slotCount = 1 << 12
    slots = Self.mapSlots(slotCount)
    poolCapacity = 1 << 12
    pool = .allocate(byteCount: poolCapacity, alignment: 16)
    masks = .allocate(byteCount: 32, alignment: 16)
    masks.initializeMemory(as: UInt8.self, repeating: 0xFF, count: 16)
    (masks + 16).initializeMemory(as: UInt8.self, repeating: 0, count: 16)
  }

  deinit {
    munmap(slots, slotCount * MemoryLayout<Slot>.stride)
    pool.deallocate()
    masks.deallocate()
  }

  /// Adds `count` to the word of `byteCount` bytes, 1 … 2^32-1, at `word`; gives its new count.
  @inline(__always) @discardableResult
  mutating func add(_ word: UnsafeRawPointer, _ byteCount: Int, count: UInt64 = 1) -> UInt64 {
    let prefix = Self.load16(word, byteCount) & mask(byteCount)
    let long = byteCount > Self.prefixByteCount
    let hash = long ? Self.hashLong(prefix, word, byteCount) : Self.hash(prefix, byteCount)
    var index = Int(truncatingIfNeeded: hash) & (slotCount - 1)
    while true {
      let slot = slots + index
      if slot.pointee.count == 0 {
        insert(index, prefix, word, byteCount, count)
        return count
      }
      if slot.pointee.prefix == prefix && Int(slot.pointee.byteCount) == byteCount
        && (!long || memcmp(pool + Int(slot.pointee.poolIndex) * 16, word, byteCount) == 0)
      {
        slot.pointee.count &+= count
        return slot.pointee.count
      }
      index = (index + 1) & (slotCount - 1)
    }
  }

  /// Each word once, in no order; what `body` is lent is valid during its call.
  func forEach(_ body: (UnsafeRawBufferPointer, UInt64) throws -> Void) rethrows {
    for index in 0..<slotCount where slots[index].count > 0 {
      try body(bytes(index), slots[index].count)
    }
  }

  /// The `limit` most frequent words, ties by the order of their bytes.
  func forEachByFrequency(limit: Int, _ body: (UnsafeRawBufferPointer, UInt64) throws -> Void) rethrows {
    guard limit > 0 else { return }
    var taken = (0..<slotCount).filter { slots[$0].count > 0 }
    if limit < taken.count {
      // Sorting bare counts first leaves few words to compare.
      var counts = taken.map { slots[$0].count }
      counts.sort(by: >)
      taken.removeAll { slots[$0].count < counts[limit - 1] }
    }
    taken.sort { left, right in
      slots[left].count == slots[right].count
        ? bytes(left).lexicographicallyPrecedes(bytes(right)) : slots[left].count > slots[right].count
    }
    for index in taken.prefix(limit) { try body(bytes(index), slots[index].count) }
  }

  private func bytes(_ index: Int) -> UnsafeRawBufferPointer {
    let byteCount = Int(slots[index].byteCount)
    // A short word's bytes are its prefix, the first field of its slot.
    return byteCount > Self.prefixByteCount
      ? UnsafeRawBufferPointer(start: pool + Int(slots[index].poolIndex) * 16, count: byteCount)
      : UnsafeRawBufferPointer(start: slots + index, count: byteCount)
  }

  @inline(never)
  private mutating func insert(
    _ index: Int, _ prefix: SIMD2<UInt64>, _ word: UnsafeRawPointer, _ byteCount: Int, _ count: UInt64
  ) {
    var poolIndex = 0
    if byteCount > Self.prefixByteCount {
      poolIndex = poolByteCount / 16
      reservePool(byteCount)
      (pool + poolByteCount).copyMemory(from: word, byteCount: byteCount)
      poolByteCount += (byteCount + 15) & ~15
    }
    slots[index] = Slot(
      prefix: prefix, count: count, byteCount: UInt32(byteCount), poolIndex: UInt32(poolIndex))
    wordCount += 1
    if wordCount * 2 > slotCount { grow() }
  }

  private mutating func reservePool(_ byteCount: Int) {
    let needed = poolByteCount + byteCount + 16
    guard needed > poolCapacity else { return }
    poolCapacity = max(needed, poolCapacity * 2)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: poolCapacity, alignment: 16)
    larger.copyMemory(from: pool, byteCount: poolByteCount)
    pool.deallocate()
    pool = larger
  }

  /// Four times the slots: a vocabulary's growth is steep at first.
  private mutating func grow() {
    let larger = slotCount * 4
    let moved = Self.mapSlots(larger)
    for index in 0..<slotCount where slots[index].count > 0 {
      let slot = slots[index]
      let byteCount = Int(slot.byteCount)
      let hash =
        byteCount > Self.prefixByteCount
        ? Self.hashLong(slot.prefix, pool + Int(slot.poolIndex) * 16, byteCount) : Self.hash(slot.prefix, byteCount)
      var place = Int(truncatingIfNeeded: hash) & (larger - 1)
      while moved[place].count > 0 { place = (place + 1) & (larger - 1) }
      moved[place] = slot
    }
    munmap(slots, slotCount * MemoryLayout<Slot>.stride)
    slots = moved
    slotCount = larger
  }

  /// Zeroed, so free; in huge pages where the system has some, which spares most of the misses in the TLB.
  private static func mapSlots(_ count: Int) -> UnsafeMutablePointer<Slot> {
    let byteCount = count * MemoryLayout<Slot>.stride
    let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else { fatalError("no memory for a table of \(byteCount) bytes of words") }
    madvise(memory, byteCount, MADV_HUGEPAGE)
    return memory.bindMemory(to: Slot.self, capacity: count)
  }

  @inline(__always)
  private func mask(_ byteCount: Int) -> SIMD2<UInt64> {
    (masks + (16 - min(byteCount, 16))).loadUnaligned(as: SIMD2<UInt64>.self)
  }

  /// 16 bytes from `word` on; those past the word may be anything.
  ///
  /// Reading past the word is safe within its page of memory, since protection is by the page; where the 16 bytes
  /// would reach into the next one, only the word's own are read.
  @inline(__always)
  private static func load16(_ word: UnsafeRawPointer, _ byteCount: Int) -> SIMD2<UInt64> {
    if UInt(bitPattern: word) & 4095 <= 4080 || byteCount >= 16 {
      return word.loadUnaligned(as: SIMD2<UInt64>.self)
    }
    var prefix = SIMD2<UInt64>()
    withUnsafeMutableBytes(of: &prefix) { $0.baseAddress!.copyMemory(from: word, byteCount: byteCount) }
    return prefix
  }

  @inline(__always)
  private static func hash(_ prefix: SIMD2<UInt64>, _ byteCount: Int) -> UInt64 {
    let product = (prefix[0] ^ 0x9E37_79B9_7F4A_7C15)
      .multipliedFullWidth(by: prefix[1] ^ 0xD6E8_FEB8_6659_FD93 ^ UInt64(truncatingIfNeeded: byteCount))
    let folded = product.high ^ product.low
    return folded ^ folded >> 32
  }

  private static func hashLong(_ prefix: SIMD2<UInt64>, _ word: UnsafeRawPointer, _ byteCount: Int) -> UInt64 {
    var hash = hash(prefix, byteCount)
    for offset in prefixByteCount..<byteCount {
      hash = (hash ^ UInt64((word + offset).load(as: UInt8.self))) &* 1_099_511_628_211
    }
    return hash ^ hash >> 32
  }
}
