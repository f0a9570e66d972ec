internal import Platform

extension StartRequest {
  /// The first frame that arrives; waits for it. `nil`: the client went away, or sent something else.
  static func receive(from socket: borrowing Descriptor) -> StartRequest? {
    var decoder = FrameDecoder()
    var request: StartRequest?
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { bytes.deallocate() }
    while request == nil {
      guard case .count(let count)? = try? socket.read(into: bytes), count > 0 else { return nil }
      let received = UnsafeRawBufferPointer(rebasing: bytes[..<count])
      let isUnderstood: Void? = try? decoder.feed(received) { _, payload in
        guard case .start(let start) = try WireCoding.decode(ClientMessage.self, from: payload) else {
          throw BrokenFrame()
        }
        request = start
      }
      if isUnderstood == nil { return nil }
    }
    return request
  }
}
