/// Text with its ASCII letters made small, in memory that is used again for each.
struct LowercasedText: ~Copyable {
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)

  deinit { memory.deallocate() }

  /// Valid until the next call.
  mutating func lowercase(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    if text.count > memory.count {
      memory.deallocate()
      memory = .allocate(byteCount: text.count * 2, alignment: 16)
    }
    for (index, byte) in text.enumerated() {
      memory[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
    return UnsafeRawBufferPointer(rebasing: memory[..<text.count])
  }
}
