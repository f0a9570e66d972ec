internal import Glibc
internal import Platform
internal import Topology

extension Run {
  /// Nothing of the run stays but its logs.
  func finish() {
    tellWhatIsLeft()
    tellWhatWasDropped()
    let result = RunResult(
      exitCode: exitCode, instances: instances.map(summary), killed: killed, losses: losses)
    emit(.runEnded(exitCode: result.exitCode))
    keepOutcome(result)
    life.end(result)
    endServants()
    // With what they have started; and couriers, whose queues are over.
    couriers.removeAll()
    helpers.end()
    endOrphans()
    folder.remove()
    if let warden = warden.take() { warden.dismiss() }
    client?.send(.result(result))
    for session in endWaiters + readinessWaiters { session.reply(.ended(result)) }
    (endWaiters, readinessWaiters) = ([], [])
    control.finish()
  }

  /// While the run still has its name: nobody finds it ended and its outcome missing.
  private func keepOutcome(_ result: RunResult) {
    let outcome = RunOutcome(
      status: status, endedAt: Clock.wallNanoseconds, result: result, instances: instances.map(rowOfPS))
    do {
      try outcome.save()
    } catch {
      emit(.message(severity: .warning, text: "warning: how this run ended can't be kept: \(error.message)"))
    }
  }

  private var exitCode: Int32 {
    if case .draining(let stopping) = phase, let signal = stopping?.signal { return 128 + signal }
    return hadDeadlock || hadDamage || hasLostItems || instances.contains { $0.hasFailed } ? 1 : 0
  }

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

extension Instance {
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
