internal import Platform
internal import Sharing
internal import Topology

/// What `ps`, and a summary at the end, say of instances.
struct InstanceReporter {
  let life: RunLife
  let arena: Arena
  let host: WorkerHost

  var rows: [InstanceStatus] { life.instances.map(row) }

  private func row(_ instance: Instance) -> InstanceStatus {
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
    row.rate = instance.rate.rate(at: CountSample(of: instance, in: arena))
    row.waitingOn = arena.wait(of: instance.index).on.words(in: self.life.topology)
    guard let process = ProcessStatistics(of: life.pid) else { return }
    row.cpuSeconds = (instance.processorTime + process.processorTime).inSeconds
    row.rssBytes = process.residentByteCount
    guard command > 0 else { return }
    let trees = host.commandTrees(below: life.pid)
    row.cpuSeconds = trees.reduce(instance.processorTime + process.processorTime) { $0 + $1.processorTime }.inSeconds
    row.rssBytes = trees.reduce(0) { $0 + $1.residentByteCount }
  }

  private func awaited(by instance: Instance) -> String? {
    if case .waits(let names) = life.dependencies(of: instance) { names.joined(separator: ", ") } else { nil }
  }

  // MARK: At the end

  var summaries: [InstanceSummary] { life.instances.map(summary) }

  private func summary(_ instance: Instance) -> InstanceSummary {
    let counters = arena.entry(instance.index).counters
    var summary = InstanceSummary(
      name: instance.name, process: instance.declaration.name, replica: instance.replica, state: instance.shownState)
    summary.restarts = instance.life.restartCount
    summary.exit = instance.ending?.code
    summary.signal = instance.ending?.signal
    summary.wallSeconds = instance.wallTime.inSeconds
    summary.cpuSeconds = instance.processorTime.inSeconds
    summary.itemsIn = counters.itemsIn
    summary.itemsOut = counters.itemsOut
    summary.bytesIn = counters.bytesIn
    summary.bytesOut = counters.bytesOut
    summary.lost = instance.lost
    summary.reason = instance.failure
    return summary
  }
}

extension Ending {
  var code: Int32? { if case .exited(let code) = self { code } else { nil } }
  var signal: Int32? { if case .signalled(let signal) = self { signal } else { nil } }
}

extension CountSample {
  /// What an instance has worked off, now.
  init(of instance: Instance, in arena: Arena) {
    let counters = arena.entry(instance.index).counters
    self.init(
      count: counters.itemsIn > 0 ? counters.itemsIn : counters.itemsOut, time: MonotonicClock.now)
  }
}

extension Instance {
  /// Who it is and where it stands, before anything is known of its work.
  var emptyRow: InstanceStatus {
    InstanceStatus(name: name, process: declaration.name, replica: replica, state: shownState)
  }

  var shownState: InstanceStatus.State {
    switch state {
    case .pending: .pending
    case .running: .running
    case .stopping: .stopping
    case .restarting: .restarting
    case .stopped, .ended(.stopped): .stopped
    case .ended(.succeeded): .succeeded
    case .ended(.failed): .failed
    case .ended(.neverStarted): .neverStarted
    }
  }
}
