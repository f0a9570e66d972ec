/// `depends_on`: processes that exist, run, can come so far, and do not wait for one another in a circle.
struct DependencyCheck {
  let processes: [BoundProcess]
  let scope: Scope
  private let byName: [String: BoundProcess]
  private let nearNames: NearNames

  init(_ processes: [BoundProcess], scope: Scope) {
    self.processes = processes
    self.scope = scope
    nearNames = NearNames(processes.map(\.declaration.name))
    byName = Dictionary(processes.map { ($0.declaration.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private var findings: Findings { scope.findings }

  func run() {
    for process in processes {
      for dependency in process.declaration.dependencies { check(dependency, of: process) }
    }
    checkCycles()
  }

  private func check(_ dependency: ProcessDeclaration.Dependency, of process: BoundProcess) {
    guard let other = byName[dependency.process] else {
      report(dependency, of: process)
      return
    }
    if process.isEnabled, !other.isEnabled {
      let profiles = other.declaration.profiles
      findings.error(
        at: dependency.place,
        "\(process.owner) depends on '\(dependency.process)', which only runs under \(Self.words(profiles))",
        help: "start it by '--profile \(profiles.first ?? "")', or give '\(process.declaration.name)' the profile too",
        notes: [Diagnostic.Note(place: other.declaration.place, message: "'\(dependency.process)' is declared here")])
    }
    if dependency.condition == .healthy, other.declaration.health == nil, other.declaration.readyLogLine == nil {
      // Invalid ones are reported where they stand.
      let keys = other.declaration.keyPlaces
      guard keys[.healthCheck] == nil, keys[.readyLogLine] == nil else { return }
      findings.error(
        at: dependency.place, "\(process.owner) waits for '\(dependency.process)' to be healthy, which nothing tells",
        help: "give '\(dependency.process)' a 'healthcheck' or a 'ready_log_line'",
        notes: [Diagnostic.Note(place: other.declaration.place, message: "'\(dependency.process)' is declared here")])
    }
  }

  private func report(_ dependency: ProcessDeclaration.Dependency, of process: BoundProcess) {
    let own = process.declaration.name
    let near = nearNames.nearest(to: dependency.process) { processes[$0].declaration.name != own }
      .map { processes[$0].declaration }
    let resource = scope.index[dependency.process].map { scope.index[$0] }
    findings.error(
      at: dependency.place, "\(process.owner) depends on '\(dependency.process)', which is no process",
      help: resource.map {
        "'\($0.name)' is \($0.section.nounWithArticle): processes wait for each other there by themselves"
      } ?? near.map { "did you mean '\($0.name)' (line \($0.place.line))?" })
  }

  private static func words(_ profiles: [String]) -> String {
    "the profile\(profiles.count == 1 ? "" : "s") " + Wording.choice(Wording.quoted(profiles))
  }

  // MARK: Cycles

  private func checkCycles() {
    var search = CycleSearch()
    for process in processes {
      search.visit(process.declaration.name) { name in
        byName[name]?.declaration.dependencies.map { ($0.process, $0.place) } ?? []
      }
    }
    for cycle in search.cycles {
      let path = cycle.path.joined(separator: " → ")
      let message =
        cycle.path.count == 2
        ? "process '\(cycle.path[0])' depends on itself" : "processes depend on one another: \(path)"
      findings.error(at: cycle.place, message, help: "remove one of these dependencies: none of them could ever start")
    }
  }
}

/// Finds cycles in a directed graph of names, each once, with the edge that closes it.
struct CycleSearch {
  struct Cycle: Equatable {
    /// Ends with the name that it begins with.
    var path: [String]
    /// Of the edge that closes it.
    var place: Place
  }

  private(set) var cycles: [Cycle] = []
  private var finished: Set<String> = []

  /// Looks at all that is reached from `root`; without recursion, since a chain may be long.
  mutating func visit(_ root: String, edges: (String) -> [(to: String, place: Place)]) {
    guard !finished.contains(root) else { return }
    var path = [root]
    var positions = [root: 0]
    var pending = [edges(root)[...]]
    while let last = pending.indices.last {
      guard let edge = pending[last].popFirst() else {
        let name = path.removeLast()
        positions[name] = nil
        finished.insert(name)
        pending.removeLast()
        continue
      }
      if let start = positions[edge.to] {
        cycles.append(Cycle(path: Array(path[start...]) + [edge.to], place: edge.place))
      } else if !finished.contains(edge.to) {
        positions[edge.to] = path.count
        path.append(edge.to)
        pending.append(edges(edge.to)[...])
      }
    }
  }
}
