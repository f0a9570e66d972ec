extension ProcessDeclaration {
  /// The keys by which it differs from another declaration of the same process, `replicas` and `profiles` apart.
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
      (.environment, environment != other.environment),
      (.workingDirectory, workingDirectory != other.workingDirectory),
      (.cpus, processors != other.processors),
      (.nice, niceness != other.niceness),
      (.timeout, timeout != other.timeout),
      (.healthCheck, health != other.health),
      (.readyLogLine, readyLogLine != other.readyLogLine),
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
  fileprivate var essence: [String] {
    switch self {
    case .kind(let name, _): ["task", name]
    case .script(let script): ["script", script.source]
    case .command(let words, _): ["run"] + words
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
