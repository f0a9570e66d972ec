/// How much memory can be taken before the system or a control group kills for it.
package enum AvailableMemory {
  /// The least of what the machine has and what each control group above this process leaves; `nil`: nobody knows.
  package static func byteCount() -> UInt64? {
    let machine = ProcFile.read("/proc/meminfo").flatMap(machineByteCount)
    let groups = ProcFile.read("/proc/self/cgroup").map(groupByteCounts) ?? []
    return (groups + [machine]).compactMap(\.self).min()
  }

  static func machineByteCount(meminfo: String) -> UInt64? {
    for line in meminfo.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      return line.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }.map { $0 * 1024 }
    }
    return nil
  }

  private static func groupByteCounts(membership: String) -> [UInt64?] {
    memoryGroup(of: membership).map { group in
      folders(of: group).map { folder in
        remaining(
          limit: ProcFile.read("\(folder)/\(group.limitFile)"), usage: ProcFile.read("\(folder)/\(group.usageFile)"))
      }
    } ?? []
  }

  struct Group: Equatable {
    var root: String
    var path: String
    var limitFile: String
    var usageFile: String
  }

  /// Lines are `ID:CONTROLLERS:PATH`; the first version names its controllers, the second has none.
  static func memoryGroup(of membership: String) -> Group? {
    let lines = membership.split(separator: "\n").map {
      $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    }
    for line in lines where line.count == 3 && line[1].split(separator: ",").contains("memory") {
      return Group(
        root: "/sys/fs/cgroup/memory", path: String(line[2]), limitFile: "memory.limit_in_bytes",
        usageFile: "memory.usage_in_bytes")
    }
    for line in lines where line.count == 3 && line[1].isEmpty {
      return Group(root: "/sys/fs/cgroup", path: String(line[2]), limitFile: "memory.max", usageFile: "memory.current")
    }
    return nil
  }

  /// The group's own folder and those above it: each may set a limit.
  static func folders(of group: Group) -> [String] {
    let parts = group.path.split(separator: "/")
    return (0...parts.count).map { count in
      ([group.root] + parts.prefix(count).map(String.init)).joined(separator: "/")
    }
  }

  /// "max" is no limit.
  static func remaining(limit: String?, usage: String?) -> UInt64? {
    guard let limit = limit.flatMap(number), let usage = usage.flatMap(number) else { return nil }
    return limit > usage ? limit - usage : 0
  }

  private static func number(_ text: String) -> UInt64? { UInt64(text.filter { $0 != "\n" }) }
}
