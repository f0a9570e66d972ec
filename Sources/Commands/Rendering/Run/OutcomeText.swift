import Logs
import Supervisor
import Text

/// A run that is over, in a line.
enum OutcomeText {
  /// `'words' has ended: 2026-11-23T11:51:03Z, exit code 0`.
  static func heading(_ outcome: RunOutcome) -> String {
    let time = String(LogTime.format(outcome.endedAt).prefix(19)) + "Z"
    let cause = outcome.cause.map { "; \($0)" } ?? ""
    return "'\(outcome.status.project)' has ended: \(time), exit code \(outcome.result.exitCode)\(cause)"
  }
}

/// What `up --summary` says at the end: what each instance did, and what it took.
enum SummaryTable {
  static func render(_ instances: [InstanceSummary], width: Int?) -> String {
    var table = Table(columns: [
      .init(title: "NAME"), .init(title: "STATE"), .init(title: "EXIT", alignment: .right),
      .init(title: "RESTARTS", alignment: .right), .init(title: "WALL", alignment: .right),
      .init(title: "CPU", alignment: .right), .init(title: "IN", alignment: .right),
      .init(title: "OUT", alignment: .right), .init(title: "BYTES-IN", alignment: .right),
      .init(title: "BYTES-OUT", alignment: .right),
    ])
    table.rows = instances.map { instance in
      [
        instance.name, instance.state.rawValue, exit(of: instance), "\(instance.restarts)",
        Quantity.duration(seconds: instance.wallSeconds), Quantity.duration(seconds: instance.cpuSeconds),
        "\(instance.itemsIn)", "\(instance.itemsOut)", Quantity.bytes(instance.bytesIn),
        Quantity.bytes(instance.bytesOut),
      ]
    }
    return table.render(width: width)
  }

  private static func exit(of instance: InstanceSummary) -> String {
    if let signal = instance.signal { return "signal \(signal)" }
    return instance.exit.map { "\($0)" } ?? "-"
  }
}
