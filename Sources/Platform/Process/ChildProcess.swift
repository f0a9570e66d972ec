internal import CPlatform
internal import Glibc
package import SystemPackage

/// The parent's side of a child's life.
package enum ChildProcess {
  package struct Death: Sendable, Equatable {
    package var pid: Int32
    package var isSignalled: Bool
    /// The exit code, or the signal.
    package var status: Int32
  }

  /// Both sides return: the child with `nil`. Only for a process of one thread.
  package static func fork() throws(Errno) -> Int32? {
    let pid = try shim { mporch_fork() }
    return pid == 0 ? nil : pid
  }

  /// A child that has died, seen and not reaped: its pid stays its own until `reap`.
  package static func nextDeath() -> Death? {
    var (status, signalled): (Int32, Int32) = (0, 0)
    let pid = mporch_next_dead_child(&status, &signalled)
    return pid > 0 ? Death(pid: pid, isSignalled: signalled != 0, status: status) : nil
  }

  /// Whether a child has died, and was not reaped.
  package static func isDead(_ pid: Int32) -> Bool { mporch_is_child_dead(pid) == 1 }

  /// Waits for the death of a child for that time at most.
  package static func diesWithin(milliseconds: Int32, _ pid: Int32) -> Bool {
    if let process = ProcessHandle(pid) { return process.hasEnded(within: milliseconds) }
    for _ in 0..<milliseconds where !isDead(pid) { usleep(1000) }
    return isDead(pid)
  }

  /// Ends the zombie; gives the processor time that it and those it waited for have used.
  @discardableResult
  package static func reap(_ pid: Int32) -> Duration {
    var nanoseconds: Int64 = 0
    _ = mporch_reap(pid, &nanoseconds)
    return .nanoseconds(nanoseconds)
  }

  /// All children of a process, orphans that it adopted included; none where /proc does not tell.
  package static func all(of pid: Int32 = getpid()) -> [Int32] {
    var children = [Int32](repeating: 0, count: 64)
    while true {
      let count = Int(mporch_children(pid, &children, Int32(children.count)))
      guard count > children.count else { return Array(children.prefix(max(0, count))) }
      children = [Int32](repeating: 0, count: count * 2)
    }
  }

  /// The session of a process: that of the worker which started it, unless it began one of its own.
  package static func session(of pid: Int32) -> Int32 { getsid(pid) }

  package static func group(of pid: Int32) -> Int32 { getpgid(pid) }
}
