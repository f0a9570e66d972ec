internal import Platform
internal import Sharing
internal import Topology
internal import Workers

/// `get` and `put`: a courier for each command, a reader or a writer of the queue like a worker of the run.
extension Run {
  func get(_ request: GetRequest, _ session: ControlSession) {
    do throws(Refusal) {
      let index = try resource(request.resource)
      if let elements = try elements(request, of: index) { return session.reply(.elements(elements)) }
      let queue = try externalQueue(index, "'mporch get' reads values, arrays and external queues")
      if request.firstElement != nil {
        throw Refusal("'\(request.resource)' is a queue: it has no elements", help: "name it without […]", exitCode: 1)
      }
      var links = WorkerLinks()
      links.reads = [index]
      try sendCourier(session, links) { arena, worker, channel in
        guard let reader = arena.queueReader(index, worker: worker) else { return }
        var courier = GetCourier(
          reader, of: queue.storedType, entry: arena.entry(worker), channel: channel, request: request)
        courier.run()
      }
    } catch {
      session.reply(.refused(error))
    }
  }

  func put(into name: String, patienceSeconds: Double?, _ session: ControlSession) {
    do throws(Refusal) {
      let index = try resource(name)
      let queue = try externalQueue(
        index, "'mporch put' puts into external queues, 'mporch set' sets values and arrays")
      var links = WorkerLinks()
      links.writes = [index]
      try sendCourier(session, links) { arena, worker, channel in
        guard let writer = arena.queueWriter(index, worker: worker) else { return }
        PutCourier(
          writer: ItemWriter(writer, type: queue.storedType, resourceName: name), entry: arena.entry(worker),
          type: queue.storedType, name: name, channel: channel, patienceSeconds: patienceSeconds
        ).run()
      }
    } catch {
      session.reply(.refused(error))
    }
  }

  private func externalQueue(_ index: Int, _ help: String) throws(Refusal) -> Resource.Queue {
    let resource = topology.resources[index]
    guard case .queue(let queue) = resource.kind else { throw wrongSort(index, help) }
    guard queue.isExternal else {
      throw Refusal(
        "\(resource.place): error: queue '\(resource.name)' is not open to commands",
        help: "add 'external: true' to it in line \(resource.place.line); 'mporch tap' watches any queue", exitCode: 1)
    }
    return queue
  }

  private func sendCourier(
    _ session: ControlSession, _ links: WorkerLinks, _ work: (Arena, _ worker: Int, ClientChannel) -> Void
  ) throws(Refusal) {
    try serve(session) { client throws(Refusal) in
      try sendCourier(links, keeping: client.descriptor) { arena, worker in
        CurrentProcess.ignoreFailingWrites()
        work(arena, worker, ClientChannel(client.descriptor))
        return 0
      } onEnd: { _ in
      }
    }
  }
}
