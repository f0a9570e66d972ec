import CPlatform
import Glibc
import SystemPackage

/// Starts the supervisor of a run: this same executable, once more.
struct SupervisorLaunch {
  /// What makes `main` become a supervisor.
  static let hiddenArgument = "__supervise"
  /// Where the supervisor finds its end of the attach connection.
  private static let connectionDescriptor: Int32 = 3

  /// Whether it is to have the standard streams of this process, for processes that read or write `-`. A detached one
  /// must not hold them: who waits for their end would wait as long as the run lives.
  var sharesStandardStreams: Bool

  /// The supervisor's process, and the descriptor of this end of the connection.
  func start() throws(CommandFailure) -> (processID: Int32, connection: FileDescriptor) {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw Self.failure("make a connection", Errno(rawValue: errno))
    }
    defer { close(ends[1]) }
    do {
      return (try spawn(connection: ends[1]), FileDescriptor(rawValue: ends[0]))
    } catch {
      close(ends[0])
      throw Self.failure("start a process", error)
    }
  }

  private func spawn(connection: Int32) throws(Errno) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if !sharesStandardStreams {
      for stream: Int32 in 0...2 { posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0) }
    }
    // The duplicate is not closed by exec, not even where both numbers are the same: glibc sees to it.
    posix_spawn_file_actions_adddup2(&actions, connection, Self.connectionDescriptor)
    mporch_spawn_close_from(&actions, Self.connectionDescriptor + 1)
    var attributes = Self.attributes()
    defer { posix_spawnattr_destroy(&attributes) }
    return try Self.spawn("/proc/self/exe", ["mporch", Self.hiddenArgument], &actions, &attributes)
  }

  /// A session of its own: Ctrl-C is for the client, which asks the supervisor to stop. Signals as after a login.
  private static func attributes() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | Int32(MPORCH_SPAWN_SETSID)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    return attributes
  }

  private static func spawn(
    _ path: String, _ arguments: [String], _ actions: inout posix_spawn_file_actions_t,
    _ attributes: inout posix_spawnattr_t
  ) throws(Errno) -> Int32 {
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var processID: Int32 = 0
    let status = posix_spawn(&processID, path, &actions, &attributes, &pointers, mporch_environment())
    guard status == 0 else { throw Errno(rawValue: status) }
    return processID
  }

  private static func failure(_ operation: String, _ errno: Errno) -> CommandFailure {
    CommandFailure(
      .resourcesUnavailable, "can't \(operation) for the supervisor: \(errno)",
      help: "the limits of this user are shown by 'ulimit -a'")
  }
}
