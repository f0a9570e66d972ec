import Glibc

/// Cuts blocks of bytes into lines; keeps the unfinished last one for the next block.
struct LineBuffer: ~Copyable {
  static let blockByteCount = 1 << 20

  /// A longer one is handed over as far as it is there: who takes it says what the limit is.
  private let longestLine: Int
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * blockByteCount, alignment: 16)
  /// Of the unfinished line, at the start of `memory`.
  private(set) var pendingByteCount = 0

  init(longestLine: Int) { self.longestLine = longestLine }

  deinit { memory.deallocate() }

  /// Lets `read` fill a block, then hands over each whole line without its newline; gives what `read` gave.
  mutating func fill(
    _ read: (UnsafeMutableRawBufferPointer) throws -> Int, _ line: (UnsafeRawBufferPointer) throws -> Bool
  ) throws -> Int {
    reserveBlock()
    let readByteCount = try read(
      UnsafeMutableRawBufferPointer(rebasing: memory[pendingByteCount..<pendingByteCount + Self.blockByteCount]))
    let end = pendingByteCount + readByteCount
    let base = UnsafeRawPointer(memory.baseAddress!)
    var start = 0
    // What was pending holds no newline: look behind it.
    var searched = pendingByteCount
    while let newline = memchr(base + searched, 0x0A, end - searched) {
      let length = UnsafeRawPointer(newline) - (base + start)
      guard try line(UnsafeRawBufferPointer(start: base + start, count: length)) else { return 0 }
      start += length + 1
      searched = start
    }
    pendingByteCount = end - start
    memmove(memory.baseAddress!, base + start, pendingByteCount)
    if pendingByteCount > longestLine { try finish(line) }
    return readByteCount
  }

  /// Hands over the last line where no newline ended it.
  mutating func finish(_ line: (UnsafeRawBufferPointer) throws -> Bool) rethrows {
    guard pendingByteCount > 0 else { return }
    _ = try line(UnsafeRawBufferPointer(rebasing: memory[..<pendingByteCount]))
    pendingByteCount = 0
  }

  private mutating func reserveBlock() {
    guard memory.count < pendingByteCount + Self.blockByteCount else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * memory.count, alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<pendingByteCount]))
    memory.deallocate()
    memory = larger
  }
}
