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

  /// `leaders`: each began a session, with the variable in its environment.
  package init(variable: String, value: String, leaders: [Int32]) {
    mark = "\(variable)=\(value)"
    let mark = mark
    // A process that has such a number and not the variable is another one, and so is its session.
    sessions = Set(leaders.filter { Self.isMarked($0, mark) || ProcessStatistics(of: $0)?.isZombie != false })
  }

  /// Kills them, and what they start meanwhile, until none is left; this process is never one of them.
  package mutating func end() {
    for _ in 0..<Self.roundCount {
      let left = find()
      if left.isEmpty { return }
      for pid in left {
        // What is true of the number when the handle is there is true of the process that the handle stands for.
        if let process = ProcessHandle(pid), isOne(pid) { process.send(SIGKILL) }
      }
      usleep(Self.pauseMicroseconds)
    }
  }

  private mutating func find() -> [Int32] {
    let own = getpid()
    let all = Folder.names(in: "/proc").compactMap { Int32($0) }.filter { $0 != own }
    for pid in all where Self.isMarked(pid, mark) {
      let session = ChildProcess.session(of: pid)
      // It may have ended just now.
      if session > 0 { sessions.insert(session) }
    }
    return all.filter(isOne)
  }

  private func isOne(_ pid: Int32) -> Bool {
    (sessions.contains(ChildProcess.session(of: pid)) || Self.isMarked(pid, mark))
      && ProcessStatistics(of: pid)?.isZombie == false
  }

  /// Whether a process began with the variable. A dead one has no environment, and that of another user can't be read.
  package static func isMarked(_ pid: Int32, variable: String, value: String) -> Bool {
    isMarked(pid, "\(variable)=\(value)")
  }

  private static func isMarked(_ pid: Int32, _ mark: String) -> Bool {
    ProcFile.read("/proc/\(pid)/environ")?.utf8.split(separator: 0).contains { $0.elementsEqual(mark.utf8) } ?? false
  }
}
