/// Texts with their ASCII letters made small, in memory that is used again.
struct LowercasedText: ~Copyable {
  private var memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)
  private var byteCount = 0

  deinit { memory.deallocate() }

  /// Forgets the texts so far, and makes room for others of `byteCount` bytes together.
  mutating func reset(for byteCount: Int) {
    self.byteCount = 0
    guard byteCount > memory.count else { return }
    memory.deallocate()
    memory = .allocate(capacity: 2 * byteCount)
  }

  /// Valid until the next `reset`.
  mutating func lowercase(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    precondition(text.count <= memory.count - byteCount, "more text than was said before")
    guard let source = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return text }
    let small = memory.baseAddress! + byteCount
    // No branches: the compiler makes it one of whole vectors.
    for index in 0..<text.count {
      let byte = source[index]
      small[index] = byte | (byte &- 0x41 < 26 ? 0x20 : 0)
    }
    byteCount += text.count
    return UnsafeRawBufferPointer(start: small, count: text.count)
  }
}
