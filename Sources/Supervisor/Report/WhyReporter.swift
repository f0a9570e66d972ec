internal import Glibc
internal import Platform
internal import Sharing
internal import Text
internal import Topology
internal import Workers

/// What `why` says: how instances have spent their time, and what holds the run up.
struct WhyReporter {
  let life: RunLife
  let arena: Arena
  let host: WorkerHost
  let kinds: [any Kind.Type]

  private var topology: Topology { life.topology }

  func report(of chosen: [Instance]) -> WhyReport {
    let bottlenecks = Bottlenecks(
      loads: loads, queues: flows, locks: lockUses, processorCount: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    return WhyReport(processes: chosen.map(account), findings: bottlenecks.words)
  }

  // MARK: One instance

  /// What an instance has done with the time since it first started.
  private struct Times {
    var seconds = 0.0
    /// Also the wait that it is in.
    var waits: [(on: WorkerEntry.Wait, seconds: Double)] = []
    /// Between two lives.
    var down = 0.0

    var working: Double { max(0, seconds - down - waits.reduce(0) { $0 + $1.seconds }) }

    mutating func add(_ wait: WorkerEntry.Wait, _ more: Double) {
      if let index = waits.firstIndex(where: { $0.on == wait }) {
        waits[index].seconds += more
      } else {
        waits.append((wait, more))
      }
    }
  }

  private func times(of instance: Instance) -> Times {
    let now = MonotonicClock.now
    var times = Times()
    times.waits = arena.waited(by: instance.index).map { (on: $0.on, seconds: Double($0.nanoseconds) / 1e9) }
    times.seconds = instance.wallTime.inSeconds
    if let life = instance.state.life {
      times.seconds += Double(now - min(now, life.startedAt)) / 1e9
      let wait = arena.wait(of: instance.index)
      if wait.on != .none, wait.since <= now { times.add(wait.on, Double(wait.nanoseconds(until: now)) / 1e9) }
    }
    if let first = instance.firstStart, instance.state.end == nil {
      times.down = max(0, Double(now - min(now, first)) / 1e9 - times.seconds)
      times.seconds += times.down
    }
    if case .command = instance.declaration.work { divide(&times, of: instance) }
    return times
  }

  /// Whether a command works or sleeps nobody tells but the time that it had a processor.
  private func divide(_ times: inout Times, of instance: Instance) {
    times.waits.removeAll { $0.on == .command }
    let asleep = times.working - processorTime(of: instance).inSeconds
    if asleep > 0 { times.add(.command, asleep) }
  }

  /// Of all that its commands have started.
  private func processorTime(of instance: Instance) -> Duration {
    guard let life = instance.state.life else { return instance.processorTime }
    return host.commandTrees(below: life.pid).reduce(instance.processorTime) { $0 + $1.processorTime }
  }

  private func account(_ instance: Instance) -> TimeAccount {
    let times = times(of: instance)
    var shown = times.waits.map { ($0.on.words(in: topology) ?? "others", $0.seconds) }
    if times.down > 0 { shown.append(("down", times.down)) }
    return TimeAccount(
      name: instance.name, process: instance.declaration.name, seconds: times.seconds,
      working: times.seconds > 0 ? times.working / times.seconds : 0,
      waits: shown.sorted { $0.1 > $1.1 }.map { on, seconds in
        TimeAccount.Wait(on: on, seconds: seconds, share: min(1, seconds / max(times.seconds, 1e-9)))
      },
      now: presentWait(of: instance))
  }

  private func presentWait(of instance: Instance) -> TimeAccount.Now? {
    if instance.state == .pending, case .waits(let names) = life.dependencies(of: instance) {
      return TimeAccount.Now(on: "to start, for which it depends on \(Deadlock.list(names))")
    }
    if instance.state == .restarting { return TimeAccount.Now(on: "to be started again: it \(lastEnd(of: instance))") }
    let wait = arena.wait(of: instance.index)
    guard instance.state.isRunning, wait.on != .none else { return nil }
    let words = WaitWords(
      topology: topology, arena: arena, nameOfWorker: { life.name(ofWorker: $0) ?? "a command" })
    return TimeAccount.Now(
      on: words.words(for: wait, instance.index, isPlaced: true),
      seconds: Double(wait.nanoseconds(until: MonotonicClock.now)) / 1e9)
  }

  private func lastEnd(of instance: Instance) -> String {
    switch instance.ending {
    case .exited(let code)?: "exited with code \(code)"
    case .signalled(let signal)?: "was ended by \(SignalName.words(for: signal))"
    case nil: "could not be started"
    }
  }

  // MARK: The whole

  /// One for each process, in their order.
  private var loads: [ProcessLoad] {
    topology.processes.indices.map { process in
      let instances = life.byProcess[topology.processes[process].name] ?? []
      let times = instances.map(times)
      var load = ProcessLoad(name: topology.processes[process].name, instances: instances.count)
      load.traits = traits(of: process, instances)
      // Who waits for its dependencies is not there yet.
      load.isAlive = instances.contains { $0.state.end == nil && $0.firstStart != nil }
      load.downReason = instances.lazy.compactMap { downReason(of: $0) }.first
      let total = times.reduce(0) { $0 + $1.seconds }
      guard total > 0 else { return load }
      load.down = times.reduce(0) { $0 + $1.down } / total
      load.working = times.reduce(0) { $0 + $1.working } / total
      for wait in times.flatMap(\.waits) { add(wait.on, wait.seconds / total, to: &load) }
      return load
    }
  }

  private func add(_ wait: WorkerEntry.Wait, _ share: Double, to load: inout ProcessLoad) {
    switch wait {
    case .read(let index): load.reading[index, default: 0] += share
    case .write(let index): load.writing[index, default: 0] += share
    case .lock(let index): load.locks[index, default: 0] += share
    case .primitive(let index):
      if lockUse(index) != nil { load.locks[index, default: 0] += share }
    case .timer: load.timer += share
    case .standardInput: load.outside += share
    case .command: load.command += share
    case .none, .readAny, .join, .turn: break
    }
  }

  /// Of one that is not there now, or has not been long.
  private func downReason(of instance: Instance) -> String? {
    if instance.state == .stopped { return "it is stopped, and 'mporch start \(instance.name)' starts it" }
    guard instance.life.restartCount > 0 else { return nil }
    return "it was started again \(instance.life.restartCount) times, and last \(lastEnd(of: instance))"
  }

  // MARK: What is known of a process

  private func traits(of process: Int, _ instances: [Instance]) -> ProcessLoad.Traits {
    let declaration = topology.processes[process]
    let signature = kinds.signature(of: declaration)
    var traits = ProcessLoad.Traits()
    traits.isSource = declaration.inputs.isEmpty && topology.service(runBy: process) == nil
    if let limit = signature?.limit { traits.pace = .limit(parameter: limit) }
    if let seconds = instances.compactMap(silence).max() { traits.pace = .unanswered(seconds: seconds) }
    traits.growth = growth(of: process, declaration, signature)
    return traits
  }

  /// For how long a command that is to answer each item has answered none, and has not been at work for it either.
  private func silence(of instance: Instance) -> Double? {
    guard case .command = instance.declaration.work, instance.declaration.arguments.string("replies") == "each",
      instance.state.isRunning, arena.wait(of: instance.index).on == .command,
      arena.entry(instance.index).counters.itemsOut == 0
    else { return nil }
    let seconds = times(of: instance).waits.first { $0.on == .command }?.seconds ?? 0
    return seconds >= Self.longSilence ? seconds : nil
  }

  private static let longSilence = 5.0

  private func growth(
    of process: Int, _ declaration: ProcessDeclaration, _ signature: KindSignature?
  ) -> ProcessLoad.Growth {
    switch topology.service(runBy: process)?.role {
    case .pool?: return .size
    case .managedObjects?: return .none("there is one server of managed objects, and a call that takes more helps")
    case nil: break
    }
    let ends = declaration.inputs.map(\.target) + declaration.outputs.map(\.target) + declaration.uses.map(\.target)
    if ends.contains(where: { $0.end != nil }) {
      return .none("there can be but one '\(declaration.name)' at a pipe's end")
    }
    if declaration.inputs.isEmpty, signature?.splitsByReplica != true {
      return .none("replicas of '\(declaration.name)' would do the same once more")
    }
    guard let signature else { return .replicas }
    let more = KindSignature.Binding(
      arguments: declaration.arguments, replicas: declaration.replicas + 1, inputs: [:], outputs: [:],
      uses: Set(declaration.uses.map(\.name)))
    let isAlone = signature.check(more).contains { $0.subject == .replicas }
    return isAlone ? .none("there can be but one '\(declaration.name)'") : .replicas
  }

  // MARK: What they share

  private var flows: [QueueFlow] {
    topology.resources.indices.compactMap { index in
      guard case .queue(let plan) = arena.plan.resources[index] else { return nil }
      func processes(_ workers: [Int]) -> [Int] {
        Set(workers.compactMap { life.instance(ofWorker: $0)?.process }).sorted()
      }
      return QueueFlow(
        resource: index, name: topology.resources[index].name, capacity: plan.capacity,
        writers: processes(plan.writers), readers: processes(plan.readers), use: use(of: index))
    }
  }

  private func use(of index: Int) -> QueueFlow.Use {
    let id = ResourceID(index)
    if topology.services.contains(where: { $0.requests == id }) { return .requests }
    if topology.services.contains(where: { $0.queues.contains(id) }) { return .replies }
    if case .queue(let queue) = topology.resources[index].kind, queue.isExternal { return .external }
    return .declared
  }

  private var lockUses: [Int: LockUse] {
    var uses: [Int: LockUse] = [:]
    for index in topology.resources.indices { uses[index] = lockUse(index) }
    return uses
  }

  private func lockUse(_ index: Int) -> LockUse? {
    let resource = topology.resources[index]
    let name = "\(resource.kind.noun) '\(resource.name)'"
    if case .lock = resource.kind { return LockUse(name: name) }
    return resource.kind.primitive?.lockUse(name: name)
  }
}
