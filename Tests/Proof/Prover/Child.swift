import Glibc
import Platform
import Tracing

/// Children of the prover. None of them outlives it.
enum Child {
  /// Forks a child that runs `body`, which does not return.
  static func fork(_ body: () -> Never) throws -> Int32 {
    guard let pid = try ChildProcess.fork() else {
      CurrentProcess.setParentDeathSignal(SIGKILL)
      proof_release()
      for crash in [SIGSEGV, SIGILL, SIGBUS, SIGABRT] { signal(crash, SIG_DFL) }
      body()
    }
    return pid
  }

  /// Zeroed memory that children forked later share.
  static func sharedMemory<Element: BitwiseCopyable>(
    of type: Element.Type, count: Int
  ) throws -> UnsafeMutableBufferPointer<Element> {
    let byteCount = count * MemoryLayout<Element>.stride
    let shared = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
    guard let shared, shared != MAP_FAILED else { throw Unplayable(description: "mmap: errno \(errno)") }
    return UnsafeMutableBufferPointer(start: shared.bindMemory(to: type, capacity: count), count: count)
  }

  /// Whether all of them wait in system calls, for each other or for somebody who is stopped, or are dead: so it was at
  /// two looks at all of them, and none has run in between. `orStopped`: that is rest too.
  static func areAtRest(_ pids: some Collection<Int32>, orStopped: Bool = false) -> Bool {
    var slices: [String?] = []
    for pid in pids {
      guard isAtRest(pid, orStopped) else { return false }
      slices.append(timeSlices(of: pid))
    }
    return zip(pids, slices).allSatisfy { isAtRest($0, orStopped) && timeSlices(of: $0) == $1 }
  }

  private static func isAtRest(_ pid: Int32, _ orStopped: Bool) -> Bool {
    guard let statistics = ProcessStatistics(of: pid) else { return true }
    return statistics.isAsleep || statistics.isZombie || orStopped && statistics.isStopped
  }

  /// Changes whenever it runs.
  private static func timeSlices(of pid: Int32) -> String? { ProcFile.read("/proc/\(pid)/schedstat") }

  static func end(_ pid: Int32) {
    kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  }
}
