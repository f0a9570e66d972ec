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
