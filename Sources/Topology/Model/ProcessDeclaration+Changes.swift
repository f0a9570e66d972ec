extension ProcessDeclaration {
  /// The keys by which it differs from another declaration of the same process, `replicas` and `profiles` apart; texts
  /// by their bytes.
  package func keysChanged(since other: ProcessDeclaration) -> [ProcessKey] {
    let isChanged: [(ProcessKey, Bool)] = [
      (work.key, work.essence != other.work.essence),
      (.inputs, Self.essence(inputs) != Self.essence(other.inputs)),
      (.outputs, Self.essence(outputs) != Self.essence(other.outputs)),
      (.use, Self.essence(uses) != Self.essence(other.uses)),
      (.with, Self.essence(parameters) != Self.essence(other.parameters)),
      (.dependsOn, Self.essence(dependencies) != Self.essence(other.dependencies)),
      (.restart, restart != other.restart),
      (.restartDelay, restartDelay != other.restartDelay),
      (.environment, Self.essence(environment) != Self.essence(other.environment)),
      (.workingDirectory, Self.essence(workingDirectory) != Self.essence(other.workingDirectory)),
      (.cpus, processors != other.processors),
      (.nice, niceness != other.niceness),
      (.timeout, timeout != other.timeout),
      (.healthCheck, health != other.health || Self.essence(health) != Self.essence(other.health)),
      (.readyLogLine, Self.essence(readyLogLine) != Self.essence(other.readyLogLine)),
      (.stopSignal, stopSignal != other.stopSignal),
      (.stopGracePeriod, stopGracePeriod != other.stopGracePeriod),
    ]
    return isChanged.filter(\.1).map(\.0)
  }

  private static func essence(_ bindings: [PortBinding]) -> [String] {
    bindings.map { "\($0.port) \($0.target.resource.index) \($0.target.end?.rawValue ?? "")" }
  }

  private static func essence(_ bindings: [UseBinding]) -> [String] {
    bindings.map { "\($0.name) \($0.target.resource.index) \($0.target.end?.rawValue ?? "")" }.sorted()
  }

  private static func essence(_ parameters: [Argument]) -> [String: Literal] {
    Dictionary(parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }

  private static func essence(_ variables: [EnvironmentVariable]) -> [ByteString] {
    variables.flatMap { [ByteString($0.name), ByteString($0.value)] }
  }

  private static func essence(_ text: String?) -> ByteString? { text.map { ByteString($0) } }

  private static func essence(_ health: HealthCheck?) -> [ByteString]? { health?.command.map { ByteString($0) } }

  private static func essence(_ dependencies: [Dependency]) -> [String: Dependency.Condition] {
    Dictionary(dependencies.map { ($0.process, $0.condition) }, uniquingKeysWith: { $1 })
  }
}

extension ProcessDeclaration.Work {
  fileprivate var key: ProcessKey {
    switch self {
    case .kind: .task
    case .script: .script
    case .command: .run
    }
  }

  /// Without places: a script that only moved in its file is the same.
  fileprivate var essence: [ByteString] {
    switch self {
    case .kind(let name, _): ["task", ByteString(name)]
    case .script(let script): ["script", ByteString(script.source)]
    case .command(let words, _): ["run"] + words.map { ByteString($0) }
    }
  }
}

extension ProcessKey {
  /// Takes effect without another life of the process: it is what its supervisor goes by.
  package var isForSupervisor: Bool {
    switch self {
    case .dependsOn, .restart, .restartDelay, .stopSignal, .stopGracePeriod: true
    default: false
    }
  }
}
