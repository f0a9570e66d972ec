internal import Topology

/// Whether a process may start, as far as what it depends on goes.
enum DependencyVerdict: Equatable {
  case satisfied
  /// Waits for these processes.
  case waits([String])
  /// Can never be satisfied; `reason` names the whole chain.
  case impossible(reason: String)

  /// `states`: those of the instances of a process, by its name.
  init(_ dependencies: [ProcessDeclaration.Dependency], states: (String) -> [InstanceState]) {
    var missing: [String] = []
    for dependency in dependencies {
      let instances = states(dependency.process)
      if let reason = Self.obstacle(to: dependency, instances) {
        self = .impossible(reason: reason)
        return
      }
      if !instances.allSatisfy({ Self.meets($0, dependency.condition) }) { missing.append(dependency.process) }
    }
    self = missing.isEmpty ? .satisfied : .waits(missing)
  }

  private static func meets(_ state: InstanceState, _ condition: ProcessDeclaration.Dependency.Condition) -> Bool {
    switch (condition, state) {
    case (_, .pending): false
    // Health checks are refused before a run starts; a process without one is healthy once it has started.
    case (.started, _), (.healthy, _): true
    case (.completed, .ended), (.completedSuccessfully, .ended(.succeeded)): true
    default: false
    }
  }

  private static func obstacle(
    to dependency: ProcessDeclaration.Dependency, _ instances: [InstanceState]
  ) -> String? {
    for state in instances {
      switch (state, dependency.condition) {
      case (.ended(.neverStarted(let reason)), _):
        return "depends on '\(dependency.process)', which never started: it \(reason)"
      case (.ended(.failed(let reason)), .completedSuccessfully):
        return "depends on the success of '\(dependency.process)', which failed: \(reason)"
      default: continue
      }
    }
    return nil
  }
}
