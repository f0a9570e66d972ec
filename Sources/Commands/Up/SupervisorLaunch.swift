import CPlatform
import Glibc
import Platform
import Supervisor
import SystemPackage

/// Starts the supervisor of a run: this same executable, once more.
///
/// In a session of its own: Ctrl-C is for the client, which asks the supervisor to stop.
struct SupervisorLaunch {
  /// What makes `main` become a supervisor.
  static let hiddenArgument = "__supervise"

  /// Whether it is to have the standard streams of this process, for processes that read or write `-`. A detached one
  /// must not hold them: who waits for their end would wait as long as the run lives.
  var sharesStandardStreams: Bool

  /// The supervisor's process, and the descriptor of this end of the connection.
  func start() throws(CommandFailure) -> (processID: Int32, connection: FileDescriptor) {
    do {
      let (own, other) = try UnixSocket.pair()
      defer { close(other) }
      let connection = FileDescriptor(rawValue: own)
      do {
        return (try spawn(connection: other), connection)
      } catch {
        close(own)
        throw error
      }
    } catch {
      throw CommandFailure(
        .resourcesUnavailable, "can't start the supervisor: \(error)",
        help: "the limits of this user are shown by 'ulimit -a'")
    }
  }

  private func spawn(connection: Int32) throws(Errno) -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("mporch"), strdup(Self.hiddenArgument), nil]
    defer { for argument in arguments { free(argument) } }
    RunMark.renew()
    return try shim {
      mporch_spawn_session("/proc/self/exe", &arguments, connection, sharesStandardStreams ? 1 : 0)
    }
  }
}

/// The connection of `mporch up` to the supervisor that it started.
final class AttachConnection {
  /// The output of many workers comes in bursts: few large reads.
  private static let bufferByteCount = 1 << 20

  let descriptor: FileDescriptor
  private var decoder = FrameDecoder()
  private let buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: AttachConnection.bufferByteCount, alignment: 16)

  init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

  deinit {
    buffer.deallocate()
    try? descriptor.close()
  }

  /// A supervisor that has gone says so by the end of what it sends, not here.
  func send(_ message: ClientMessage) {
    let frame = WireCoding.frame(message)
    _ = try? descriptor.writeAll(frame)
  }

  /// Reads what is there and gives out the frames that it completes; false at the end.
  func receive(_ body: (FrameHeader, UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
    let byteCount: Int
    do {
      byteCount = try descriptor.read(into: buffer)
    } catch Errno.connectionReset {
      byteCount = 0
    }
    try decoder.feed(UnsafeRawBufferPointer(rebasing: buffer[..<byteCount]), body)
    return byteCount > 0
  }
}
