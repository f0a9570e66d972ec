internal import Platform
internal import Topology

/// What external queues hold when every process has ended for good: it is for the commands that wait to take from them.
extension Run {
  /// As long as a command that takes items may go without taking one, where the run ends by itself.
  private static let patience = Duration.seconds(10)
  /// And where it was told to end.
  private static let patienceWhenStopped = Duration.milliseconds(300)

  /// External queues end as others do when nobody writes to them any more; the run ends when their readers have seen it.
  func drain() {
    switch phase {
    case .running: beginDraining(Self.patience)
    case .stopping: beginDraining(Self.patienceWhenStopped)
    case .draining, .ended: break
    }
    if couriers.isEmpty { finish() }
  }

  private func beginDraining(_ patience: Duration) {
    life.drain()
    for (pid, courier) in couriers where arena.plan.links(of: courier.worker).reads.isEmpty { endServant(pid) }
    for index in externalQueues { arena.endOutside(ofQueue: index) }
    if !couriers.isEmpty { finish(unlessTakenWithin: patience) }
  }

  private func finish(unlessTakenWithin patience: Duration) {
    let count = leftItemCount
    _ = loop.after(patience) { [unowned self] in
      guard case .draining = phase else { return }
      if leftItemCount < count { finish(unlessTakenWithin: patience) } else { finish() }
    }
  }

  private var leftItemCount: Int { externalQueues.reduce(0) { $0 + leftItemCount(in: $1) } }

  private func leftItemCount(in queue: Int) -> Int {
    arena.queueReport(queue).map { report in report.items + report.leases.reduce(0) { $0 + $1.items } } ?? 0
  }

  private var externalQueues: [Int] {
    topology.resources.indices.filter { index in
      if case .queue(let queue) = topology.resources[index].kind { queue.isExternal } else { false }
    }
  }

  func tellWhatIsLeft() {
    for index in externalQueues {
      let (count, resource) = (leftItemCount(in: index), topology.resources[index])
      guard count > 0 else { continue }
      events.say(
        .warning, at: resource.place,
        "\(count == 1 ? "1 item that nobody has taken is" : "\(count) items that nobody has taken are") gone with the "
          + "run: they were in queue '\(resource.name)'\n  = help: 'mporch get \(resource.name) --follow' takes them")
    }
  }
}
