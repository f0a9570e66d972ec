/// Processes that mporch adds to a run for what scripts use by calls: the server of managed objects, and each pool's
/// workers. Their clients put requests into one queue, and each instance of a client has a queue of its own for replies.
package struct Service: Sendable, Equatable {
  package enum Role: Sendable, Equatable {
    case managedObjects
    case pool(ResourceID)
  }

  package struct Client: Sendable, Equatable {
    /// Index into `Topology.processes`; `nil`: it was there when the run began, and is not any more.
    package var process: Int?
    /// From 1.
    package var replica: Int
    package var replies: ResourceID
  }

  package var role: Role
  /// Index into `Topology.processes`.
  package var process: Int
  package var requests: ResourceID
  /// A request begins with its client's number: the place in this list.
  package var clients: [Client] = []
  /// Where the answers to the supervisor's own questions come, whose number is behind those of the clients.
  package var supervisorsReplies: ResourceID?

  /// The client that an instance of a process is.
  package func client(process: Int, replica: Int) -> Int? {
    clients.firstIndex { $0.process == process && $0.replica == replica }
  }

  /// The queues that it needs.
  package var queues: [ResourceID] { [requests] + clients.map(\.replies) + [supervisorsReplies].compactMap(\.self) }

  /// Whether it is what a resource is used by.
  package func serves(_ resource: Int, of topology: Topology) -> Bool {
    switch (role, topology.resources[resource].kind) {
    case (.managedObjects, .managed): true
    case (.pool(let pool), .pool): pool.index == resource
    default: false
    }
  }
}

extension Topology {
  /// Of an instance's process, if mporch has added it.
  package func service(runBy process: Int) -> Service? { services.first { $0.process == process } }
}

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
