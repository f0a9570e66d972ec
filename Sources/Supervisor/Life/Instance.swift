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
  var life: InstanceLife
  /// What its last life waited on for ever, if it did: for `ps`.
  var deadlock: String?
  /// Of its last life.
  var ending: Ending?
  /// The last that its last life found wrong with its own work, in a line.
  var complaint: String?
  /// Its last life succeeded, and not because its input ended or nobody read its output any more.
  var hasDoneItsWork = false
  /// With its commands; `nil`: nothing.
  var lost: ItemLoss?
  /// Of the lives that are over.
  var wallTime = Duration.zero
  /// CLOCK_MONOTONIC, nanoseconds: of its first life. `nil`: it has had none.
  var firstStart: UInt64?
  var processorTime = Duration.zero
  /// The end of a pause, of its `timeout`, or of its grace period: at most one at a time matters.
  var timer: (id: EventLoop.Timer, deadline: UInt64)?
  /// Of all its lives, when this one began.
  var itemsBeforeLife: UInt64 = 0
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
    life = InstanceLife(policy: declaration.value.restart, firstPause: declaration.value.restartDelay)
  }

  /// Its process stands elsewhere in the file, or says something else, from now on.
  func adopt(process: Int, _ declaration: SharedDeclaration, _ upStreams: UpStreamUse) {
    self.process = process
    sharedDeclaration = declaration
    self.upStreams = upStreams
    life.adopt(policy: declaration.value.restart, firstPause: declaration.value.restartDelay)
  }

  var declaration: ProcessDeclaration {
    _read { yield sharedDeclaration.value }
  }

  var state: InstanceState { life.state }

  /// Why it failed for good, or could never start.
  var failure: String? {
    switch state.end {
    case .failed(let reason), .neverStarted(let reason): reason
    default: nil
    }
  }

  var hasFailed: Bool { failure != nil }
}

/// One for all instances of a process: a copy each would be most of a supervisor's memory, of which every fork pays for
/// each page.
final class SharedDeclaration {
  let value: ProcessDeclaration

  init(_ value: ProcessDeclaration) { self.value = value }
}
