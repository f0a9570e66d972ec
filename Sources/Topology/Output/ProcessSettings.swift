/// The keys of a process that say how it runs, to be written.
enum ProcessSettings {
  static func write(_ process: ProcessDeclaration, into map: inout YAMLMap<ProcessKey>) {
    map[.dependsOn] = process.dependencies.isEmpty ? nil : .map(process.dependencies.map(dependency))
    map[.restart] = .text(process.restart.text)
    map[.restartDelay] = .duration(process.restartDelay)
    map[.environment] =
      process.environment.isEmpty ? nil : .map(process.environment.map { ($0.name, .text($0.value)) })
    map[.workingDirectory] = process.workingDirectory.map { .text($0) }
    map[.cpus] = process.processors.map { .list($0.map { .number($0) }) }
    map[.nice] = process.niceness.map { .number($0) }
    map[.timeout] = process.timeout.map { .duration($0) }
    map[.healthCheck] = process.health.map(health)
    map[.readyLogLine] = process.readyLogLine.map { .text($0) }
    map[.stopSignal] = .text(SignalNumber.name(of: process.stopSignal))
    map[.stopGracePeriod] = .duration(process.stopGracePeriod)
    map[.profiles] = process.profiles.isEmpty ? nil : .list(process.profiles.map { .text($0) })
  }

  private static func dependency(_ dependency: ProcessDeclaration.Dependency) -> (key: String, value: YAMLTree) {
    (dependency.process, .fields(DependencyKey.self, [(.condition, .text(dependency.condition.rawValue))]))
  }

  private static func health(_ health: ProcessDeclaration.HealthCheck) -> YAMLTree {
    .fields(
      HealthCheckKey.self,
      [
        (.test, .list(health.command.map { .text($0) })), (.interval, .duration(health.interval)),
        (.timeout, .duration(health.timeout)), (.retries, .number(health.retries)),
        (.startPeriod, .duration(health.startPeriod)),
      ])
  }
}

extension ProcessDeclaration.RestartPolicy {
  /// As a file writes it.
  package var text: String {
    switch self {
    case .never: "no"
    case .onFailure(limit: nil): "on-failure"
    case .onFailure(limit: let limit?): "on-failure:\(limit)"
    case .always: "always"
    }
  }
}
