internal import Platform
internal import SystemPackage

/// A command that another process answers: kept for the last word, when that process is gone.
final class ServedClient {
  private let socket: Descriptor

  /// `socket` is non-blocking.
  init(_ socket: consuming Descriptor) { self.socket = socket }

  var descriptor: Int32 { socket.number }

  /// Where the command has room for it.
  func say(_ reply: ControlReply) {
    let line = WireCoding.encode(reply) + [UInt8(ascii: "\n")]
    _ = try? line.withUnsafeBytes { bytes throws(Errno) in try socket.write(bytes) }
  }
}
