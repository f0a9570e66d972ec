import Supervisor
import Text

/// The rows of `ps` for people.
enum StatusTable {
  static func render(_ instances: [InstanceStatus], width: Int?) -> String {
    var table = Table(columns: [
      .init(title: "NAME"), .init(title: "PID", alignment: .right), .init(title: "STATE"), .init(title: "HEALTH"),
      .init(title: "RESTARTS", alignment: .right), .init(title: "EXIT", alignment: .right),
      .init(title: "CPU", alignment: .right), .init(title: "RSS", alignment: .right),
      .init(title: "IN", alignment: .right), .init(title: "OUT", alignment: .right),
      .init(title: "RATE", alignment: .right), .init(title: "PROGRESS", alignment: .right),
      .init(title: "WAITING-ON", canShrink: true),
    ])
    table.rows = instances.map(row)
    return table.render(width: width)
  }

  /// Below the table.
  static func losses(_ losses: RunLosses) -> String { losses.sentences.map { "\($0)\n" }.joined() }

  private static func row(_ status: InstanceStatus) -> [String] {
    [
      status.name, status.pid.map { "\($0)" } ?? none, status.state.rawValue, status.health?.rawValue ?? none,
      "\(status.restarts)", exit(of: status), status.cpuSeconds.map(Quantity.duration) ?? none,
      status.rssBytes.map(Quantity.bytes) ?? none, Quantity.count(Double(status.itemsIn)),
      Quantity.count(Double(status.itemsOut)), status.rate.map { Quantity.count($0) + "/s" } ?? none,
      status.progress.map(describe) ?? none, status.waitingOn ?? none,
    ]
  }

  private static let none = "-"

  private static func exit(of status: InstanceStatus) -> String {
    if let signal = status.signal { return "signal \(signal)" }
    return status.exit.map { "\($0)" } ?? none
  }

  /// `45%`
  static func describe(_ progress: InstanceStatus.Progress) -> String {
    "\(Int(min(1, Double(progress.done) / Double(max(1, progress.total))) * 100))%"
  }
}
