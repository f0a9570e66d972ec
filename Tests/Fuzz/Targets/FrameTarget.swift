import Supervisor

/// Frames of the attach connection, and lines of the control socket: the same, in whatever pieces they arrive.
enum FrameTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) {
    guard let first = bytes.first else { return }
    let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    let whole = frames(rest, piece: max(1, rest.count))
    let pieces = frames(rest, piece: Int(first % 32) + 1)
    expect(whole.found.elementsEqual(pieces.found, by: ==), "frames depend on how they were cut")
    expect(whole.isBroken == pieces.isBroken, "an error depends on how it was cut")
    _ = try? WireCoding.decode(ControlRequest.self, from: rest)
    _ = try? WireCoding.decode(ControlReply.self, from: rest)
    for (_, payload) in whole.found {
      _ = try? WireCoding.decode(ClientMessage.self, from: payload)
      _ = try? WireCoding.decode(SupervisorMessage.self, from: payload)
    }
  }

  private static func frames(
    _ bytes: UnsafeRawBufferPointer, piece: Int
  ) -> (found: [(FrameHeader, [UInt8])], isBroken: Bool) {
    var (decoder, found): (FrameDecoder, [(FrameHeader, [UInt8])]) = (FrameDecoder(), [])
    do {
      for start in stride(from: 0, to: bytes.count, by: piece) {
        let end = min(bytes.count, start + piece)
        try decoder.feed(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) { found.append(($0, Array($1))) }
      }
      return (found, false)
    } catch {
      return (found, true)
    }
  }
}
