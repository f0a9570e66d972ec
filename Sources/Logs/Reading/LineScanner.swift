import Glibc
import SystemPackage

/// Gives out the lines of a file as far as they are written, where they lie in its buffer, for speed; at the end it can be
/// asked again later.
final class LineScanner {
  private static let bufferByteCount = 128 << 10

  /// Held, since it closes the descriptor with its last reference.
  private let file: OpenLogFile
  private let buffer = UnsafeMutableRawPointer.allocate(byteCount: LineScanner.bufferByteCount, alignment: 16)
  private var readOffset: Int
  private var start = 0
  private var end = 0
  /// Where in the buffer no newline was found yet.
  private var searched = 0
  private var isTooLong = false

  init(_ file: OpenLogFile, offset: Int) {
    self.file = file
    readOffset = offset
  }

  deinit { buffer.deallocate() }

  /// Whether the file, as read so far, ends within a line.
  var endsWithinLine: Bool { start < end || isTooLong }

  /// The next line without its newline, empty for one that is longer than any of the format; `nil` at the end.
  /// Valid until the next call.
  @inline(__always)
  func next() throws -> UnsafeRawBufferPointer? {
    repeat {
      guard let newline = memchr(buffer + searched, 0x0A, end - searched) else { continue }
      let length = UnsafeMutableRawPointer(newline) - (buffer + start)
      let line = UnsafeRawBufferPointer(start: buffer + start, count: isTooLong ? 0 : length)
      start += length + 1
      searched = start
      isTooLong = false
      return line
    } while try fill()
    return nil
  }

  private func fill() throws -> Bool {
    if end - start > CRIFormat.maxLineByteCount {
      isTooLong = true
      start = end
    }
    memmove(buffer, buffer + start, end - start)
    end -= start
    start = 0
    searched = end
    let room = UnsafeMutableRawBufferPointer(start: buffer + end, count: Self.bufferByteCount - end)
    let taken = try file.descriptor.read(fromAbsoluteOffset: Int64(readOffset), into: room)
    readOffset += taken
    end += taken
    return taken > 0
  }
}

/// Gives out the lines of a file from the last to the first, reading it block by block.
struct BackwardLineScanner: ~Copyable {
  struct Line {
    /// Without its newline; empty for one that is longer than any line of the format. Valid until the next call.
    var bytes: UnsafeRawBufferPointer
    var offset: Int
  }

  private static let blockByteCount = 64 << 10

  /// Held, since it closes the descriptor with its last reference.
  private let file: OpenLogFile
  /// A block, and behind it the beginning of a line that the block before has the rest of.
  private let buffer = UnsafeMutableRawPointer.allocate(
    byteCount: BackwardLineScanner.blockByteCount + CRIFormat.maxLineByteCount, alignment: 16)
  /// Where in the file the buffer starts.
  private var bufferOffset: Int
  /// The bytes of the buffer whose lines were not given out yet; they end behind a newline but while `isTooLong`.
  private var count = 0
  private var isTooLong = false
  private var skippedTornEnd = false

  /// `end`: where the file ends for this purpose.
  init(_ file: OpenLogFile, end: Int) {
    self.file = file
    bufferOffset = end
  }

  deinit { buffer.deallocate() }

  /// Where the last line ends that a newline ends. Only before the first `previous`.
  mutating func lastLineEnd() throws -> Int {
    try skipTornEnd()
    return bufferOffset + count
  }

  /// The line before the last one given out; what no newline ends is none.
  mutating func previous() throws -> Line? {
    try skipTornEnd()
    while true {
      if count > 0 || isTooLong, let line = takeLast() { return line }
      guard bufferOffset > 0 else { return takeFirst() }
      if count > CRIFormat.maxLineByteCount {
        isTooLong = true
        count = 0
      }
      try fill()
    }
  }

  private mutating func skipTornEnd() throws {
    while !skippedTornEnd {
      if count == 0 {
        guard bufferOffset > 0 else { break }
        try fill()
      }
      let newline = lastNewline(before: count)
      count = newline.map { $0 + 1 } ?? 0
      skippedTornEnd = newline != nil
    }
    skippedTornEnd = true
  }

  private mutating func takeLast() -> Line? {
    // Its own newline is the last byte; where a line too long was dropped, that is gone already.
    guard let newline = lastNewline(before: isTooLong ? count : count - 1) else { return nil }
    return take(from: newline + 1)
  }

  private mutating func takeFirst() -> Line? { count > 0 || isTooLong ? take(from: 0) : nil }

  private mutating func take(from start: Int) -> Line {
    let bytes = UnsafeRawBufferPointer(start: buffer + start, count: isTooLong ? 0 : count - 1 - start)
    count = start
    isTooLong = false
    return Line(bytes: bytes, offset: bufferOffset + start)
  }

  private func lastNewline(before end: Int) -> Int? {
    var index = end - 1
    while index >= 0, buffer.load(fromByteOffset: index, as: UInt8.self) != 0x0A { index -= 1 }
    return index >= 0 ? index : nil
  }

  /// Puts the block before in front of what is left.
  private mutating func fill() throws {
    let wanted = min(Self.blockByteCount, bufferOffset)
    memmove(buffer + wanted, buffer, count)
    bufferOffset -= wanted
    count += wanted
    var filled = 0
    while filled < wanted {
      let target = UnsafeMutableRawBufferPointer(start: buffer + filled, count: wanted - filled)
      let taken = try file.descriptor.read(fromAbsoluteOffset: Int64(bufferOffset + filled), into: target)
      // Someone cut the file off: what was there is no line of a log.
      if taken == 0 { memset(buffer + filled, 0, wanted - filled) }
      filled += taken == 0 ? wanted - filled : taken
    }
  }
}
