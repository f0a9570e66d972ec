extension Topology {
  /// With the processes and queues of all services that it needs, behind its own: what a run is made of.
  ///
  /// `managedServer`: the script of the server of managed objects.
  package func withServices(managedServer: String) -> Topology {
    var run = self
    for (index, resource) in resources.enumerated() {
      if case .pool(let pool) = resource.kind { run.add(pool, ResourceID(index), resource) }
    }
    if let first = resources.first(where: { $0.kind.isManaged }) {
      run.addManagedServer(managedServer, at: first.place)
    }
    // Pools may use one another, and managed objects.
    for index in run.services.indices { run.addClients(of: index) }
    return run
  }

  private mutating func add(_ pool: Resource.Pool, _ id: ResourceID, _ resource: Resource) {
    var process = ProcessDeclaration(name: resource.name, place: resource.place, work: pool.work)
    process.replicas = pool.size
    process.uses = pool.uses
    process.parameters = pool.parameters
    // Also after a task that took it down: its next life takes that task again.
    process.restart = .always
    process.restartDelay = .zero
    var tasks = Resource.Queue()
    tasks.maxDeliveries = pool.maxDeliveries
    add(process, .pool(id), requests: tasks, name: "\(resource.name) tasks")
  }

  private mutating func addManagedServer(_ source: String, at place: Place) {
    let taken = Set(processes.map(\.name))
    let name = sequence(first: "managed") { $0 + "-server" }.first { !taken.contains($0) }!
    let process = ProcessDeclaration(name: name, place: place, work: .script(Script(source, at: place)))
    add(process, .managedObjects, requests: Resource.Queue(), name: "\(name) requests")
    services[services.count - 1].supervisorsReplies = ResourceID(resources.count)
    resources.append(Resource(name: "\(name) replies to inspect", kind: .queue(.ofExcerpts), place: place))
  }

  private mutating func add(
    _ process: ProcessDeclaration, _ role: Service.Role, requests: Resource.Queue, name: String
  ) {
    var process = process
    process.environment = environment
    services.append(Service(role: role, process: processes.count, requests: ResourceID(resources.count)))
    resources.append(Resource(name: name, kind: .queue(requests), place: process.place))
    processes.append(process)
  }

  private mutating func addClients(of index: Int) {
    let service = services[index]
    for process in processes.indices where process != service.process {
      let declaration = processes[process]
      guard declaration.uses.contains(where: { service.serves($0.target.resource.index, of: self) }) else { continue }
      for replica in 1...declaration.replicas {
        let replies = Resource(
          name: "\(processes[service.process].name) replies to \(declaration.name)-\(replica)",
          kind: .queue(Resource.Queue()), place: processes[service.process].place)
        services[index].clients.append(
          Service.Client(process: process, replica: replica, replies: ResourceID(resources.count)))
        resources.append(replies)
      }
      // Started before those that call it, and stopped after them.
      processes[process].dependencies.append(
        ProcessDeclaration.Dependency(
          process: processes[service.process].name, condition: .started, place: declaration.place))
    }
  }
}

extension Resource.Kind {
  package var isManaged: Bool { if case .managed = self { true } else { false } }
}

extension Resource.Queue {
  /// Small, and open to the supervisor, which is no reader that the plan knows.
  fileprivate static var ofExcerpts: Self {
    var queue = Self()
    queue.capacity = 64
    queue.byteCount = 128 << 10
    queue.isExternal = true
    return queue
  }
}
