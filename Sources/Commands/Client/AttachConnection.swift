import Glibc
import Supervisor
import SystemPackage

/// The connection of `mporch up` to the supervisor that it started.
final class AttachConnection {
  /// The output of many workers comes in bursts: few large reads.
  private static let bufferByteCount = 1 << 20

  let descriptor: FileDescriptor
  private var decoder = FrameDecoder()
  private let buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: AttachConnection.bufferByteCount, alignment: 16)

  init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

  deinit {
    buffer.deallocate()
    try? descriptor.close()
  }

  /// A supervisor that has gone says so by the end of what it sends, not here.
  func send(_ message: ClientMessage) {
    let frame = WireCoding.frame(message)
    _ = try? descriptor.writeAll(frame)
  }

  /// Reads what is there and gives out the frames that it completes; false at the end.
  func receive(_ body: (FrameHeader, UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
    let byteCount: Int
    do {
      byteCount = try descriptor.read(into: buffer)
    } catch Errno.connectionReset {
      byteCount = 0
    }
    try decoder.feed(UnsafeRawBufferPointer(rebasing: buffer[..<byteCount]), body)
    return byteCount > 0
  }
}
