internal import Topology

/// One instance and all that its supervisor keeps of it across its lives.
final class Instance {
  /// In the worker table.
  let index: Int
  let name: String
  /// Index into the topology's processes.
  private(set) var process: Int
  let replica: Int
  private(set) var sharedDeclaration: SharedDeclaration
  private(set) var upStreams: UpStreamUse
  var state = InstanceState.pending
  var decider: RestartDecider
  /// Starts asked for by a command are counted beside those of the restart policy.
  var commandedRestartCount = 0
  /// What its last life waited on for ever, if it did: for `ps`.
  var deadlock: String?
  /// Of its last life.
  var ending: Ending?
  /// Its last life succeeded, and not because its input ended or nobody read its output any more.
  var hasDoneItsWork = false
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
    sharedDeclaration = declaration
    self.upStreams = upStreams
    decider = RestartDecider(policy: declaration.value.restart, firstPause: declaration.value.restartDelay)
  }

  /// Its process stands elsewhere in the file, or says something else, from now on.
  func adopt(process: Int, _ declaration: SharedDeclaration, _ upStreams: UpStreamUse) {
    let (old, new) = (self.declaration, declaration.value)
    self.process = process
    sharedDeclaration = declaration
    self.upStreams = upStreams
    if old.restart != new.restart || old.restartDelay != new.restartDelay {
      commandedRestartCount += decider.restartCount
      decider = RestartDecider(policy: new.restart, firstPause: new.restartDelay)
    }
  }

  var declaration: ProcessDeclaration {
    _read { yield sharedDeclaration.value }
  }

  var restartCount: Int { decider.restartCount + commandedRestartCount }
}

/// One for all instances of a process: a copy each would be most of a supervisor's memory, of which every fork pays for
/// each page.
final class SharedDeclaration {
  let value: ProcessDeclaration

  init(_ value: ProcessDeclaration) { self.value = value }
}
