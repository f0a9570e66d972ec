internal import Glibc
internal import Platform
internal import SystemPackage

/// Takes requests on the run's control socket, from this user and root only.
final class ControlServer {
  /// So that clients can't use up the descriptors that workers need.
  static let maxSessionCount = 256

  /// Between two looks for a client, where the system has no descriptor for it.
  private static let pause = Duration.milliseconds(100)

  private let socket: Descriptor
  private let loop: EventLoop
  private var watch: EventLoop.Watch?
  private var timer: EventLoop.Timer?
  /// Given up for a client where there is no other: a run that has none left can still be looked at, and ended.
  private var spare = try? Descriptor.devNull()
  /// Who has the descriptor that was to spare.
  private weak var lastSession: ControlSession?
  private var sessions: [ObjectIdentifier: ControlSession] = [:]
  var onRequest: (ControlRequest, ControlSession) -> Void = { _, _ in }
  var onClose: (ControlSession) -> Void = { _ in }

  init(_ socket: consuming Descriptor, loop: EventLoop) throws(Errno) {
    self.socket = socket
    self.loop = loop
    try listen()
  }

  private func listen() throws(Errno) {
    watch = try loop.watch(socket.number, .read) { [unowned self] _ in accept() }
  }

  var isFlushed: Bool { sessions.isEmpty }

  /// No new clients; those that are there may take what was sent to them.
  func finish() {
    if let watch = watch.take() { loop.unwatch(watch) }
    if let timer = timer.take() { loop.cancel(timer) }
    for session in Array(sessions.values) { session.finish() }
  }

  private func accept() {
    do throws(Errno) {
      while let connection = try UnixSocket.accept(on: socket) { take(connection) }
    } catch {
      if spare == nil { return rest() }
      spare = nil
      if let connection = (try? UnixSocket.accept(on: socket)) ?? nil { lastSession = take(connection) }
      restoreSpare()
    }
  }

  /// Who wants to come in is there still, which makes the socket ready again and again.
  private func rest() {
    if let watch = watch.take() { loop.unwatch(watch) }
    timer = loop.after(Self.pause) { [unowned self] in
      timer = nil
      do throws(Errno) { try listen() } catch { rest() }
    }
  }

  /// `nil`: it may not come in.
  @discardableResult
  private func take(_ connection: consuming Descriptor) -> ControlSession? {
    guard let user = try? UnixSocket.peerUser(of: connection), user == geteuid() || user == 0 else { return nil }
    guard sessions.count < Self.maxSessionCount else {
      let refusal = Refusal(
        "\(Self.maxSessionCount) commands are at this run already", help: "end one of them", exitCode: 69)
      ServedClient(connection).say(.refused(refusal))
      return nil
    }
    return open(connection)
  }

  private func open(_ connection: consuming Descriptor) -> ControlSession? {
    let session = try? ControlSession(
      connection, loop: loop,
      onRequest: { [unowned self] in answer($0, $1) },
      onClose: { [unowned self] session in
        onClose(session)
        sessions[ObjectIdentifier(session)] = nil
        restoreSpare()
      })
    if let session { sessions[ObjectIdentifier(session)] = session }
    return session
  }

  private func answer(_ request: ControlRequest, _ session: ControlSession) {
    guard session === lastSession, request.staysForLong else { return onRequest(request, session) }
    session.reply(
      .refused(
        Refusal(
          "the supervisor has no descriptor left for a command that stays",
          help: "end one of those that are at this run",
          exitCode: 69)))
    session.finish()
  }

  private func restoreSpare() {
    if spare == nil { spare = try? .devNull() }
  }
}

extension ControlRequest {
  /// Whether its connection is needed for as long as the command likes.
  fileprivate var staysForLong: Bool {
    switch self {
    case .wait, .awaitReadiness, .events, .get, .put, .tap: true
    default: false
    }
  }
}
