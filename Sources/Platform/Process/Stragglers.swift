internal import Glibc

/// Processes that have outlived those which were to end them. They are known by a variable in the environment that they
/// began with, and by their sessions: a program may clear its environment, or write over it, but it stays in the session
/// of who started it unless it leaves that too.
package struct Stragglers {
  /// `NAME=value`.
  private let mark: String
  /// Each begun by a process of the same run; grows by those of marked processes.
  private var sessions: Set<Int32>
  private static let pauseMicroseconds: UInt32 = 5000
  /// Ten seconds: one that another user owns can't be killed.
  private static let roundCount = 2000

  package init(variable: String, value: String, sessions: [Int32]) {
    mark = "\(variable)=\(value)"
    self.sessions = Set(sessions)
  }

  /// Kills them, and what they start meanwhile, until none is left; this process is never one of them.
  package mutating func end() {
    for _ in 0..<Self.roundCount {
      let left = find()
      if left.isEmpty { return }
      for pid in left { kill(pid, SIGKILL) }
      usleep(Self.pauseMicroseconds)
    }
  }

  private mutating func find() -> [Int32] {
    let own = getpid()
    let all = Folder.names(in: "/proc").compactMap { Int32($0) }.filter { $0 != own }
    let marked = Set(all.filter(isMarked))
    for pid in marked {
      let session = ChildProcess.session(of: pid)
      // It may have ended just now.
      if session > 0 { sessions.insert(session) }
    }
    return all.filter { pid in
      (marked.contains(pid) || sessions.contains(ChildProcess.session(of: pid)))
        && ProcessStatistics(of: pid)?.isZombie == false
    }
  }

  /// A dead process has no environment, and that of another user can't be read.
  private func isMarked(_ pid: Int32) -> Bool {
    ProcFile.read("/proc/\(pid)/environ")?.utf8.split(separator: 0).contains { $0.elementsEqual(mark.utf8) } ?? false
  }
}
