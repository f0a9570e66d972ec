/// How much memory can be taken before the system or a control group kills for it.
package enum AvailableMemory {
  /// The least of what the machine has and what each control group above this process leaves; `nil`: nobody knows.
  package static func byteCount() -> UInt64? {
    let machine = ProcFile.read("/proc/meminfo").flatMap(machineByteCount)
    return (ControlGroup.remainders(of: .memory) + [machine]).compactMap(\.self).min()
  }

  /// How many processes the system has killed since it began, as memory had run out: that of the machine, or of a control
  /// group.
  package static func killCount() -> UInt64 { ProcFile.read("/proc/vmstat").map(killCount) ?? 0 }

  static func killCount(vmstat: String) -> UInt64 {
    for line in vmstat.split(separator: "\n") where line.hasPrefix("oom_kill ") {
      return line.split(separator: " ").last.flatMap { UInt64($0) } ?? 0
    }
    return 0
  }

  static func machineByteCount(meminfo: String) -> UInt64? {
    for line in meminfo.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      return line.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }.map { $0 * 1024 }
    }
    return nil
  }
}
