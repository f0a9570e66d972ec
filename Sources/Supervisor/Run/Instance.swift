internal import Topology

/// One instance and all that its supervisor keeps of it across its lives.
final class Instance {
  /// In the worker table.
  let index: Int
  let name: String
  let process: Int
  let replica: Int
  let declaration: ProcessDeclaration
  let upStreams: UpStreamUse
  var state = InstanceState.pending
  var decider: RestartDecider
  /// Starts asked for by a command are counted beside those of the restart policy.
  var commandedRestartCount = 0
  /// Of its last life.
  var ending: Ending?
  /// Of the lives that are over.
  var wallTime = Duration.zero
  var processorTime = Duration.zero
  /// The end of a pause, of its `timeout`, or of its grace period: at most one at a time matters.
  var timer: EventLoop.Timer?
  var rate = RateMeter()

  init(index: Int, plan: InstancePlan, declaration: ProcessDeclaration, upStreams: UpStreamUse) {
    self.index = index
    name = plan.name
    process = plan.process
    replica = plan.replica
    self.declaration = declaration
    self.upStreams = upStreams
    decider = RestartDecider(policy: declaration.restart, firstPause: declaration.restartDelay)
  }

  var restartCount: Int { decider.restartCount + commandedRestartCount }
}
