internal import Topology

/// A run as far as it is the life of its instances: who there is, where the run is, and what follows. Pure: whatever it
/// says is to happen goes into the table of the instance that it names, and `Run` does what that says.
struct RunLife {
  typealias Happening = (instance: Instance, event: LifeEvent)

  private(set) var phase = Phase.running
  /// In order of their processes, then of their numbers.
  private(set) var instances: [Instance]
  private(set) var byProcess: [String: [Instance]]
  /// As the file says now.
  private(set) var topology: Topology
  private var levels: DependencyLevels

  init(_ topology: Topology, instances: [Instance]) {
    self.topology = topology
    self.instances = instances
    levels = DependencyLevels(topology.processes)
    byProcess = Dictionary(grouping: instances, by: \.declaration.name)
  }

  mutating func adopt(_ topology: Topology) {
    self.topology = topology
    levels = DependencyLevels(topology.processes)
  }

  /// After some have come, gone, or changed their place in the file.
  mutating func arrange(_ instances: [Instance]) {
    self.instances = instances.sorted { ($0.process, $0.replica) < ($1.process, $1.replica) }
    byProcess = Dictionary(grouping: self.instances, by: \.declaration.name)
  }

  /// By its place in the worker table; `nil`: nobody is there, or a courier.
  func instance(ofWorker worker: Int) -> Instance? {
    // As it mostly is: the instances of the start have the first places, in their order.
    if instances.indices.contains(worker), instances[worker].index == worker { return instances[worker] }
    return instances.first { $0.index == worker }
  }

  /// `nil` also for what the supervisor itself holds for a moment.
  func name(ofWorker worker: Int) -> String? { instance(ofWorker: worker)?.name }

  var haveAllEnded: Bool { instances.allSatisfy { $0.state.end != nil } }

  /// The first failure that ends the whole run.
  var fatalFailure: String? {
    guard topology.failFast, case .running = phase else { return nil }
    return instances.first(where: \.hasFailed).map { "fail_fast: \($0.name) has failed" }
  }

  func dependencies(of instance: Instance) -> DependencyVerdict {
    DependencyVerdict(instance.declaration.dependencies) { (byProcess[$0] ?? []).map(\.asDependee) }
  }
}

// MARK: What follows

extension RunLife {
  /// From where all are; more may follow from that in turn. While a change is under way, who is stopped for it is not
  /// taken for gone.
  mutating func conclusions(isChanging: Bool) -> [Happening] {
    switch phase {
    case .running: return starts + (isChanging ? [] : endsOfServices)
    case .stopping: return nextLevel() + endsOfServices
    case .draining, .ended: return []
    }
  }

  private var starts: [Happening] {
    instances.compactMap { instance in
      switch instance.state {
      case .pending:
        switch dependencies(of: instance) {
        case .satisfied: return (instance, .dependenciesMet)
        case .impossible(let reason): return (instance, .dependenciesImpossible(reason: reason))
        case .waits: return nil
        }
      // What kept it from starting has begun another life.
      case .ended(.neverStarted): return dependencies(of: instance).isImpossible ? nil : (instance, .needed)
      default: return nil
      }
    }
  }

  /// Of services whose callers have all ended. What these did not wait for is nobody's any more, so that the workers of
  /// a pool are told to end; the server of managed objects does so by itself.
  private var endsOfServices: [Happening] {
    topology.services.filter(isOver).flatMap { service in
      workers(of: service).filter { $0.state.end == nil && (service.isPool || !$0.state.isRunning) }
        .map { ($0, .unneeded) }
    }
  }

  private func isOver(_ service: Service) -> Bool {
    Set(service.clients.compactMap(\.process)).allSatisfy { process in
      byProcess[topology.processes[process].name]?.allSatisfy { $0.state.end != nil } ?? true
    }
  }

  private func workers(of service: Service) -> [Instance] {
    byProcess[topology.processes[service.process].name] ?? []
  }

  /// What happens where a command or a change lets an instance begin another life: the services that it calls, which
  /// may have ended with their callers, come back before it.
  func happenings(_ event: LifeEvent, of instance: Instance) -> [Happening] {
    guard event.isBeginning, !(event == .start && instance.state.isRunning) else { return [(instance, event)] }
    var found: [Happening] = []
    var seen: Set<Int> = []
    func need(_ process: Int) {
      for service in topology.services
      where service.clients.contains(where: { $0.process == process }) && seen.insert(service.process).inserted {
        need(service.process)
        found += workers(of: service).map { ($0, .needed) }
      }
    }
    need(instance.process)
    return found + [(instance, event)]
  }
}

// MARK: The end

extension RunLife {
  /// In reverse order of dependency, within one grace period for each level; of a run that stops already, no later than
  /// was said before.
  mutating func stop(signal: Int32?, gracePeriod: Duration?) -> [Happening] {
    switch phase {
    case .running:
      phase = .stopping(.init(level: levels.levels.count - 1, signal: signal, gracePeriod: gracePeriod))
      return instances.map { ($0, .runStops) }
    case .stopping(var stopping):
      guard let gracePeriod else { return [] }
      stopping.gracePeriod = stopping.gracePeriod.map { min($0, gracePeriod) } ?? gracePeriod
      phase = .stopping(stopping)
      return instances.map { ($0, .hurry(grace: gracePeriod)) }
    case .draining(let earlier):
      phase = .draining(after: earlier ?? .init(level: 0, signal: signal))
      return []
    case .ended: return []
    }
  }

  /// Now, all of them.
  mutating func kill() -> [Happening] {
    guard case .stopping(var stopping) = phase else { return [] }
    (stopping.level, stopping.isTold) = (0, true)
    phase = .stopping(stopping)
    return instances.map { ($0, .killed) }
  }

  /// The highest level that still lives is told to end; those below it go on until it has.
  private mutating func nextLevel() -> [Happening] {
    guard case .stopping(var stopping) = phase, stopping.level >= 0 else { return [] }
    while stopping.level > 0, !members(of: stopping.level).contains(where: { $0.state.life != nil }) {
      stopping.level -= 1
      stopping.isTold = false
    }
    let isTold = stopping.isTold
    stopping.isTold = true
    phase = .stopping(stopping)
    return isTold ? [] : members(of: stopping.level).map { ($0, .levelStops(grace: stopping.gracePeriod)) }
  }

  private func members(of level: Int) -> [Instance] {
    levels.levels[level].flatMap { byProcess[topology.processes[$0].name] ?? [] }
  }

  /// Every process has ended for good.
  mutating func drain() {
    switch phase {
    case .running: phase = .draining(after: nil)
    case .stopping(let stopping): phase = .draining(after: stopping)
    case .draining, .ended: break
    }
  }

  mutating func end(_ result: RunResult) { phase = .ended(result) }
}

extension LifeEvent {
  fileprivate var isBeginning: Bool {
    switch self {
    case .start, .restart, .relinked, .needed: true
    default: false
    }
  }
}

extension Service {
  fileprivate var isPool: Bool { if case .pool = role { true } else { false } }
}

/// Where a run is.
enum Phase {
  case running
  case stopping(Stopping)
  /// Every process has ended for good; commands still take what external queues hold. `after`: where it was told to.
  case draining(after: Stopping?)
  case ended(RunResult)

  struct Stopping {
    /// Index into the levels of dependency; those above it have ended.
    var level: Int
    /// Those of the level have been told.
    var isTold = false
    /// That asked for it, if one did: the exit code is 128 more.
    var signal: Int32?
    /// In place of every process's own.
    var gracePeriod: Duration?
  }

  /// Who asked for the run's end knows that it does not come up any more.
  var isToldToEnd: Bool {
    switch self {
    case .running, .draining(after: nil): false
    case .stopping, .draining: true
    case .ended(let result): result.exitCode > 128
    }
  }

  /// For an instance.
  var course: RunCourse { if case .running = self { .running } else { .stopping } }
}
