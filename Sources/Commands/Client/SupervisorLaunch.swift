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
