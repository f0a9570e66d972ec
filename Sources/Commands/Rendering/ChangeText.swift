import Supervisor

/// What a change of a run does to its processes, a line each.
enum ChangeText {
  static func render(_ report: ChangeReport, isDryRun: Bool, showsUnchanged: Bool = true) -> String {
    if report.isEmpty { return "mporch: nothing has changed\n" }
    let width = report.processes.map(\.process.count).max() ?? 0
    let lines = report.processes.filter { showsUnchanged || $0.change != .unchanged }.map { entry in
      let padding = String(repeating: " ", count: width - entry.process.count)
      return "  \(entry.process)\(padding)  \(words(for: entry.change))\n"
    }
    let heading = isDryRun ? "mporch: would change:\n" : "mporch: changed:\n"
    let killed =
      report.killed.isEmpty
      ? "" : "mporch: killed, as the grace period was over: \(report.killed.joined(separator: ", "))\n"
    return heading + lines.joined() + killed
  }

  static func words(for change: ChangeReport.Change) -> String {
    switch change {
    case .unchanged: "unchanged"
    case .added(let count): "added" + (count > 1 ? ", \(count) instances" : "")
    case .removed(let count): "removed" + (count > 1 ? ", \(count) instances" : "")
    case .scaled(let from, let to): "scaled \(from) -> \(to)"
    case .changed(let keys, let isRestarted, let from, let to):
      "changed (\(keys.joined(separator: ", "))), \(isRestarted ? "restarted" : "not restarted")"
        + (from == to ? "" : ", scaled \(from) -> \(to)")
    }
  }
}
