internal import Glibc
internal import Text

/// The connection to a command, for a process that serves it alone: lines of JSON both ways.
final class ClientChannel {
  private let socket: Int32
  private var received = IncomingLines()
  private(set) var isGone = false

  /// A non-blocking socket, open until this process ends.
  init(_ socket: Int32) { self.socket = socket }

  /// Waits for the client to take it, however long that is.
  func send(_ reply: ControlReply) {
    var rest = (WireCoding.encode(reply) + [UInt8(ascii: "\n")])[...]
    while !rest.isEmpty, !isGone {
      let count = rest.withUnsafeBytes { bytes in write(socket, bytes.baseAddress, bytes.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        _ = wait(for: POLLOUT, milliseconds: -1)
      } else if errno != EINTR {
        isGone = true
      }
    }
  }

  /// Waits for the client's next words as long as `milliseconds` (-1: without limit). `nil`: there are none yet, or it
  /// is gone, or has sent rubbish and is taken for gone.
  func next(milliseconds: Int32) -> CourierMessage? {
    while !isGone {
      if let line = received.next() {
        if let message = try? WireCoding.decode(CourierMessage.self, from: line) { return message }
        isGone = true
        return nil
      }
      guard wait(for: POLLIN, milliseconds: milliseconds) else { return nil }
      receive()
    }
    return nil
  }

  /// Looks whether the client has gone; what it has sent is kept.
  func look() { if wait(for: POLLIN, milliseconds: 0) { receive() } }

  /// Sleeps so long, or until the client goes; what it says is of no interest.
  func pause(milliseconds: Int32) {
    guard wait(for: POLLIN, milliseconds: milliseconds) else { return }
    receive()
    received.removeAll()
  }

  private func receive() {
    withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { bytes in
      let count = read(socket, bytes.baseAddress, bytes.count)
      if count > 0 { received.append(UnsafeRawBufferPointer(rebasing: bytes[..<count])) }
      if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { isGone = true }
    }
    if received.byteCount > CourierMessage.maxByteCount { isGone = true }
  }

  /// False: the time is over.
  private func wait(for events: Int32, milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: socket, events: Int16(events), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }
}
