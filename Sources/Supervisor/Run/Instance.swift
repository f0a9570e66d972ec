internal import Topology

/// One instance and all that its supervisor keeps of it across its lives.
final class Instance {
  /// In the worker table.
  let index: Int
  let name: String
  let process: Int
  let replica: Int
  private let shared: SharedDeclaration
  let upStreams: UpStreamUse
  var state = InstanceState.pending
  var decider: RestartDecider
  /// Starts asked for by a command are counted beside those of the restart policy.
  var commandedRestartCount = 0
  /// What its last life waited on for ever, if it did: for `ps`.
  var deadlock: String?
  /// Of its last life.
  var ending: Ending?
  /// Of the lives that are over.
  var wallTime = Duration.zero
  var processorTime = Duration.zero
  /// The end of a pause, of its `timeout`, or of its grace period: at most one at a time matters.
  var timer: EventLoop.Timer?
  var rate = RateMeter()
  /// Of this life, or, between two and after the last, of the one before; `nil` without a check.
  var health: InstanceHealth?

  init(index: Int, plan: InstancePlan, declaration: SharedDeclaration, upStreams: UpStreamUse) {
    self.index = index
    name = plan.name
    process = plan.process
    replica = plan.replica
    shared = declaration
    self.upStreams = upStreams
    decider = RestartDecider(policy: declaration.value.restart, firstPause: declaration.value.restartDelay)
  }

  var declaration: ProcessDeclaration {
    _read { yield shared.value }
  }

  var restartCount: Int { decider.restartCount + commandedRestartCount }
}

/// One for all instances of a process: a copy each would be most of a supervisor's memory, of which every fork pays for
/// each page.
final class SharedDeclaration {
  let value: ProcessDeclaration

  init(_ value: ProcessDeclaration) { self.value = value }
}
