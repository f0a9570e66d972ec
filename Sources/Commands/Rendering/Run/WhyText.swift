import Supervisor
import Text

/// The answer of `why` for people.
enum WhyText {
  static func render(_ report: WhyReport, width: Int?) -> String {
    var table = Table(columns: [
      .init(title: "NAME"), .init(title: "TIME", alignment: .right), .init(title: "WORKING", alignment: .right),
      .init(title: "WAITING", canShrink: true),
    ])
    table.rows = report.processes.map { account in
      [
        account.name, Quantity.duration(seconds: account.seconds), percent(account.working), waits(account),
      ]
    }
    let now = report.processes.compactMap(present).joined()
    let findings = report.findings.isEmpty ? ["nothing waits much for others"] : report.findings
    return table.render(width: width) + (now.isEmpty ? "" : "\nnow:\n" + now)
      + "\nwhat holds it up:\n" + findings.map { "  \($0)\n" }.joined()
  }

  private static func waits(_ account: TimeAccount) -> String {
    // Less than half a percent is no news.
    let long = account.waits.filter { $0.share >= 0.005 }
    return long.isEmpty ? "-" : long.map { "\($0.on) \(percent($0.share))" }.joined(separator: ", ")
  }

  private static func present(_ account: TimeAccount) -> String? {
    account.now.map { now in
      let duration = now.seconds.map { " (for \(Quantity.duration(seconds: $0)))" } ?? ""
      return "  \(account.name) waits \(now.on)\(duration)\n"
    }
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))%" }
}
