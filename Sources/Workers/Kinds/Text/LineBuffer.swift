/// What was read of a text and not used yet: whole lines, and at the end the beginning of another. Blocks of lines are lent
/// where they lie: kinds read at the speed of memory.
struct LineBuffer: ~Copyable {
  /// Small enough to stay in a processor's own cache between the read and the use.
  static let blockByteCount = 256 << 10

  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * blockByteCount, alignment: 64)
  private var start = 0
  private var end = 0
  /// Behind the last newline.
  private var linesEnd = 0

  deinit { memory.deallocate() }

  /// Valid, as all that is lent, until the next `fill`.
  var unused: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

  /// The whole lines, each with its newline.
  var lines: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<max(start, linesEnd)]) }

  /// Lets `read` add a block; gives what `read` gave, the number of bytes.
  mutating func fill(_ read: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows -> Int {
    reserveBlock()
    let byteCount = try read(UnsafeMutableRawBufferPointer(rebasing: memory[end..<end + Self.blockByteCount]))
    if let newline = memory[end..<end + byteCount].lastIndex(of: 0x0A) { linesEnd = newline + 1 }
    end += byteCount
    return byteCount
  }

  /// The first `byteCount` bytes of `unused` are used.
  mutating func use(_ byteCount: Int) {
    precondition(byteCount <= end - start)
    start += byteCount
  }

  private mutating func reserveBlock() {
    let unused = self.unused
    if unused.count + Self.blockByteCount <= memory.count {
      if start > 0 { memory.copyMemory(from: unused) }
    } else {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * memory.count, alignment: 64)
      larger.copyMemory(from: unused)
      memory.deallocate()
      memory = larger
    }
    linesEnd = max(0, linesEnd - start)
    (start, end) = (0, unused.count)
  }
}
