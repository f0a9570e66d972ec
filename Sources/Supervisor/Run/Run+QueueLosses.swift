internal import Sharing
internal import Topology

/// What queues have lost: a user asked for it, or the run has failed.
extension Run {
  var queueLosses: [QueueLoss] {
    let own = Set(topology.services.flatMap(\.queues).map(\.index))
    return topology.resources.indices.filter { !own.contains($0) }.compactMap { index in
      guard let report = arena.queueReport(index) else { return nil }
      let loss = QueueLoss(
        queue: topology.resources[index].name, droppedNew: report.droppedNew, droppedOld: report.droppedOld,
        givenUp: arena.lostItems(ofQueue: index))
      return loss.isEmpty ? nil : loss
    }
  }

  /// An item that was given up and is nowhere fails the run. The answer to a task that is given up goes to its caller.
  var hasLostItems: Bool { queueLosses.contains { $0.givenUp > 0 } }

  /// At the end, for who watches the run, and for `events`: of what was given up was told when it happened.
  func tellWhatWasDropped() {
    for loss in queueLosses {
      guard let resource = topology.resources.first(where: { $0.name == loss.queue }) else { continue }
      for sentence in loss.dropped { say(.note, at: resource.place, sentence) }
    }
  }
}
