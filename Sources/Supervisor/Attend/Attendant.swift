internal import Glibc
internal import Platform
internal import SystemPackage

/// A process that the supervisor has forked to serve one command: no part of the run, and not shown in `ps`.
final class Attendant {
  enum Role {
    case tap
    /// Gets or puts; it has a place of its own in the worker table.
    case courier(worker: Int)
  }

  let pid: Int32
  let role: Role
  /// The command's, to say the last word when the process is gone.
  private let socket: Descriptor

  private init(pid: Int32, role: Role, socket: consuming Descriptor) {
    self.pid = pid
    self.role = role
    self.socket = socket
  }

  /// `body` is what the new process does; `name` shows in `ps` of the system.
  static func start(
    _ name: String, _ role: Role, socket: consuming Descriptor, _ body: (ClientChannel) -> Never
  ) throws(Errno) -> Attendant {
    let supervisor = getpid()
    guard let pid = try ChildProcess.fork() else {
      settle(name, supervisor: supervisor, socket: socket.number)
      body(ClientChannel(socket))
    }
    return Attendant(pid: pid, role: role, socket: socket)
  }

  private static func settle(_ name: String, supervisor: Int32, socket: Int32) {
    CurrentProcess.startSession()
    CurrentProcess.unblockSignals()
    CurrentProcess.setParentDeathSignal(SIGKILL)
    // It may have died before the line above.
    if getppid() != supervisor { _exit(1) }
    CurrentProcess.setName(name)
    CurrentProcess.closeDescriptors(except: socket)
  }

  /// Where the command has room for it.
  func say(_ reply: ControlReply) {
    let line = WireCoding.encode(reply) + [UInt8(ascii: "\n")]
    _ = try? line.withUnsafeBytes { bytes throws(Errno) in try socket.write(bytes) }
  }

  func kill() { Glibc.kill(pid, SIGKILL) }
}
