internal import Platform
internal import SystemPackage

/// The connection to the `mporch up` that started the run.
///
/// What the client is slow to take waits in memory; past `highWater` the run is asked to produce no more.
final class AttachConnection {
  static let highWater = 4 << 20
  static let lowWater = 1 << 20

  private let socket: Descriptor
  private let loop: EventLoop
  /// `nil` once the client is gone.
  private var watch: EventLoop.Watch?
  private var decoder = FrameDecoder()
  private var outgoing = OutgoingBytes()
  private var isCongested = false
  private let incoming = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)

  var onMessage: (ClientMessage) -> Void = { _ in }
  /// The client is gone, or speaks another language; the connection takes no more.
  var onLost: () -> Void = {}
  var onCongestion: (_ isCongested: Bool) -> Void = { _ in }

  /// `socket` was used until now to read the start request only.
  init(_ socket: consuming Descriptor, loop: EventLoop) throws(Errno) {
    try socket.setNonBlocking()
    self.socket = socket
    self.loop = loop
    watch = try loop.watch(self.socket.number, .read) { [unowned self] in handle($0) }
  }

  deinit {
    if let watch { loop.unwatch(watch) }
    incoming.deallocate()
  }

  /// Nothing waits to be taken, or nobody is there to take it.
  var isFlushed: Bool { watch == nil || outgoing.isEmpty }

  func send(_ message: SupervisorMessage) {
    guard watch != nil else { return }
    outgoing.append(WireCoding.frame(message))
    flush()
  }

  func sendOutput(instance: Int, _ stream: FrameHeader.OutputStream, time: Int64, _ bytes: UnsafeRawBufferPointer) {
    guard watch != nil else { return }
    let kind = FrameHeader.Kind.output(instance: instance, stream: stream, time: time)
    let header = FrameHeader(payloadByteCount: bytes.count, kind: kind).encoded
    let sent = outgoing.isEmpty ? header.withUnsafeBytes { sendNow($0, bytes) } : 0
    guard sent < header.count + bytes.count, watch != nil else { return }
    outgoing.append(header.dropFirst(sent))
    outgoing.append(UnsafeRawBufferPointer(rebasing: bytes[max(0, sent - header.count)...]))
    awaitRoom()
  }

  /// Without a copy, where the peer takes it at once; how many bytes it took.
  private func sendNow(_ header: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer) -> Int {
    do {
      if case .count(let count) = try socket.write(header, bytes) { return count }
    } catch {
      lose()
    }
    return 0
  }

  private func handle(_ ready: Epoll.Readiness) {
    if ready.canWrite { flush() }
    if ready.canRead, watch != nil { receive() }
  }

  private func receive() {
    do {
      guard case .count(let count) = try socket.read(into: incoming) else { return }
      guard count > 0 else { return lose() }
      try decoder.feed(UnsafeRawBufferPointer(rebasing: incoming[..<count])) { header, payload in
        guard header.kind == .message else { throw BrokenFrame() }
        onMessage(try WireCoding.decode(ClientMessage.self, from: payload))
      }
    } catch {
      lose()
    }
  }

  private func flush() {
    do {
      try outgoing.write(to: socket)
      awaitRoom()
    } catch {
      lose()
    }
  }

  private func awaitRoom() {
    if let watch { loop.change(watch, outgoing.isEmpty ? .read : [.read, .write]) }
    if !isCongested, outgoing.count > Self.highWater { setCongested(true) }
    if isCongested, outgoing.count < Self.lowWater { setCongested(false) }
  }

  private func setCongested(_ isCongested: Bool) {
    self.isCongested = isCongested
    onCongestion(isCongested)
  }

  private func lose() {
    guard let watch = watch.take() else { return }
    loop.unwatch(watch)
    outgoing = OutgoingBytes()
    if isCongested { setCongested(false) }
    onLost()
  }
}

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
