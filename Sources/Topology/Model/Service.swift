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
