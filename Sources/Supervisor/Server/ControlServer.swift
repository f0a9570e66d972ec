internal import Glibc
internal import Platform
internal import SystemPackage

/// Takes requests on the run's control socket, from this user and root only.
final class ControlServer {
  /// So that clients can't use up the descriptors that workers need.
  static let maxSessionCount = 256

  private let socket: Descriptor
  private let loop: EventLoop
  private var watch: EventLoop.Watch?
  private var sessions: [ObjectIdentifier: ControlSession] = [:]
  var onRequest: (ControlRequest, ControlSession) -> Void = { _, _ in }
  var onClose: (ControlSession) -> Void = { _ in }

  init(_ socket: consuming Descriptor, loop: EventLoop) throws(Errno) {
    self.socket = socket
    self.loop = loop
    watch = try loop.watch(self.socket.number, .read) { [unowned self] _ in accept() }
  }

  var isFlushed: Bool { sessions.isEmpty }

  /// No new clients; those that are there may take what was sent to them.
  func finish() {
    if let watch = watch.take() { loop.unwatch(watch) }
    for session in Array(sessions.values) { session.finish() }
  }

  private func accept() {
    while let connection = try? UnixSocket.accept(on: socket) {
      guard let user = try? UnixSocket.peerUser(of: connection), user == geteuid() || user == 0,
        sessions.count < Self.maxSessionCount
      else { continue }
      open(connection)
    }
  }

  private func open(_ connection: consuming Descriptor) {
    let session = try? ControlSession(
      connection, loop: loop,
      onRequest: { [unowned self] in onRequest($0, $1) },
      onClose: { [unowned self] session in
        onClose(session)
        sessions[ObjectIdentifier(session)] = nil
      })
    if let session { sessions[ObjectIdentifier(session)] = session }
  }
}
