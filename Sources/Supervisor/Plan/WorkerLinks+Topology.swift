package import Sharing
package import Topology

extension WorkerLinks {
  /// What an instance touches by its declaration, and as what is a service's client or runs it.
  package init(of instance: InstancePlan, in topology: Topology) {
    self.init()
    let process = topology.processes[instance.process]
    let (inputs, outputs) = (process.inputs.map(\.target), process.outputs.map(\.target))
    let used = process.uses.map(\.target)
    reads = Set(inputs.filter { $0.end == nil }.map(\.resource.index))
    writes = Set(outputs.filter { $0.end == nil }.map(\.resource.index))
    uses = Set(
      used.filter { $0.end == nil && topology.resources[$0.resource.index].kind.primitive != nil }.map(\.resource.index)
    )
    for reference in inputs + outputs + used {
      switch reference.end {
      case .a: holdsA.insert(reference.resource.index)
      case .b: holdsB.insert(reference.resource.index)
      case nil: break
      }
    }
    for service in topology.services { add(service, instance) }
  }

  private mutating func add(_ service: Service, _ instance: InstancePlan) {
    if service.process == instance.process {
      reads.insert(service.requests.index)
      writes.formUnion(service.clients.map(\.replies.index))
      if let replies = service.supervisorsReplies { writes.insert(replies.index) }
    }
    for client in service.clients where client.process == instance.process && client.replica == instance.replica {
      writes.insert(service.requests.index)
      reads.insert(client.replies.index)
    }
  }
}
