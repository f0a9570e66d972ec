import Glibc
import SystemPackage

/// Takes the signals that end a foreground run as data, to be polled together with everything else.
final class SignalWatch {
  /// Ctrl-C, a request to end, a closed terminal.
  static let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP]

  /// Readable when a signal came.
  let descriptor: FileDescriptor

  init() throws(CommandFailure) {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in Self.signals { sigaddset(&set, signal) }
    sigprocmask(SIG_BLOCK, &set, nil)
    let opened = signalfd(-1, &set, Int32(SFD_CLOEXEC.rawValue | SFD_NONBLOCK.rawValue))
    guard opened >= 0 else {
      throw CommandFailure(.resourcesUnavailable, "can't watch for signals: \(Errno(rawValue: errno))")
    }
    descriptor = FileDescriptor(rawValue: opened)
  }

  deinit { try? descriptor.close() }

  /// The next signal that came; `nil`: none. Never waits.
  func next() -> Int32? {
    var information = signalfd_siginfo()
    let byteCount = withUnsafeMutableBytes(of: &information) { try? descriptor.read(into: $0) }
    return byteCount == MemoryLayout<signalfd_siginfo>.size ? Int32(bitPattern: information.ssi_signo) : nil
  }
}
