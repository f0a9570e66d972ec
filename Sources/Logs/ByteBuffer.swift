/// Bytes that grow, in memory of their own. Appending is a copy: no zeroing, and no test for uniqueness.
package struct ByteBuffer: ~Copyable {
  /// A buffer that one huge line made grow gives the memory back when it is emptied.
  private static let retainedByteCount = 1 << 20

  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private let initialCapacity: Int
  package private(set) var count = 0

  package init(capacity: Int = 256) {
    initialCapacity = max(capacity, 16)
    self.capacity = initialCapacity
    base = .allocate(byteCount: initialCapacity, alignment: 16)
  }

  deinit { base.deallocate() }

  /// The content; valid until the buffer is next changed.
  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// Makes the content `byteCount` longer; the caller fills all of it, before the buffer is next changed.
  @inline(__always)
  mutating func extend(by byteCount: Int) -> UnsafeMutableRawPointer {
    if capacity - count < byteCount { grow(toHold: count + byteCount) }
    let start = base + count
    count += byteCount
    return start
  }

  @inline(__always)
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    extend(by: bytes.count).copyMemory(from: source, byteCount: bytes.count)
  }

  @inline(__always)
  package mutating func append(_ byte: UInt8) {
    extend(by: 1).storeBytes(of: byte, as: UInt8.self)
  }

  package mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  package mutating func removeAll() {
    count = 0
    guard capacity > max(initialCapacity, Self.retainedByteCount) else { return }
    base.deallocate()
    capacity = initialCapacity
    base = .allocate(byteCount: capacity, alignment: 16)
  }

  @inline(never)
  private mutating func grow(toHold needed: Int) {
    capacity = max(needed, capacity * 2)
    let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    grown.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = grown
  }
}
