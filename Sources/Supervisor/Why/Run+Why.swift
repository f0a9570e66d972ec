internal import Platform
internal import Sharing
internal import Topology

extension Run {
  /// `target`: a process or an instance; `nil`: all.
  func why(_ target: String?) -> ControlReply {
    let chosen = target.map { byProcess[$0] ?? instances.filter { $0.name == target } } ?? instances
    if let target, chosen.isEmpty {
      let help = Self.help(for: target, among: topology.processes.map(\.name), or: instances.map(\.name))
      return .refused(Refusal("project '\(topology.name)' has no process '\(target)'", help: help, exitCode: 1))
    }
    let bottlenecks = Bottlenecks(loads: loads, queues: flows) { [topology] index in
      "\(topology.resources[index].kind.noun) '\(topology.resources[index].name)'"
    }
    return .why(WhyReport(processes: chosen.map(account), findings: bottlenecks.words))
  }

  // MARK: One instance

  /// By what it waited for, also in the wait that it is in.
  private func waited(_ instance: Instance) -> (seconds: Double, waits: [(on: WorkerEntry.Wait, seconds: Double)]) {
    var waits = arena.waited(by: instance.index).map { (on: $0.on, seconds: Double($0.nanoseconds) / 1e9) }
    var seconds = instance.wallTime.inSeconds
    if let life = instance.state.life {
      let now = MonotonicClock.now
      seconds += Double(now - min(now, life.startedAt)) / 1e9
      let wait = arena.wait(of: instance.index)
      if wait.on != .none, wait.since <= now {
        let own = waits.firstIndex { $0.on == wait.on }
        let more = Double(wait.nanoseconds(until: now)) / 1e9
        if let own { waits[own].seconds += more } else { waits.append((wait.on, more)) }
      }
    }
    return (seconds, waits)
  }

  private func account(_ instance: Instance) -> TimeAccount {
    let (seconds, waits) = waited(instance)
    let shown = waits.sorted { $0.seconds > $1.seconds }.map { wait in
      TimeAccount.Wait(
        on: words(for: wait.on) ?? "others", seconds: wait.seconds, share: min(1, wait.seconds / max(seconds, 1e-9)))
    }
    let waiting = waits.reduce(0) { $0 + $1.seconds }
    return TimeAccount(
      name: instance.name, process: instance.declaration.name, seconds: seconds,
      working: seconds > 0 ? max(0, 1 - waiting / seconds) : 0, waits: shown, now: presentWait(of: instance))
  }

  private func presentWait(of instance: Instance) -> TimeAccount.Now? {
    if instance.state == .pending, case .waits(let names) = life.dependencies(of: instance) {
      return TimeAccount.Now(on: "to start, for which it depends on \(Deadlock.list(names))")
    }
    let wait = arena.wait(of: instance.index)
    guard instance.state.isRunning, wait.on != .none else { return nil }
    let words = WaitWords(
      topology: topology, arena: arena, nameOfWorker: { [unowned self] in nameOfWorker($0) ?? "a command" })
    return TimeAccount.Now(
      on: words.words(for: wait, instance.index, isPlaced: true),
      seconds: Double(wait.nanoseconds(until: MonotonicClock.now)) / 1e9)
  }

  // MARK: The whole

  /// One for each process, in their order.
  private var loads: [ProcessLoad] {
    topology.processes.map { process in
      let accounts = (byProcess[process.name] ?? []).map(waited)
      var load = ProcessLoad(name: process.name, instances: accounts.count)
      let total = accounts.reduce(0) { $0 + $1.seconds }
      guard total > 0 else { return load }
      load.working = 1
      for wait in accounts.flatMap(\.waits) { add(wait.on, wait.seconds / total, to: &load) }
      load.working = max(0, load.working)
      return load
    }
  }

  private func add(_ wait: WorkerEntry.Wait, _ share: Double, to load: inout ProcessLoad) {
    load.working -= share
    switch wait {
    case .read(let index): load.reading[index, default: 0] += share
    case .write(let index): load.writing[index, default: 0] += share
    case .lock(let index), .semaphore(let index): load.locks[index, default: 0] += share
    case .timer, .standardInput, .command: load.own += share
    case .none, .readAny, .join, .turn, .condition, .event, .barrier: break
    }
  }

  private var flows: [QueueFlow] {
    topology.resources.indices.compactMap { index in
      guard case .queue(let plan) = arena.plan.resources[index] else { return nil }
      func processes(_ workers: [Int]) -> [Int] { Set(workers.compactMap { instance(ofWorker: $0)?.process }).sorted() }
      return QueueFlow(
        resource: index, name: topology.resources[index].name, capacity: plan.capacity,
        writers: processes(plan.writers), readers: processes(plan.readers))
    }
  }
}
