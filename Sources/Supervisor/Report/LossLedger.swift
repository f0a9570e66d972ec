internal import Sharing
internal import Topology

/// What a run has lost: items with its commands, and items of its queues.
struct LossLedger {
  let arena: Arena
  /// Of instances that are no more.
  private var removed: [CommandLoss] = []

  init(_ arena: Arena) { self.arena = arena }

  func losses(of life: RunLife) -> RunLosses {
    var losses = RunLosses()
    losses.commands =
      life.instances.compactMap { instance in
        instance.lost.map { CommandLoss(instance: instance.name, lost: $0, isRemoved: false) }
      } + removed
    losses.queues = queueLosses(life.topology)
    return losses
  }

  /// The run has removed it.
  mutating func remove(_ instance: Instance) {
    guard let lost = instance.lost else { return }
    removed.append(CommandLoss(instance: instance.name, lost: lost, isRemoved: true))
  }

  // MARK: By commands

  /// What a command that has ended had been given, and is finished by that, though nobody has its answer: enters it, and
  /// gives the words for it. After a death, and before the next life.
  func enterLoss(of instance: Instance, _ outcome: LifeOutcome) -> String? {
    guard instance.declaration.losesWhatItReads else { return nil }
    let entry = arena.entry(instance.index)
    if case .readersEnded = entry.verdict { return nil }
    // Once: another process may change it.
    let life = entry.itemsOfThisLife
    guard let loss = ItemLoss(given: life.in, answered: life.out, unread: entry.unreadByCommand, outcome) else {
      return nil
    }
    instance.lost = instance.lost.map { $0 + loss } ?? loss
    return Self.words(for: loss, of: instance, life)
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

  private func queueLosses(_ topology: Topology) -> [QueueLoss] {
    let own = Set(topology.services.flatMap(\.queues).map(\.index))
    return topology.resources.indices.filter { !own.contains($0) }.compactMap { index in
      guard let report = arena.queueReport(index) else { return nil }
      let loss = QueueLoss(
        queue: topology.resources[index].name, droppedNew: report.droppedNew, droppedOld: report.droppedOld,
        givenUp: arena.lostItems(ofQueue: index))
      return loss.isEmpty ? nil : loss
    }
  }
}

extension ItemLoss {
  /// With one life of a command; `unread`: of what it was given.
  init?(given: UInt64, answered: UInt64, unread: UInt64, _ outcome: LifeOutcome) {
    let unread = min(unread, given)
    // One that has ended well has answered what it wanted to.
    let unanswered = outcome.isFailure ? given - min(given, answered) : 0
    self.init(atLeast: unread, atMost: max(unread, unanswered))
    if atMost == 0 { return nil }
  }
}

extension RunLosses {
  /// An item that was given up and is nowhere fails the run. The answer to a task that is given up goes to its caller.
  var haveGivenUp: Bool { queues.contains { $0.givenUp > 0 } }
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
