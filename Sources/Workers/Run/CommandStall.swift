internal import Platform

/// Whether a command waits for its next line, and can do nothing else before it comes.
///
/// All its threads, and those of all that it has started, sleep for something that only one of them or its worker could
/// do: nobody else can wake them, and no time-out will. If that is so at two looks and none of them ran in between, they
/// all slept at one instant, and what its pipes hold then is all that there will ever be.
enum CommandStall {
  /// `standardInput`: the inode of the pipe by which it gets its lines. `isQuiet`: nothing is in its pipes, looked at
  /// between the two looks.
  static func isCertain(
    below worker: Int32, except watchers: (Int32) -> Bool, standardInput: UInt64, isQuiet: () -> Bool
  ) -> Bool {
    func look() -> [String: ThreadSleep]? {
      sleeps(of: ChildProcess.all(of: worker).filter { !watchers($0) }, waitingFor: standardInput)
    }
    guard let first = look(), isQuiet() else { return false }
    return look() == first
  }

  private static func sleeps(of roots: [Int32], waitingFor standardInput: UInt64) -> [String: ThreadSleep]? {
    var all: [String: ThreadSleep] = [:]
    var left = roots
    while let process = left.popLast() {
      guard let statistics = ProcessStatistics(of: process) else { return nil }
      if statistics.isZombie { continue }
      guard let sleeps = ThreadSleep.all(of: process) else { return nil }
      all.merge(sleeps) { $1 }
      left += ChildProcess.all(of: process)
    }
    let causes = all.values.map(\.cause)
    let isAwaited = causes.contains { cause in
      switch cause {
      case .pipe(let inode): inode == standardInput
      case .anyPipe(let inodes): inodes.contains(standardInput)
      default: false
      }
    }
    return isAwaited && !causes.contains(.other) ? all : nil
  }
}
