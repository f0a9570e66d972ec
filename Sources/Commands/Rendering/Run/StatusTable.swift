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

/// A row of `ps` for a program: every key is there, with null for what is unknown.
struct StatusRecord: Encodable {
  var status: InstanceStatus

  init(_ status: InstanceStatus) { self.status = status }

  enum Key: String, CodingKey {
    case name, process, replica, pid, state, health, restarts, exit, signal, cpuSeconds, rssBytes
    case `in`, out, lost, rate, progress, waitingOn
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(status.name, forKey: .name)
    try container.encode(status.process, forKey: .process)
    try container.encode(status.replica, forKey: .replica)
    try container.encode(status.pid, forKey: .pid)
    try container.encode(status.state, forKey: .state)
    try container.encode(status.health, forKey: .health)
    try container.encode(status.restarts, forKey: .restarts)
    try container.encode(status.exit, forKey: .exit)
    try container.encode(status.signal, forKey: .signal)
    try container.encode(status.cpuSeconds, forKey: .cpuSeconds)
    try container.encode(status.rssBytes, forKey: .rssBytes)
    try container.encode(status.itemsIn, forKey: .in)
    try container.encode(status.itemsOut, forKey: .out)
    try container.encode(status.lost, forKey: .lost)
    try container.encode(status.rate, forKey: .rate)
    try container.encode(status.progress, forKey: .progress)
    try container.encode(status.waitingOn, forKey: .waitingOn)
  }
}

/// A line of `up --summary json`.
struct SummaryRecord: Encodable {
  var summary: InstanceSummary

  init(_ summary: InstanceSummary) { self.summary = summary }

  enum Key: String, CodingKey {
    case name, process, replica, state, restarts, exit, signal, wallSeconds, cpuSeconds
    case `in`, out, bytesIn, bytesOut, lost, reason
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(summary.name, forKey: .name)
    try container.encode(summary.process, forKey: .process)
    try container.encode(summary.replica, forKey: .replica)
    try container.encode(summary.state, forKey: .state)
    try container.encode(summary.restarts, forKey: .restarts)
    try container.encode(summary.exit, forKey: .exit)
    try container.encode(summary.signal, forKey: .signal)
    try container.encode(summary.wallSeconds, forKey: .wallSeconds)
    try container.encode(summary.cpuSeconds, forKey: .cpuSeconds)
    try container.encode(summary.itemsIn, forKey: .in)
    try container.encode(summary.itemsOut, forKey: .out)
    try container.encode(summary.bytesIn, forKey: .bytesIn)
    try container.encode(summary.bytesOut, forKey: .bytesOut)
    try container.encode(summary.lost, forKey: .lost)
    try container.encode(summary.reason, forKey: .reason)
  }
}
