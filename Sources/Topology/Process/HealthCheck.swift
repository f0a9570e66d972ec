internal import Limits

enum HealthCheckKey: String, KeyTable {
  case test, interval, timeout, retries
  case startPeriod = "start_period"

  var entry: KeyEntry {
    switch self {
    case .test:
      KeyEntry(
        .oneOf([.list(of: .text), .text]), required: true, "Command and arguments, or one string for the shell.")
    case .interval: KeyEntry(.duration, default: "10s", "Time between two tests.")
    case .timeout: KeyEntry(.duration, default: "5s", "Time after which a test has failed.")
    case .retries: KeyEntry(.integer(Limit.count), default: "3", "Failures in a row that make it unhealthy.")
    case .startPeriod: KeyEntry(.duration, default: "0s", "Time at the start in which failures do not count.")
    }
  }
}

extension ProcessReading {
  /// `healthcheck`, beside which there is no `ready_log_line`.
  func healthCheck() -> ProcessDeclaration.HealthCheck? {
    guard let entry = fields[.healthCheck] else { return nil }
    if let other = fields[.readyLogLine] {
      findings.error(
        at: entry.keyPlace, "\(fields.owner) has both 'healthcheck' and 'ready_log_line'", help: "remove one of them",
        notes: [Diagnostic.Note(place: other.keyPlace, message: "'ready_log_line' stands here")])
    }
    let owner = "'healthcheck' of \(fields.owner)"
    return Fields<HealthCheckKey>(entry.value, owner: owner, ownerPlace: entry.keyPlace, findings: findings).map(health)
  }

  /// `ready_log_line`.
  func readyLogLine() -> String? {
    guard let pattern = fields.string(.readyLogLine) else { return nil }
    do {
      _ = try Regex(pattern)
      return pattern
    } catch {
      findings.error(
        at: fields[.readyLogLine]?.value.place ?? fields.ownerPlace,
        "\(fields.subject(.readyLogLine)) is no regular expression: \(error)",
        help: #"a character with a meaning of its own is written with '\' before it"#)
      return nil
    }
  }

  private func health(_ fields: Fields<HealthCheckKey>) -> ProcessDeclaration.HealthCheck {
    let command = fields.node(.test).flatMap { WorkDecoder(findings: findings).command($0, fields.subject(.test)) }
    if let first = command?.first, let node = fields.node(.test) {
      warnOfForeign(first, fields.subject(.test), node.place)
    }
    var health = ProcessDeclaration.HealthCheck(command: command ?? [])
    health.interval = fields.duration(.interval, zeroAllowed: false) ?? health.interval
    health.timeout = fields.duration(.timeout, zeroAllowed: false) ?? health.timeout
    health.retries = fields.integer(.retries) ?? health.retries
    health.startPeriod = fields.duration(.startPeriod) ?? health.startPeriod
    return health
  }

  /// Words with which other programs' lists begin.
  private func warnOfForeign(_ first: String, _ subject: String, _ place: Place) {
    let help =
      switch first {
      case "CMD": "leave out CMD: a list is the command itself"
      case "CMD-SHELL": "write the command as one string: it goes to the shell"
      case "NONE": "leave 'healthcheck' out"
      default: String?.none
      }
    if let help { findings.warning(at: place, "\(subject) runs a program with the name \(first)", help: help) }
  }
}

extension ProcessDeclaration.HealthCheck {
  /// In canonical long form.
  var tree: YAMLTree {
    .fields(
      HealthCheckKey.self,
      [
        (.test, .list(command.map { .text($0) })), (.interval, .duration(interval)), (.timeout, .duration(timeout)),
        (.retries, .number(retries)), (.startPeriod, .duration(startPeriod)),
      ])
  }
}
