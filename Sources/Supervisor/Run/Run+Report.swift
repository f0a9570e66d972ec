internal import Platform
internal import Sharing
internal import Topology
internal import Workers

extension Run {
  func rowOfPS(_ instance: Instance) -> InstanceStatus {
    let entry = arena.entry(instance.index)
    let counters = entry.counters
    var row = instance.emptyRow
    row.restarts = instance.life.restartCount
    row.exit = instance.ending?.code
    row.signal = instance.ending?.signal
    row.cpuSeconds = instance.processorTime.inSeconds
    row.itemsIn = counters.itemsIn
    row.itemsOut = counters.itemsOut
    row.lost = instance.lost
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
    row.waitingOn = words(for: arena.wait(of: instance.index).on)
    guard let process = ProcessStatistics(of: life.pid) else { return }
    row.cpuSeconds = (instance.processorTime + process.processorTime).inSeconds
    row.rssBytes = process.residentByteCount
    guard command > 0 else { return }
    let trees = commandTrees(below: life.pid)
    row.cpuSeconds = trees.reduce(instance.processorTime + process.processorTime) { $0 + $1.processorTime }.inSeconds
    row.rssBytes = trees.reduce(0) { $0 + $1.residentByteCount }
  }

  /// All that a command has started is its. What the pump has started for itself is in the pump's group.
  func commandTrees(below pump: Int32) -> [ProcessStatistics] {
    ChildProcess.all(of: pump).filter { ChildProcess.group(of: $0) != pump }.compactMap(
      ProcessStatistics.init(ofTree:))
  }

  /// What it has worked off, now.
  func sample(of instance: Instance) -> CountSample {
    let counters = arena.entry(instance.index).counters
    let count = counters.itemsIn > 0 ? counters.itemsIn : counters.itemsOut
    return CountSample(count: count, time: Clock.monotonicNanoseconds)
  }

  private func awaited(by instance: Instance) -> String? {
    if case .waits(let names) = life.dependencies(of: instance) { names.joined(separator: ", ") } else { nil }
  }

  func words(for wait: WorkerEntry.Wait) -> String? {
    switch wait {
    case .none: nil
    case .read(let index), .readAny(let index): "\(isPipe(index) ? "receive" : "get") \(topology.resources[index].name)"
    case .write(let index): "\(isPipe(index) ? "send" : "put") \(topology.resources[index].name)"
    case .lock(let index), .primitive(let index):
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

  /// Also for one that the supervisor itself holds for a moment.
  func nameOfWorker(_ index: Int) -> String? { instance(ofWorker: index)?.name }
}

extension Instance {
  /// Who it is and where it stands, before anything is known of its work.
  var emptyRow: InstanceStatus {
    InstanceStatus(name: name, process: declaration.name, replica: replica, state: shownState)
  }
}
