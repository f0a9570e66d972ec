internal import CPlatform
internal import Glibc

/// One process, by a descriptor that stands for it: never for another one that has its number later.
///
/// For processes that are no children of this one. A child's number is its own until it is reaped.
package struct ProcessHandle: ~Copyable {
  private let descriptor: Descriptor

  /// Whoever has this number now; what was known of it is to be looked at again behind this. `nil`: nobody.
  package init?(_ pid: Int32) {
    guard let number = try? shim({ mporch_open_process(pid) }) else { return nil }
    descriptor = Descriptor(owning: number)
  }

  /// Without effect once it has ended.
  package func send(_ signal: Int32) { _ = mporch_signal_process(descriptor.number, signal) }

  /// Whether it ends within that time.
  package func hasEnded(within milliseconds: Int32) -> Bool {
    var poll = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
    return Glibc.poll(&poll, 1, milliseconds) > 0
  }
}
