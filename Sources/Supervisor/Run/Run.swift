internal import Sharing
internal import SystemPackage
internal import Topology
internal import Workers

/// A run's life: starts its processes, sees them end, repairs what they leave, starts them again, and ends.
///
/// One thread; everything happens in a handler of the loop, and `settle` draws the conclusions after each round.
final class Run {
  /// Who there is, and where the run is.
  var life: RunLife
  let arena: Arena
  let loop: EventLoop
  let host: WorkerHost
  let status: RunStatus
  let folder: RunFolder
  let control: ControlServer
  let events: Announcer
  let kinds: [any Kind.Type]
  let wish: Wish
  let changes: Changes
  /// Something has changed that others may wait for.
  var isUnsettled = true
  var hasSaidRunning = false
  /// It counts of the whole run, also where a restart has resolved it.
  var hadFault = false
  /// Of those that the end of the run has stopped.
  var killed: [String] = []
  /// What commands wait for.
  var errands = Errands<ControlSession>()
  /// Who waits for the run's end.
  var endWaiters: [ControlSession] = []
  var losses: LossLedger
  let inspector: Inspector

  /// For the parts of the run, each of which knows no more of it than that.
  private(set) lazy var look: () -> RunLife = { [unowned self] in life }
  private lazy var wake: () -> Void = { [unowned self] in isUnsettled = true }
  private(set) lazy var readiness = ReadinessWatch(loop: loop, events: events, wish: wish, look: look, wake: wake)
  private(set) lazy var servants = Servants(arena: arena, loop: loop, host: host, look: look, wake: wake)
  private(set) lazy var health = HealthMonitor(loop: loop, host: host, events: events, wake: wake) {
    [unowned self] instance, reason in
    take(.faulted(reason: reason), of: instance)
  }

  init(
    _ topology: Topology, _ instances: [Instance], arena: Arena, loop: EventLoop, host: WorkerHost, status: RunStatus,
    folder: RunFolder, control: ControlServer, events: Announcer, kinds: [any Kind.Type], changes: Changes,
    wish: Wish
  ) {
    life = RunLife(topology, instances: instances)
    self.arena = arena
    self.loop = loop
    self.host = host
    self.status = status
    self.folder = folder
    self.control = control
    self.events = events
    self.kinds = kinds
    self.changes = changes
    self.wish = wish
    losses = LossLedger(arena)
    inspector = Inspector(topology, arena: arena, loop: loop, host: host)
  }

  var topology: Topology { life.topology }
  var instances: [Instance] { life.instances }
  var byProcess: [String: [Instance]] { life.byProcess }
  var phase: Phase { life.phase }
  var reporter: InstanceReporter { InstanceReporter(life: life, arena: arena, host: host) }

  /// What the client that started the run asked for, beside the topology.
  struct Wish {
    var attachment: StartRequest.Attachment
    /// In place of every process's own.
    var gracePeriod: Duration?
    /// How long it waits until the run is up.
    var waitLimit: Duration?
  }

  /// Until the run has ended and everyone who was to know knows.
  func live() throws(Errno) {
    watchForFaults()
    try loop.run { [unowned self] in
      settle()
      host.stopResumed()
      guard case .ended = phase else { return false }
      return (events.client?.isFlushed ?? true) && control.isFlushed && servants.isEmpty
    }
  }

  /// Draws the conclusions from what has happened, until there are none.
  private func settle() {
    endIfDamaged()
    while isUnsettled {
      isUnsettled = false
      if case .ended = phase { return }
      takeConclusions()
      advanceChange()
      answerErrands()
      readiness.tell()
      if life.haveAllEnded { drain() }
    }
  }
}
