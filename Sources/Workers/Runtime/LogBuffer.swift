internal import Glibc
internal import SystemPackage

/// Lines on their way to the worker's standard output.
struct LogBuffer: ~Copyable {
  private var bytes: [UInt8] = []
  private static let flushByteCount = 64 << 10

  mutating func append(_ line: UnsafeRawBufferPointer) {
    // Not before: a worker that prints nothing needs none.
    if bytes.capacity == 0 { bytes.reserveCapacity(Self.flushByteCount) }
    bytes.append(contentsOf: line)
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count >= Self.flushByteCount { flush() }
  }

  /// A broken log does not end the work: the supervisor that read it is gone, and ends this process itself.
  @inline(__always)
  mutating func flush() {
    if !bytes.isEmpty { write() }
  }

  private mutating func write() {
    _ = try? bytes.withUnsafeBytes { try FileDescriptor.standardOutput.writeAll($0) }
    bytes.removeAll(keepingCapacity: true)
  }
}
