/// What a topology may say and this version can't run yet: a part of the contract is refused, never ignored.
package enum Unsupported {
  /// Keys of a process.
  private static let keys: Set<ProcessKey> = [.healthCheck, .readyLogLine]
  private static let conditions: Set<ProcessDeclaration.Dependency.Condition> = [.healthy]
  /// Each at its place, in no particular order.
  package static func diagnostics(of topology: Topology) -> [Diagnostic] {
    topology.processes.flatMap(diagnostics)
  }

  private static func diagnostics(of process: ProcessDeclaration) -> [Diagnostic] {
    var found = process.keyPlaces.filter { keys.contains($0.key) }.sorted { $0.key.rawValue < $1.key.rawValue }.map {
      refusal(at: $0.value, "'\($0.key.rawValue)' of process '\(process.name)'")
    }
    found += process.dependencies.filter { conditions.contains($0.condition) }.map {
      refusal(at: $0.place, "the condition '\($0.condition.rawValue)' of process '\(process.name)'")
    }
    return found
  }

  private static func refusal(at place: Place, _ what: String) -> Diagnostic {
    Diagnostic(
      .error, at: place, "\(what) cannot be run by this version",
      help: "'mporch check' and 'mporch graph' take it; to run the rest, remove it from the file")
  }
}

extension Resource.Kind {
  var section: ResourceSection {
    switch self {
    case .value: .values
    case .array: .arrays
    case .queue: .queues
    case .pipe: .pipes
    case .lock: .locks
    case .semaphore: .semaphores
    case .condition: .conditions
    case .event: .events
    case .barrier: .barriers
    case .managed: .managed
    case .pool: .pools
    }
  }
}
