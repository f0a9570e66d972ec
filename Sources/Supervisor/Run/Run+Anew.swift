internal import Sharing
internal import Topology

extension Run {
  /// A kind's process that its restart policy starts again after it has done its work does that work once more. Its
  /// instances share it, so this is when all of them are done: till then a new life of one finds its share done.
  func beginAnew(_ process: Int) {
    let instances = instances.filter { $0.process == process && $0.state.mayLiveAgain }
    guard let first = instances.first, let signature = signature(of: first.declaration),
      // One with an input succeeds as that ends, and lives no more.
      signature.answers == .source || signature.answers == .none,
      instances.allSatisfy({ $0.state == .restarting && $0.hasDoneItsWork })
    else { return }
    arena.forgetClaims(ofGroupOf: first.index)
    for instance in instances { arena.forgetDurable(of: instance.index) }
  }
}

extension InstanceState {
  /// By itself: not one that a command has stopped, or that has ended for good.
  fileprivate var mayLiveAgain: Bool {
    switch self {
    case .stopped, .ended: false
    case .pending, .running, .stopping, .restarting: true
    }
  }
}
