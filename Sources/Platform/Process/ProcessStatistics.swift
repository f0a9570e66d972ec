internal import Glibc

/// What /proc/PID/stat says of a process.
package struct ProcessStatistics: Sendable, Equatable {
  /// Dead, and not reaped by its parent.
  package var isZombie: Bool
  /// By a signal (SIGSTOP), or a debugger.
  package var isStopped: Bool
  /// In a system call that waits, until something wakes it.
  package var isAsleep: Bool
  package var isRunnable: Bool
  /// User and system time.
  package var processorTime: Duration
  /// Of the children that it has waited for, and theirs.
  package var waitedProcessorTime: Duration
  package var residentByteCount: UInt64
  /// Since boot, in clock ticks; with the pid it names one process for ever.
  package var startTicks: UInt64

  /// `nil`: there is no such process.
  package init?(of pid: Int32) {
    guard let text = ProcFile.read("/proc/\(pid)/stat") else { return nil }
    self.init(parsing: text, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)), pageByteCount: sysconf(Int32(_SC_PAGESIZE)))
  }

  /// With all its descendants, and those that they have waited for: the sums of time and memory.
  package init?(ofTree pid: Int32) {
    self.init(of: pid)
    processorTime += waitedProcessorTime
    for child in ChildProcess.all(of: pid) {
      guard let below = ProcessStatistics(ofTree: child) else { continue }
      processorTime += below.processorTime
      residentByteCount += below.residentByteCount
    }
  }

  /// The second field, the name, is in parentheses and may hold anything, parentheses too.
  init?(parsing text: String, ticksPerSecond: Int, pageByteCount: Int) {
    guard let nameEnd = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: nameEnd)...].split(separator: " ")
    guard fields.count > 21, let user = Int64(fields[11]), let system = Int64(fields[12]),
      let waitedUser = Int64(fields[13]), let waitedSystem = Int64(fields[14]), let start = UInt64(fields[19]),
      let pages = UInt64(fields[21].filter { $0 != "\n" })
    else { return nil }
    isZombie = fields[0] == "Z" || fields[0] == "X"
    isStopped = fields[0] == "T" || fields[0] == "t"
    isAsleep = fields[0] == "S"
    isRunnable = fields[0] == "R"
    let nanosecondsPerTick = 1_000_000_000 / Int64(ticksPerSecond)
    processorTime = .nanoseconds((user + system) * nanosecondsPerTick)
    waitedProcessorTime = .nanoseconds((waitedUser + waitedSystem) * nanosecondsPerTick)
    residentByteCount = pages * UInt64(pageByteCount)
    startTicks = start
  }
}
