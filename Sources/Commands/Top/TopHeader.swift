import Supervisor
import Text

/// The first line: which run, how it stands, what it takes.
struct TopHeader {
  let model: TopModel
  let width: Int

  func render() -> StyledLine {
    var line = left
    let right = right
    let room = width - line.displayWidth - right.displayWidth
    if room >= 2 {
      line.pad(to: width - right.displayWidth)
      line.append(right)
    }
    return line
  }

  private var left: StyledLine {
    var line = StyledLine(model.run.project, .bold)
    switch model.view {
    case .log(let log):
      line.append("  log of \(log.instance)", .plain)
      line.append(log.isFollowing ? "  following" : "  \(log.linesBelow) lines below", .dim)
      return line
    case .resource(let name, _):
      line.append("  \(name)")
      return line
    case .help: return StyledLine([TextSpan("mporch top", .bold), TextSpan("  keys")])
    case .overview: break
    }
    for (state, word, style) in Self.states {
      let count = model.sample?.processes.count { $0.status.state == state } ?? 0
      if count > 0 { line.append("  \(count) \(word)", style) }
    }
    if let words = model.staleness { line.append("  \(words)", .coloured(.yellow)) }
    return line
  }

  private var right: StyledLine {
    guard model.view == .overview, let sample = model.sample else { return StyledLine() }
    var parts: [String] = []
    if let seconds = model.elapsedSeconds { parts.append("up \(Quantity.duration(seconds: seconds))") }
    let shares = sample.processes.compactMap(\.processorShare)
    if !shares.isEmpty { parts.append("CPU \(TopProcessPane.percent(shares.reduce(0, +)))") }
    let memory = sample.processes.compactMap(\.status.rssBytes).reduce(0, +)
    if memory > 0 { parts.append("RSS \(Quantity.bytes(memory))") }
    return StyledLine(parts.joined(separator: "   "))
  }

  private static let states: [(InstanceStatus.State, String, TextStyle)] = [
    (.failed, "failed", TextStyle(colour: .red, weight: .bold)),
    (.neverStarted, "never started", TextStyle(colour: .red, weight: .bold)),
    (.running, "running", .coloured(.green)), (.pending, "pending", .coloured(.yellow)),
    (.restarting, "restarting", .coloured(.yellow)), (.stopping, "stopping", .coloured(.yellow)),
    (.stopped, "stopped", .coloured(.yellow)), (.succeeded, "done", .dim),
  ]
}
