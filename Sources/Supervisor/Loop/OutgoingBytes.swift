import Platform
import SystemPackage

/// What a socket's peer has not taken yet, in order.
struct OutgoingBytes {
  private var bytes: [UInt8] = []
  private var start = 0

  var count: Int { bytes.count - start }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ more: some Collection<UInt8>) { bytes.append(contentsOf: more) }

  mutating func append(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }

  /// As much as the peer takes without waiting.
  mutating func write(to socket: borrowing Descriptor) throws(Errno) {
    while !isEmpty {
      let transfer = try bytes.withUnsafeBytes { bytes throws(Errno) in
        try socket.write(UnsafeRawBufferPointer(rebasing: bytes[start...]))
      }
      guard case .count(let count) = transfer else { break }
      start += count
    }
    compact()
  }

  private mutating func compact() {
    if isEmpty {
      // A backlog that was large does not stay in memory.
      bytes.removeAll(keepingCapacity: bytes.count <= 64 << 10)
      start = 0
    } else if start > bytes.count / 2 {
      bytes.removeSubrange(..<start)
      start = 0
    }
  }
}
