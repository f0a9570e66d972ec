internal import CPlatform
import Glibc
internal import Platform
internal import SystemPackage

/// How often each word came: open addressing, words of up to 16 bytes in their slot, longer ones in a pool beside.
///
/// Unsafe memory, kept in here: `slots` has `slotCount` slots (a power of two, at most half of them taken, so that
/// every search ends), `pool` the bytes of the long words, each at a multiple of 16, all below `poolByteCount`, `keys`
/// as many as a group of words has.
struct WordTable: ~Copyable {
  private struct Slot: BitwiseCopyable {
    /// The first 16 bytes, zeroes behind a shorter word.
    var prefix: SIMD2<UInt64>
    /// 0: the slot is free.
    var count: UInt64
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

  private var slots: UnsafeMutablePointer<Slot>
  private var slotCount: Int
  private(set) var wordCount = 0
  private var pool: UnsafeMutableRawPointer
  private var poolByteCount = 0
  private var poolCapacity: Int
  /// 16 bytes of ones, then 16 of zeroes: 16 bytes loaded from `16 - n` on keep the first n of a word.
  private let masks: UnsafeMutableRawPointer
  private let keys: UnsafeMutablePointer<Key>

  init() {
    slotCount = 1 << 12
    slots = Self.mapSlots(slotCount)
    poolCapacity = 1 << 12
    pool = .allocate(byteCount: poolCapacity, alignment: 16)
    masks = .allocate(byteCount: 32, alignment: 16)
    masks.initializeMemory(as: UInt8.self, repeating: 0xFF, count: 16)
    (masks + 16).initializeMemory(as: UInt8.self, repeating: 0, count: 16)
    keys = .allocate(capacity: Self.groupCount)
  }

  deinit {
    munmap(slots, slotCount * MemoryLayout<Slot>.stride)
    pool.deallocate()
    masks.deallocate()
    keys.deallocate()
  }

  /// Adds `count` to the word of `byteCount` bytes, 1 … 2^32-1, at `word`; gives its new count.
  @discardableResult
  mutating func add(_ word: UnsafeRawPointer, _ byteCount: Int, count: UInt64 = 1) -> UInt64 {
    add(key(word, byteCount), word, count: count)
  }

  /// Adds one to each of the words.
  mutating func add(_ words: WordScanner.Words) {
    var first = 0
    while first < words.count {
      let end = min(words.count, first + Self.groupCount)
      fetch(words, first..<end)
      count(words, first..<end)
      first = end
    }
  }

  /// Makes the keys of a group of words, and has their slots on the way.
  private func fetch(_ words: WordScanner.Words, _ group: Range<Int>) {
    var next = keys
    for index in group {
      let (word, byteCount) = words[index]
      let key = key(word, byteCount)
      mporch_prefetch(slots + home(of: key.hash))
      next.pointee = key
      next += 1
    }
  }

  /// Mostly a word is a short one, and in its first place.
  private mutating func count(_ words: WordScanner.Words, _ group: Range<Int>) {
    var next = keys
    for index in group {
      let slot = slots + home(of: next.pointee.hash)
      if next.pointee.byteCount <= Self.prefixByteCount, slot.pointee.hasKey(next.pointee) {
        slot.pointee.count &+= 1
      } else {
        add(next.pointee, words[index].start, count: 1)
      }
      next += 1
    }
  }

  @inline(never) @discardableResult
  private mutating func add(_ key: Key, _ word: UnsafeRawPointer, count: UInt64) -> UInt64 {
    let isLong = key.byteCount > Self.prefixByteCount
    var index = home(of: key.hash)
    while true {
      let slot = slots + index
      if slot.pointee.count == 0 {
        insert(index, key, word, count)
        return count
      }
      if slot.pointee.hasKey(key),
        !isLong || memcmp(pool + Int(slot.pointee.poolIndex) * 16, word, key.byteCount) == 0
      {
        slot.pointee.count &+= count
        return slot.pointee.count
      }
      index = (index + 1) & (slotCount - 1)
    }
  }

  @inline(__always)
  private func home(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slotCount &- 1) }

  /// Each word once, in no order; what `body` is lent is valid during its call.
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

  private mutating func insert(_ index: Int, _ key: Key, _ word: UnsafeRawPointer, _ count: UInt64) {
    var poolIndex = 0
    if key.byteCount > Self.prefixByteCount {
      poolIndex = poolByteCount / 16
      reservePool(key.byteCount)
      (pool + poolByteCount).copyMemory(from: word, byteCount: key.byteCount)
      poolByteCount += (key.byteCount + 15) & ~15
    }
    slots[index] = Slot(
      prefix: key.prefix, count: count, byteCount: UInt32(key.byteCount), poolIndex: UInt32(poolIndex))
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

  /// Twice the slots, not more: a page of memory that is new costs more than to move what it holds.
  private mutating func grow() {
    let larger = slotCount * 2
    let moved = Self.mapSlots(larger)
    for index in 0..<slotCount where slots[index].count > 0 {
      let slot = slots[index]
      let hash = Self.hash(slot.prefix, bytes(index).baseAddress!, Int(slot.byteCount))
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
    guard let memory, memory != MAP_FAILED else {
      CurrentProcess.giveUp(
        "no memory for a table of \(count / 2) different words (\(byteCount) bytes): \(Errno(rawValue: errno))")
    }
    madvise(memory, byteCount, MADV_HUGEPAGE)
    return memory.bindMemory(to: Slot.self, capacity: count)
  }

  @inline(__always)
  private func key(_ word: UnsafeRawPointer, _ byteCount: Int) -> Key {
    var prefix = Self.load16(word, byteCount)
    if byteCount <= Self.prefixByteCount {
      prefix &= (masks + (Self.prefixByteCount &- byteCount)).loadUnaligned(as: SIMD2<UInt64>.self)
    }
    return Key(prefix: prefix, hash: Self.hash(prefix, word, byteCount), byteCount: byteCount)
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
    return copy16(word, byteCount)
  }

  @inline(never)
  private static func copy16(_ word: UnsafeRawPointer, _ byteCount: Int) -> SIMD2<UInt64> {
    var prefix = SIMD2<UInt64>()
    withUnsafeMutableBytes(of: &prefix) { $0.baseAddress!.copyMemory(from: word, byteCount: byteCount) }
    return prefix
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
