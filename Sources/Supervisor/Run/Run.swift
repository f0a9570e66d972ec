internal import Glibc
internal import Platform
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
  let spawner: WorkerSpawner
  let output: OutputCollector
  let words: SharedNotes
  let helperSpawner: HelperSpawner
  let helpers = HelperProcesses()
  let status: RunStatus
  let folder: RunFolder
  let control: ControlServer
  let events: Announcer
  var charge: Warden.Charge
  let kinds: [any Kind.Type]
  /// Reads a topology; what this one was made of.
  let source: TopologySource
  var made: TopologySource.Made
  /// That a command has asked for.
  var change: OngoingChange?
  /// One change at a time.
  var postponed: [(request: ControlRequest, session: ControlSession)] = []
  let names: InstanceNames

  /// Something has changed that others may wait for.
  var isUnsettled = true
  var byPID: [Int32: Instance] = [:]
  /// By process id.
  var couriers: [Int32: Courier] = [:]
  let wish: Wish
  var hasSaidRunning = false
  var warden: Warden?
  /// Of those that the end of the run has stopped.
  var killed: [String] = []
  /// What commands wait for.
  var errands = Errands<ControlSession>()
  /// Who waits for the run's end.
  var endWaiters: [ControlSession] = []
  lazy var readiness = ReadinessWatch(
    loop: loop, events: events, wish: wish, look: { [unowned self] in life },
    wake: { [unowned self] in isUnsettled = true })
  /// Workers that were stopped, and may run for a moment.
  var resumed: [Int32] = []
  /// By the process that serves it.
  var servedClients: [Int32: ServedClient] = [:]
  /// By resource.
  var queueRates: [Int: QueueRates] = [:]
  let managedLook: ManagedLook?
  var losses: LossLedger
  /// Of the whole run: it counts, also where a restart has resolved it.
  var hadDeadlock = false
  /// Of its shared memory.
  var hadDamage = false
  let startedAt = Clock.monotonicNanoseconds
  /// Of the whole system, for want of memory.
  var memoryKillCount = AvailableMemory.killCount()

  init(_ parts: consuming Parts) {
    life = RunLife(parts.topology, instances: parts.instances)
    arena = parts.arena
    loop = parts.loop
    spawner = parts.spawner
    status = parts.status
    folder = parts.folder
    control = parts.control
    events = parts.events
    charge = parts.charge
    wish = parts.wish
    kinds = parts.kinds
    source = parts.source
    made = parts.made
    names = parts.names
    losses = LossLedger(parts.arena)
    warden = parts.warden.take()
    output = parts.output
    words = parts.words
    managedLook = ManagedLook(parts.topology, arena: arena, loop: loop)
    helperSpawner = parts.helperSpawner
    arena.rescueLocks { [unowned self] in standing(of: $0) }
  }

  var topology: Topology { life.topology }
  /// See `instance(ofWorker:)`.
  var instances: [Instance] { life.instances }
  var byProcess: [String: [Instance]] { life.byProcess }
  var phase: Phase { life.phase }

  /// What the client that started the run asked for, beside the topology.
  struct Wish {
    var attachment: StartRequest.Attachment
    /// In place of every process's own.
    var gracePeriod: Duration?
    /// How long it waits until the run is up.
    var waitLimit: Duration?
  }

  /// What is made before a run can begin.
  struct Parts: ~Copyable {
    var topology: Topology
    var instances: [Instance]
    var arena: Arena
    var loop: EventLoop
    var spawner: WorkerSpawner
    var output: OutputCollector
    var words: SharedNotes
    var helperSpawner: HelperSpawner
    var status: RunStatus
    var folder: RunFolder
    var control: ControlServer
    var events: Announcer
    var charge: Warden.Charge
    var warden: Warden?
    var wish: Wish
    var kinds: [any Kind.Type]
    var source: TopologySource
    var made: TopologySource.Made
    var names: InstanceNames
  }

  /// Until the run has ended and everyone who was to know knows.
  func live() throws(Errno) {
    watchForDeadlocks()
    try loop.run { [unowned self] in
      settle()
      stopResumed()
      guard case .ended = phase else { return false }
      return (events.client?.isFlushed ?? true) && control.isFlushed && servedClients.isEmpty
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

  // MARK: What workers say

  /// What workers have left to say.
  func tellWords() {
    for worker in words.places { tellWords(ofWorker: worker) }
  }

  /// It stands in the worker's log, where one looks for it.
  func tellWords(ofWorker worker: Int) {
    for words in OwnWords.all(in: words, of: worker) {
      output.store(words.text, ofInstance: worker)
      if words.severity == .error, let instance = instance(ofWorker: worker) {
        instance.complaint = words.headline(of: instance.name)
      }
      events.pass(on: words)
    }
  }
}
