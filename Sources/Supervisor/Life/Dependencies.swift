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

/// The order of a topology's processes by what they depend on, as indices into its `processes`.
struct DependencyLevels: Equatable {
  /// The first level depends on nothing; each other on some process of the level before.
  private(set) var levels: [[Int]]

  init(_ processes: [ProcessDeclaration]) {
    let indices = Dictionary(uniqueKeysWithValues: processes.indices.map { (processes[$0].name, $0) })
    var depths = [Int?](repeating: nil, count: processes.count)
    func depth(_ process: Int) -> Int {
      if let depth = depths[process] { return depth }
      // A cycle is refused when the file is checked; here it ends at its start.
      depths[process] = 0
      let below = processes[process].dependencies.compactMap { indices[$0.process] }.map(depth).max()
      depths[process] = below.map { $0 + 1 } ?? 0
      return depths[process] ?? 0
    }
    let all = processes.indices.map(depth)
    levels = (0..<(all.max().map { $0 + 1 } ?? 0)).map { level in processes.indices.filter { all[$0] == level } }
  }
}
