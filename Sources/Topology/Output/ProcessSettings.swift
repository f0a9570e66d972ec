/// The keys of a process that say how it runs, to be written.
enum ProcessSettings {
  /// `shared`: what every process has by the top of the file.
  static func write(
    _ process: ProcessDeclaration, over shared: [ProcessDeclaration.EnvironmentVariable],
    into map: inout YAMLMap<ProcessKey>
  ) {
    map[.dependsOn] = process.dependencies.isEmpty ? nil : .map(process.dependencies.map(dependency))
    map[.restart] = .text(process.restart.text)
    map[.restartDelay] = .duration(process.restartDelay)
    map[.environment] = environment(process.environment, over: shared)
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

  /// A shared variable that it does not have is named without a value: as it is in the environment of `mporch up`.
  private static func environment(
    _ own: [ProcessDeclaration.EnvironmentVariable], over shared: [ProcessDeclaration.EnvironmentVariable]
  ) -> YAMLTree? {
    let names = Set(own.map(\.name))
    let entries =
      own.map { ($0.name, YAMLTree.text($0.value)) }
      + shared.filter { !names.contains($0.name) }.map { ($0.name, YAMLTree.scalar("null")) }
    return entries.isEmpty ? nil : .map(entries)
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
