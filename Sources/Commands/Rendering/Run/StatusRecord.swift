import Supervisor

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
