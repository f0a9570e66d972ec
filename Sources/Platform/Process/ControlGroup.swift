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
