internal import Platform

extension StartRequest {
  /// The first frame that arrives; waits for it. What comes behind it, as the wish of a user who was quick to stop the run
  /// again, stays for the connection. `nil`: the client went away, or sent something else.
  static func receive(from socket: borrowing Descriptor) -> StartRequest? {
    guard let head = bytes(FrameHeader.byteCount, from: socket),
      let header = try? head.withUnsafeBytes({ try FrameHeader($0) }), header.kind == .message,
      let payload = bytes(header.payloadByteCount, from: socket),
      case .start(let request)? = try? WireCoding.decode(ClientMessage.self, from: payload)
    else { return nil }
    return request
  }

  /// Exactly so many.
  private static func bytes(_ count: Int, from socket: borrowing Descriptor) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var received = 0
    while received < count {
      let transfer = bytes.withUnsafeMutableBytes {
        try? socket.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[received...]))
      }
      guard case .count(let more)? = transfer, more > 0 else { return nil }
      received += more
    }
    return bytes
  }
}
