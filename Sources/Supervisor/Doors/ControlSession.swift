internal import Platform
internal import SystemPackage
internal import Text

/// One connection to the control socket: reads a request, waits for its answer, then reads the next.
final class ControlSession {
  /// A request to change a topology has the client's environment in it, and the texts of all its files.
  static let maxRequestByteCount = 64 << 20
  /// How long a client may take for one request.
  static let requestTimeout = Duration.seconds(5)
  /// A client that streams and does not read is let go.
  static let maxBacklogByteCount = 4 << 20

  private enum Phase {
    case receiving(EventLoop.Timer)
    /// The request was handed on; `reply` or `close` is to come.
    case answering
    /// Closes when everything was taken.
    case closing(EventLoop.Timer)
    case closed
  }

  /// Closed with the session, whoever still has that; `nil` then.
  private var socket: Descriptor?
  private let number: Int32
  private let loop: EventLoop
  private var watch: EventLoop.Watch?
  private var phase = Phase.closed
  private var received = IncomingLines()
  private var outgoing = OutgoingBytes()
  private let onRequest: (ControlRequest, ControlSession) -> Void
  private let onClose: (ControlSession) -> Void

  init(
    _ socket: consuming Descriptor, loop: EventLoop, onRequest: @escaping (ControlRequest, ControlSession) -> Void,
    onClose: @escaping (ControlSession) -> Void
  ) throws(Errno) {
    number = socket.number
    self.socket = .some(socket)
    self.loop = loop
    self.onRequest = onRequest
    self.onClose = onClose
    watch = try loop.watch(number, .read) { [unowned self] in handle($0) }
    awaitRequest()
  }

  var isFlushed: Bool { outgoing.isEmpty }

  /// The one answer to the request; the session is ready for the next.
  func reply(_ reply: ControlReply) {
    send(reply)
    guard case .answering = phase else { return }
    awaitRequest()
    takeRequest()
  }

  /// One of many answers.
  func send(_ reply: ControlReply) {
    guard watch != nil else { return }
    outgoing.append(WireCoding.encode(reply) + [UInt8(ascii: "\n")])
    if outgoing.count > Self.maxBacklogByteCount { return close() }
    flush()
  }

  /// Nothing more will come; what the client has not taken it has a moment to take.
  func finish() {
    guard watch != nil else { return }
    leavePhase()
    phase = .closing(loop.after(Self.requestTimeout) { [unowned self] in close() })
    flush()
  }

  /// For another process, which answers from here on.
  func duplicate() throws(Errno) -> Descriptor { try .duplicate(of: number, atLeast: 3) }

  func close() {
    guard let watch = watch.take() else { return }
    leavePhase()
    phase = .closed
    loop.unwatch(watch)
    socket = nil
    onClose(self)
  }

  private func awaitRequest() {
    phase = .receiving(loop.after(Self.requestTimeout) { [unowned self] in close() })
  }

  private func leavePhase() {
    switch phase {
    case .receiving(let timer), .closing(let timer): loop.cancel(timer)
    case .answering, .closed: break
    }
  }

  private func handle(_ ready: Epoll.Readiness) {
    if ready.canWrite { flush() }
    if ready.canRead, watch != nil { receive() }
  }

  private func receive() {
    let transfer = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { bytes -> Descriptor.Transfer in
      let transfer = (try? socket?.read(into: bytes)) ?? .count(0)
      if case .count(let count) = transfer { received.append(UnsafeRawBufferPointer(rebasing: bytes[..<count])) }
      return transfer
    }
    if transfer == .count(0) || received.byteCount > Self.maxRequestByteCount { return close() }
    if case .receiving = phase { takeRequest() }
  }

  private func takeRequest() {
    guard let line = received.next() else { return }
    leavePhase()
    phase = .answering
    do {
      onRequest(try WireCoding.decode(ControlRequest.self, from: line), self)
    } catch {
      send(
        .refused(
          Refusal(
            "this is no request that this version of mporch knows: \(String(decoding: line.prefix(80), as: UTF8.self))",
            exitCode: 64)))
      finish()
    }
  }

  private func flush() {
    do {
      if socket != nil { try outgoing.write(to: socket!) }
      if let watch { loop.change(watch, outgoing.isEmpty ? .read : [.read, .write]) }
      if case .closing = phase, outgoing.isEmpty { close() }
    } catch {
      close()
    }
  }
}
