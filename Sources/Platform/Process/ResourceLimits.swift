internal import Glibc

/// What the system lets this process and its user have, where a run may want more.
package enum ResourceLimits {
  /// Descriptors that this process may have open at once, if it asks for them.
  package static var largestDescriptorCount: Int { limit(of: RLIMIT_NOFILE).map { Int(clamping: $0.rlim_max) } ?? .max }

  /// Asks for as many descriptors as there may be; gives how many there were: what a process that waits by `select` may
  /// count on.
  package static func raiseDescriptorCount() -> Int {
    guard var limit = limit(of: RLIMIT_NOFILE) else { return .max }
    defer {
      limit.rlim_cur = limit.rlim_max
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
    return Int(clamping: limit.rlim_cur)
  }

  package static func setDescriptorCount(_ count: Int) {
    guard var limit = limit(of: RLIMIT_NOFILE) else { return }
    limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  /// How long a file may be made; `.max`: there is no limit.
  package static var fileByteCount: UInt64 { limit(of: RLIMIT_FSIZE).map { UInt64($0.rlim_cur) } ?? .max }

  /// How much address space there is; `.max`: there is no limit.
  package static var addressByteCount: UInt64 { limit(of: RLIMIT_AS).map { UInt64($0.rlim_cur) } ?? .max }

  /// What bounds the number of processes most tightly, and how many more it allows; `nil`: nothing is known to.
  package static func furtherProcesses() -> (count: Int, limit: String)? {
    var bounds = ControlGroup.remainders(of: .processes).compactMap(\.self).map {
      (count: Int(clamping: $0), limit: "the control group (pids.max)")
    }
    if let limit = ofUser() { bounds.append((max(0, limit - ownedThreadCount()), "the user's limit (ulimit -u)")) }
    if let limit = ProcFile.read("/proc/sys/kernel/pid_max").flatMap({ Int($0.filter(\.isNumber)) }) {
      bounds.append((max(0, limit - threadCount()), "the system (kernel.pid_max)"))
    }
    return bounds.min { $0.count < $1.count }
  }

  /// The superuser has none.
  private static func ofUser() -> Int? {
    getuid() == 0 ? nil : limit(of: __RLIMIT_NPROC).flatMap { $0.rlim_cur == .max ? nil : Int(clamping: $0.rlim_cur) }
  }

  private static func limit(of resource: __rlimit_resource) -> rlimit? {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 ? limit : nil
  }

  /// Threads of the whole system: the fourth figure is `running/all`.
  private static func threadCount() -> Int {
    guard let load = ProcFile.read("/proc/loadavg"), let all = load.split(separator: " ").dropFirst(3).first else {
      return 0
    }
    return all.split(separator: "/").last.flatMap { Int($0) } ?? 0
  }

  /// The limit counts the threads of all the user's processes.
  private static func ownedThreadCount() -> Int {
    Folder.names(in: "/proc").filter { Int($0) != nil }.reduce(0) { count, pid in
      var status = stat()
      guard stat("/proc/\(pid)", &status) == 0, status.st_uid == getuid() else { return count }
      return count + Folder.names(in: "/proc/\(pid)/task").count
    }
  }
}

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

/// The control groups of this process, as far as they bound a controller: a limit holds for the group and for each above.
enum ControlGroup {
  /// What each group that bounds `controller` leaves; `nil` for one without a limit. `limit` and `usage` name its files.
  static func remainders(of controller: Controller) -> [UInt64?] {
    guard let membership = ProcFile.read("/proc/self/cgroup"), let group = place(of: controller, in: membership)
    else { return [] }
    return folders(of: group).map { folder in
      remaining(
        limit: ProcFile.read("\(folder)/\(group.limitFile)"), usage: ProcFile.read("\(folder)/\(group.usageFile)"))
    }
  }

  enum Controller: String {
    case memory
    case processes = "pids"
  }

  struct Place: Equatable {
    var root: String
    var path: String
    var limitFile: String
    var usageFile: String
  }

  /// Lines are `ID:CONTROLLERS:PATH`; the first version names its controllers, the second has none.
  static func place(of controller: Controller, in membership: String) -> Place? {
    let lines = membership.split(separator: "\n").map {
      $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    }
    let name = controller.rawValue
    for line in lines where line.count == 3 && line[1].split(separator: ",").contains(Substring(name)) {
      let (limit, usage) =
        controller == .memory ? ("memory.limit_in_bytes", "memory.usage_in_bytes") : ("pids.max", "pids.current")
      return Place(root: "/sys/fs/cgroup/\(name)", path: String(line[2]), limitFile: limit, usageFile: usage)
    }
    for line in lines where line.count == 3 && line[1].isEmpty {
      return Place(
        root: "/sys/fs/cgroup", path: String(line[2]), limitFile: "\(name).max", usageFile: "\(name).current")
    }
    return nil
  }

  /// The group's own folder and those above it: each may set a limit.
  static func folders(of group: Place) -> [String] {
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
