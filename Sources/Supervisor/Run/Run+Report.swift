internal import Platform
internal import Sharing
internal import Topology
internal import Workers

extension Run {
  func rowOfPS(_ instance: Instance) -> InstanceStatus {
    let entry = arena.entry(instance.index)
    let counters = entry.counters
    var row = instance.emptyRow
    row.restarts = instance.restartCount
    row.exit = instance.ending?.code
    row.signal = instance.ending?.signal
    row.cpuSeconds = instance.processorTime.inSeconds
    row.itemsIn = counters.itemsIn
    row.itemsOut = counters.itemsOut
    if counters.progressTotal > 0 {
      row.progress = .init(done: counters.progressDone, total: counters.progressTotal)
    }
    if let life = instance.state.life { fill(&row, from: life, entry, instance) }
    if let deadlock = instance.deadlock { row.waitingOn = deadlock }
    if instance.state == .pending { row.waitingOn = awaited(by: instance) }
    return row
  }

  private func fill(
    _ row: inout InstanceStatus, from life: InstanceState.Life, _ entry: WorkerEntry, _ instance: Instance
  ) {
    row.health = instance.health?.standing
    // Of a `run:` process what the user has started, as long as it lives.
    let command = entry.commandProcessID
    row.pid = command > 0 ? command : life.pid
    row.rate = instance.rate.rate(at: sample(of: instance))
    row.waitingOn = words(for: entry.wait.on)
    guard let process = ProcessStatistics(of: life.pid) else { return }
    row.cpuSeconds = (instance.processorTime + process.processorTime).inSeconds
    row.rssBytes = process.residentByteCount
    guard command > 0 else { return }
    let trees = commandTrees(below: life.pid)
    row.cpuSeconds = trees.reduce(instance.processorTime + process.processorTime) { $0 + $1.processorTime }.inSeconds
    row.rssBytes = trees.reduce(0) { $0 + $1.residentByteCount }
  }

  /// All that a command has started is its. What the pump has started for itself is in the pump's session.
  private func commandTrees(below pump: Int32) -> [ProcessStatistics] {
    ChildProcess.all(of: pump).filter { ChildProcess.session(of: $0) != pump }.compactMap(
      ProcessStatistics.init(ofTree:))
  }

  /// What it has worked off, now.
  func sample(of instance: Instance) -> CountSample {
    let counters = arena.entry(instance.index).counters
    let count = counters.itemsIn > 0 ? counters.itemsIn : counters.itemsOut
    return CountSample(count: count, time: Clock.monotonicNanoseconds)
  }

  private func awaited(by instance: Instance) -> String? {
    if case .waits(let names) = dependencies(of: instance) { names.joined(separator: ", ") } else { nil }
  }

  func words(for wait: WorkerEntry.Wait) -> String? {
    switch wait {
    case .none: nil
    case .read(let index), .readAny(let index): "\(isPipe(index) ? "receive" : "get") \(topology.resources[index].name)"
    case .write(let index): "\(isPipe(index) ? "send" : "put") \(topology.resources[index].name)"
    case .lock(let index), .semaphore(let index), .condition(let index), .event(let index), .barrier(let index):
      "\(topology.resources[index].kind.noun) \(topology.resources[index].name)"
    case .join(let index): "join \(topology.resources[index].name)"
    case .turn: "turn"
    case .timer: "timer"
    case .standardInput: "stdin"
    case .command: "command"
    }
  }

  private func isPipe(_ index: Int) -> Bool {
    if case .pipe = topology.resources[index].kind { true } else { false }
  }

  // MARK: inspect

  func inspect(_ name: String?) -> ControlReply {
    let chosen = topology.resources.indices.filter { name == nil || topology.resources[$0].name == name }
    if let name, chosen.isEmpty {
      let help = Self.help(for: name, among: topology.resources.map(\.name))
      return .refused(Refusal("project '\(topology.name)' has no resource '\(name)'", help: help, exitCode: 1))
    }
    return .resources(
      chosen.compactMap { index in detail(of: index).map { .init(name: topology.resources[index].name, detail: $0) } })
  }

  private func detail(of index: Int) -> ResourceStatus.Detail? {
    switch topology.resources[index].kind {
    case .value(let type, _):
      let numbers = ElementBytes.decode(arena.bytes(of: index, upTo: type.byteCount), as: type)
      return numbers.first.map { .value(type: type.rawValue, value: $0) }
    case .array(let type, let length, _):
      let head = ElementBytes.decode(arena.bytes(of: index, upTo: 10 * type.byteCount), as: type)
      return .array(type: type.rawValue, length: length, head: head)
    case .queue(let queue): return arena.queueReport(index).map { .queue(row($0, queue, index)) }
    case .pipe:
      return arena.pipeReport(index).map { .pipe(fromA: .init($0.fromA), fromB: $0.fromB.map { .init($0) }) }
    case .lock:
      return arena.lockReport(index).map { report in
        .lock(
          holder: report.holder.flatMap(nameOfWorker), depth: report.depth,
          waiters: report.waiters.compactMap(nameOfWorker))
      }
    case .semaphore: return arena.semaphoreReport(index).map { .semaphore(row($0)) }
    case .condition:
      return arena.conditionReport(index).map {
        .condition(lock: topology.resources[$0.lock].name, waiters: $0.waiters.compactMap(nameOfWorker))
      }
    case .event:
      return arena.eventReport(index).map { .event(isSet: $0.isSet, waiters: $0.waiters.compactMap(nameOfWorker)) }
    case .barrier:
      return arena.barrierReport(index).map { report in
        .barrier(
          parties: report.parties, waiters: report.waiters.compactMap(nameOfWorker),
          broken: report.breakage.flatMap(words))
      }
    case .managed, .pool: return nil
    }
  }

  private func row(_ report: SemaphoreReport) -> ResourceStatus.Semaphore {
    let holders = report.holders.compactMap { holder in nameOfWorker(holder.worker).map { ($0, holder.count) } }
    return ResourceStatus.Semaphore(
      count: report.count, initial: report.initial, isBounded: report.isBounded,
      holders: Dictionary(uniqueKeysWithValues: holders), waiters: report.waiters.compactMap(nameOfWorker))
  }

  private func words(for breakage: BarrierBreakage) -> String? {
    nameOfWorker(breakage.worker).map { name in
      switch breakage.cause {
      case .aborted: "aborted by \(name)"
      case .timedOut: "\(name) did not wait longer"
      case .ended: "\(name) has ended"
      }
    }
  }

  /// Also for one that the supervisor itself holds for a moment.
  private func nameOfWorker(_ index: Int) -> String? { instances.indices.contains(index) ? instances[index].name : nil }

  private func row(_ report: QueueReport, _ queue: Resource.Queue, _ index: Int) -> ResourceStatus.Queue {
    let now = CountSample(count: report.finished, time: Clock.monotonicNanoseconds)
    let earlier = queueSamples.updateValue(now, forKey: index) ?? CountSample(count: 0, time: startedAt)
    let unfinished = report.leases.compactMap { lease in nameOfWorker(lease.worker).map { ($0, lease.items) } }
    return ResourceStatus.Queue(
      items: report.items, bytes: report.bytes, capacity: report.capacity, byteCapacity: report.byteCount,
      puts: report.puts, takes: report.takes, finished: report.finished, droppedNew: report.droppedNew,
      droppedOld: report.droppedOld, deadLettered: report.deadLettered, redelivered: report.redelivered,
      rate: CountSample.rate(from: earlier, to: now), isClosed: report.isClosed, liveReaders: report.liveReaders,
      liveWriters: report.liveWriters, unfinished: Dictionary(uniqueKeysWithValues: unfinished),
      head: report.head.map { ItemWords.text($0, of: queue.storedType) })
  }
}

extension Instance {
  /// Who it is and where it stands, before anything is known of its work.
  var emptyRow: InstanceStatus {
    InstanceStatus(name: name, process: declaration.name, replica: replica, state: shownState)
  }
}

extension ResourceStatus.Direction {
  init(_ report: PipeReport.Direction) {
    self.init(messages: report.messages, bytesUnderWay: report.bytesUnderWay, isClosed: report.isClosed)
  }
}
