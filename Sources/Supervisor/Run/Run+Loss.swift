internal import Sharing
internal import Topology

extension Run {
  var losses: RunLosses {
    var losses = RunLosses()
    losses.commands =
      instances.compactMap { instance in
        instance.lost.map { CommandLoss(instance: instance.name, lost: $0, isRemoved: false) }
      } + removedLosses
    losses.queues = queueLosses
    return losses
  }

  // MARK: By commands

  /// What a command that has ended had been given, and is finished by that, though nobody has its answer. After a death,
  /// and before the next life.
  func tellLoss(of instance: Instance, _ outcome: LifeOutcome) {
    let entry = arena.entry(instance.index)
    // Once: another process may change it.
    let life = entry.itemsOfThisLife
    guard let loss = loss(of: instance, outcome, entry, life) else { return }
    instance.lost = instance.lost.map { $0 + loss } ?? loss
    say(.warning, at: instance.declaration.place, Self.words(for: loss, of: instance, life))
  }

  private func loss(
    of instance: Instance, _ outcome: LifeOutcome, _ entry: WorkerEntry, _ life: (in: UInt64, out: UInt64)
  ) -> ItemLoss? {
    guard instance.declaration.losesWhatItReads else { return nil }
    if case .readersEnded = entry.verdict { return nil }
    let unread = min(entry.unreadByCommand, life.in)
    // One that has ended well has answered what it wanted to.
    let unanswered = outcome.isFailure ? life.in - min(life.in, life.out) : 0
    let loss = ItemLoss(atLeast: unread, atMost: max(unread, unanswered))
    return loss.atMost > 0 ? loss : nil
  }

  private static func words(
    for loss: ItemLoss, of instance: Instance, _ life: (in: UInt64, out: UInt64)
  ) -> String {
    let given =
      "process '\(instance.name)': \(loss.words) that its command was given \(loss.atMost == 1 ? "is" : "are") lost"
    let (read, answers) = (life.in - loss.atLeast, life.out)
    let why =
      if loss.atLeast == loss.atMost {
        "it had not read \(loss.atMost == 1 ? "it" : "them")"
      } else if instance.declaration.outputs.isEmpty {
        "it had read \(read), and what it has done with them nobody can know"
      } else {
        "it had read \(read) and has answered \(answers)"
      }
    let help =
      instance.declaration.outputs.isEmpty
      ? "" : "\n  = help: an item is finished when it is written; with 'with: {replies: each}', when its answer comes"
    return "\(given): \(why)\(help)"
  }

  // MARK: By queues, as a user has asked for, or else the run has failed

  private var queueLosses: [QueueLoss] {
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

extension ProcessDeclaration {
  /// A command whose items are finished when they are written to it.
  fileprivate var losesWhatItReads: Bool {
    isCommand && !inputs.isEmpty && arguments.string("replies") != "each"
  }
}

extension LifeOutcome {
  fileprivate var isFailure: Bool { if case .failed = self { true } else { false } }
}
