internal import Topology

/// Whether a process may start, as far as what it depends on goes.
enum DependencyVerdict: Equatable {
  case satisfied
  /// Waits for these processes.
  case waits([String])
  /// Can never be satisfied; `reason` names the whole chain.
  case impossible(reason: String)

  /// `instances`: those of a process, by its name.
  init(_ dependencies: [ProcessDeclaration.Dependency], instances: (String) -> [Dependee]) {
    var missing: [String] = []
    for dependency in dependencies {
      let instances = instances(dependency.process)
      if let reason = Self.obstacle(to: dependency, instances) {
        self = .impossible(reason: reason)
        return
      }
      if !instances.allSatisfy({ Self.meets($0, dependency.condition) }) { missing.append(dependency.process) }
    }
    self = missing.isEmpty ? .satisfied : .waits(missing)
  }

  var isImpossible: Bool { if case .impossible = self { true } else { false } }

  private static func meets(_ instance: Dependee, _ condition: ProcessDeclaration.Dependency.Condition) -> Bool {
    switch (condition, instance.state) {
    case (_, .pending): false
    case (.started, _), (.completed, .ended), (.completedSuccessfully, .ended(.succeeded)): true
    case (.healthy, .running), (.healthy, .ended(.succeeded)): instance.health == .healthy
    default: false
    }
  }

  private static func obstacle(to dependency: ProcessDeclaration.Dependency, _ instances: [Dependee]) -> String? {
    for instance in instances {
      switch (instance.state, dependency.condition) {
      case (.ended(.neverStarted(let reason)), _):
        return "depends on '\(dependency.process)', which never started: it \(reason)"
      case (.ended(.failed(let reason)), .completedSuccessfully):
        return "depends on the success of '\(dependency.process)', which failed: \(reason)"
      case (.ended(.failed(let reason)), .healthy):
        return "depends on the health of '\(dependency.process)', which failed: \(reason)"
      case (.ended(.succeeded), .healthy) where instance.health == .hopeless(reason: nil):
        return "depends on the health of '\(dependency.process)', which ended before it was healthy"
      case (.running, .healthy):
        guard case .hopeless(let reason?) = instance.health else { continue }
        return "depends on the health of '\(dependency.process)', which is unhealthy: \(reason)"
      default: continue
      }
    }
    return nil
  }
}

/// An instance as those see it that depend on its process.
struct Dependee: Equatable {
  var state: InstanceState
  var health = Health.unknown

  enum Health: Equatable {
    /// Without a check, or not yet told by it; may become healthy.
    case unknown
    case healthy
    /// Will not become healthy, as far as anyone knows; `reason`: why it is unhealthy, of one that lives.
    case hopeless(reason: String?)
  }
}
