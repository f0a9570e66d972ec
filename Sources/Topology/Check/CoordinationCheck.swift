/// Barriers and dead-letter queues against the whole.
struct CoordinationCheck {
  let scope: Scope
  let valuePlaces: [ResourceID: Place]

  func run(_ processes: [BoundProcess]) {
    checkBarriers(processes)
    checkDeadLetters()
    checkPoolNames(processes)
  }

  /// A pool's workers show by its name, as the instances of a process do.
  private func checkPoolNames(_ processes: [BoundProcess]) {
    for resource in scope.resources {
      guard case .pool = resource.kind,
        let process = processes.first(where: { $0.declaration.name == resource.name })
      else { continue }
      scope.findings.error(
        at: process.declaration.place,
        "process '\(resource.name)' has the name of a pool, whose workers are '\(resource.name)-1', … too",
        help: "give one of them another name",
        notes: [Diagnostic.Note(place: resource.place, message: "the pool stands here")])
    }
  }

  /// Instances that use each barrier.
  private func checkBarriers(_ processes: [BoundProcess]) {
    var instances: [ResourceID: Int] = [:]
    for process in processes where process.isEnabled {
      for id in Set(process.declaration.uses.map(\.target.resource)) {
        instances[id, default: 0] += process.declaration.replicas
      }
    }
    for resource in scope.resources {
      guard case .pool(let pool) = resource.kind else { continue }
      for id in Set(pool.uses.map(\.target.resource)) { instances[id, default: 0] += pool.size }
    }
    for (position, resource) in scope.resources.enumerated() {
      let id = ResourceID(position)
      // One that nobody uses is unused, which is told as such.
      guard case .barrier(let parties) = resource.kind, let count = instances[id], parties > count else { continue }
      scope.findings.error(
        at: valuePlaces[id] ?? resource.place,
        "barrier '\(resource.name)' waits for \(parties) parties, and \(Wording.count(count, "instance")) \(count == 1 ? "uses" : "use") it",
        help: "it would never open: lower 'parties', or raise 'replicas' of those that use it")
    }
  }

  private func checkDeadLetters() {
    var search = CycleSearch()
    var targets: [String: (to: String, place: Place)] = [:]
    for (position, resource) in scope.resources.enumerated() {
      guard case .queue(let queue) = resource.kind, let target = queue.deadLetterQueue else { continue }
      targets[resource.name] = (scope[target].name, valuePlaces[ResourceID(position)] ?? resource.place)
    }
    for resource in scope.resources { search.visit(resource.name) { targets[$0].map { [$0] } ?? [] } }
    for cycle in search.cycles {
      scope.findings.error(
        at: cycle.place, "dead-letter queues form a circle: \(cycle.path.joined(separator: " → "))",
        help: "let one of them have no 'dead_letter'")
    }
  }
}
