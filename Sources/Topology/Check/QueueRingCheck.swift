/// Warns of processes and bounded queues that form a ring: when all its queues are full, each process waits for room that
/// only the next one could make.
///
/// Not of a process that reads the queue that it writes (a crawler): that is one process's own business.
struct QueueRingCheck {
  let scope: Scope

  func run(_ processes: [BoundProcess]) {
    let enabled = processes.filter { $0.isEnabled && !$0.isBroken }.map(\.declaration)
    var readers: [ResourceID: [ProcessDeclaration]] = [:]
    for process in enabled {
      for id in Set(process.inputs.map(\.target.resource)) where isBounded(id) {
        readers[id, default: []].append(process)
      }
    }
    func edges(_ name: String) -> [(to: String, place: Place)] {
      // Names of processes and of resources may be the same: a mark keeps them apart.
      if let id = Self.queue(name) { return (readers[id] ?? []).map { ($0.name, scope[id].place) } }
      guard let process = enabled.first(where: { $0.name == name }) else { return [] }
      return process.outputs.map(\.target).filter { isBounded($0.resource) }.map { (Self.mark($0.resource), $0.place) }
    }
    var search = CycleSearch()
    for process in enabled { search.visit(process.name, edges: edges) }
    for cycle in search.cycles { warn(of: cycle) }
  }

  private static func mark(_ id: ResourceID) -> String { "#\(id.index)" }
  private static func queue(_ name: String) -> ResourceID? {
    name.hasPrefix("#") ? Int(name.dropFirst()).map(ResourceID.init) : nil
  }

  private func isBounded(_ id: ResourceID) -> Bool {
    if case .queue(let queue) = scope[id].kind { queue.whenFull == .block && !queue.isExternal } else { false }
  }

  private func warn(of cycle: CycleSearch.Cycle) {
    let queues = cycle.path.dropLast().compactMap(Self.queue)
    guard queues.count > 1 else { return }
    let path = cycle.path.map { Self.queue($0).map { scope[$0].name } ?? $0 }.joined(separator: " → ")
    scope.findings.warning(
      at: cycle.place, "processes and queues form a ring: \(path); when its queues are full, all of it stands still",
      help: "keep less under way than the queues hold together, or let one of them drop ('on_full') or be 'external'")
  }
}
