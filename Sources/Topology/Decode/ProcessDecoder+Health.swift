extension ProcessDecoder {
  /// `healthcheck`, or `ready_log_line`.
  func decodeHealth(_ fields: Fields<ProcessKey>, into process: inout ProcessDeclaration) {
    process.readyLogLine = readyLogLine(fields)
    guard let entry = fields[.healthCheck] else { return }
    if let other = fields[.readyLogLine] {
      findings.error(
        at: entry.keyPlace, "\(fields.owner) has both 'healthcheck' and 'ready_log_line'", help: "remove one of them",
        notes: [Diagnostic.Note(place: other.keyPlace, message: "'ready_log_line' stands here")])
    }
    let owner = "'healthcheck' of \(fields.owner)"
    guard
      let check = Fields<HealthCheckKey>(entry.value, owner: owner, ownerPlace: entry.keyPlace, findings: findings)
    else { return }
    process.health = health(check)
  }

  private func readyLogLine(_ fields: Fields<ProcessKey>) -> String? {
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
    var health = ProcessDeclaration.HealthCheck(command: command ?? [])
    health.interval = fields.duration(.interval, zeroAllowed: false) ?? health.interval
    health.timeout = fields.duration(.timeout, zeroAllowed: false) ?? health.timeout
    health.retries = fields.integer(.retries) ?? health.retries
    health.startPeriod = fields.duration(.startPeriod) ?? health.startPeriod
    return health
  }
}
