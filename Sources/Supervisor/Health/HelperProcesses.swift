internal import Glibc
internal import Platform

/// The supervisor's children that are neither workers nor its warden, and who wants to know that one has died.
final class HelperProcesses {
  private var handlers: [Int32: (Ending) -> Void] = [:]

  func add(_ pid: Int32, _ onDeath: @escaping (Ending) -> Void) { handlers[pid] = onDeath }

  func contains(_ pid: Int32) -> Bool { handlers[pid] != nil }

  /// All of them, now: nobody wants to know any more.
  func end() {
    for pid in handlers.keys {
      kill(-pid, SIGKILL)
      ChildProcess.reap(pid)
    }
    handlers = [:]
  }

  /// Reaps it if it is one of these, and kills what is left of its group.
  func take(_ death: ChildProcess.Death) -> Bool {
    guard let handler = handlers.removeValue(forKey: death.pid) else { return false }
    // Before it is reaped: until then the group's number is nobody else's.
    kill(-death.pid, SIGKILL)
    ChildProcess.reap(death.pid)
    handler(Ending(death))
    return true
  }
}
