/// A changed file, in terms of a run that lives.
extension Topology {
  /// This topology, with the resources that `running` has laid out in place of its own, and with its services: what the
  /// run is to become. `running` is a topology with services.
  ///
  /// What is laid out already can't change: each resource that is another one than it was is a diagnostic.
  package func adopting(_ running: Topology) -> (topology: Topology, diagnostics: [Diagnostic]) {
    var diagnostics: [Diagnostic] = []
    var ids: [ResourceID: ResourceID] = [:]
    for (index, resource) in resources.enumerated() {
      guard let old = running.resources.firstIndex(where: { $0.name == resource.name }) else {
        diagnostics.append(Self.refusal(resource, "is new"))
        continue
      }
      if let change = running.resources[old].change(to: resource, in: running, self) {
        diagnostics.append(Self.refusal(resource, change))
      }
      ids[ResourceID(index)] = ResourceID(old)
    }
    guard diagnostics.isEmpty else { return (self, diagnostics) }
    var adopted = self
    adopted.resources = running.resources
    for (own, old) in ids { adopted.resources[old.index].place = resources[own.index].place }
    for index in adopted.processes.indices { adopted.processes[index].refer(by: ids) }
    diagnostics += adopted.addServices(of: running)
    return (adopted, diagnostics)
  }

  private static func refusal(_ resource: Resource, _ change: String) -> Diagnostic {
    Diagnostic(
      .error, at: resource.place,
      "\(resource.kind.noun) '\(resource.name)' \(change), and what processes share can't change while they run",
      help: "end the run first: mporch down, then mporch up")
  }

  /// Their processes come behind the file's own. A client that was not there at the start has no place at a service.
  private mutating func addServices(of running: Topology) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    let indices = Dictionary(uniqueKeysWithValues: processes.indices.map { (processes[$0].name, $0) })
    for service in running.services {
      var service = service
      var server = running.processes[service.process]
      // What managed objects hold is worth more than a variable that their server does not look at.
      if case .pool = service.role { server.environment = environment }
      for index in service.clients.indices {
        // One whose process is gone is nobody.
        let name = service.clients[index].process.map { running.processes[$0].name }
        service.clients[index].process = name.flatMap { indices[$0] }
      }
      for index in processes.indices where uses(service, processes[index]) {
        processes[index].dependencies.append(
          ProcessDeclaration.Dependency(process: server.name, condition: .started, place: processes[index].place))
        for replica in 1...processes[index].replicas where service.client(process: index, replica: replica) == nil {
          diagnostics.append(Self.refusal(of: "\(processes[index].name)-\(replica)", processes[index], server))
        }
      }
      service.process = processes.count
      processes.append(server)
      services.append(service)
    }
    return diagnostics
  }

  private func uses(_ service: Service, _ process: ProcessDeclaration) -> Bool {
    process.uses.contains { service.serves($0.target.resource.index, of: self) }
  }

  private static func refusal(of instance: String, _ process: ProcessDeclaration, _ server: ProcessDeclaration)
    -> Diagnostic
  {
    Diagnostic(
      .error, at: process.replicasPlace ?? process.place,
      "'\(instance)' would be one more user of '\(server.name)', which has a place for each that there was at the start",
      help: "end the run first: mporch down, then mporch up")
  }
}

extension ProcessDeclaration {
  fileprivate mutating func refer(by ids: [ResourceID: ResourceID]) {
    for index in inputs.indices { inputs[index].target.refer(by: ids) }
    for index in outputs.indices { outputs[index].target.refer(by: ids) }
    for index in uses.indices { uses[index].target.refer(by: ids) }
  }
}

extension ResourceReference {
  fileprivate mutating func refer(by ids: [ResourceID: ResourceID]) { resource = ids[resource] ?? resource }
}

extension Resource {
  /// What has become of it in another file; `nil`: nothing that matters to its memory.
  fileprivate func change(to other: Resource, in running: Topology, _ changed: Topology) -> String? {
    if kind.noun != other.kind.noun { return "was a \(kind.noun)" }
    switch (kind, other.kind) {
    case (.queue(let old), .queue(let new)): return Self.change(old, new, running, changed)
    case (.pipe(let old), .pipe(let new)):
      if !Self.holds(old.storedTypeFromA, new.storedTypeFromA) || !Self.holds(old.storedTypeFromB, new.storedTypeFromB)
      {
        return "would hold items of another type than its memory was laid out for"
      }
      return old.isDuplex == new.isDuplex && old.byteCount == new.byteCount && old.itemType == new.itemType
        ? nil : "has changed"
    case (.condition(let old), .condition(let new)):
      return running.resources[old.index].name == changed.resources[new.index].name ? nil : "has another lock"
    case (.pool(let old), .pool(let new)):
      return old.essence(in: running) == new.essence(in: changed) ? nil : "has changed"
    default: return kind == other.kind ? nil : "has changed"
    }
  }

  private static func change(
    _ old: Queue, _ new: Queue, _ running: Topology, _ changed: Topology
  ) -> String? {
    let isSame =
      old.capacity == new.capacity && old.byteCount == new.byteCount && old.itemType == new.itemType
      && old.whenFull == new.whenFull && old.maxDeliveries == new.maxDeliveries && old.isExternal == new.isExternal
      && old.deadLetterQueue.map { running.resources[$0.index].name }
        == new.deadLetterQueue.map { changed.resources[$0.index].name }
    if !isSame { return "has changed" }
    return holds(old.storedType, new.storedType)
      ? nil
      : "would hold items of another type (\(new.storedType.name)) than its memory was laid out for (\(old.storedType.name))"
  }

  /// Whether memory for one type of items can hold another.
  private static func holds(_ old: ItemType, _ new: ItemType) -> Bool { old == new || old == .any }
}

extension Resource.Pool {
  /// Without places.
  fileprivate func essence(in topology: Topology) -> [String] {
    var words = ["\(size)", "\(maxTasksPerWorker ?? 0)", "\(maxDeliveries)"]
    switch work {
    case .kind(let name, _): words.append(name)
    case .script(let script): words.append(script.source)
    case .command(let command, _): words += command
    }
    words += parameters.map { "\($0.name) \($0.value)" }
    words += uses.map { "\($0.name) \(topology.resources[$0.target.resource.index].name)" }
    return words
  }
}
