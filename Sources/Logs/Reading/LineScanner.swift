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
