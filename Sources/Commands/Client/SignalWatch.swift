import CPlatform
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
    let opened = mporch_signalfd(&set)
    guard opened >= 0 else {
      throw CommandFailure(.resourcesUnavailable, "can't watch for signals: \(Errno(rawValue: -opened))")
    }
    descriptor = FileDescriptor(rawValue: opened)
  }

  deinit { try? descriptor.close() }

  /// The next signal that came; `nil`: none. Never waits.
  func next() -> Int32? {
    let signal = mporch_signalfd_next(descriptor.rawValue)
    return signal > 0 ? signal : nil
  }
}
