internal import Glibc
internal import Platform
internal import Topology

extension Run {
  /// Nothing of the run stays but its logs.
  func finish() {
    tellWhatIsLeft()
    let losses = losses.losses(of: life)
    tellWhatWasDropped(losses)
    let result = RunResult(
      exitCode: exitCode(losses), instances: instances.map(summary), killed: killed, losses: losses)
    events.emit(.runEnded(exitCode: result.exitCode))
    keepOutcome(result)
    life.end(result)
    endServants()
    // With what they have started; and couriers, whose queues are over.
    couriers.removeAll()
    helpers.end()
    endOrphans()
    folder.remove()
    if let warden = warden.take() { warden.dismiss() }
    events.client?.send(.result(result))
    for session in endWaiters { session.reply(.ended(result)) }
    endWaiters = []
    readiness.end(result)
    control.finish()
  }

  /// While the run still has its name: nobody finds it ended and its outcome missing.
  private func keepOutcome(_ result: RunResult) {
    let outcome = RunOutcome(
      status: status, endedAt: Clock.wallNanoseconds, result: result, instances: instances.map(rowOfPS))
    do {
      try outcome.save()
    } catch {
      events.emit(.message(severity: .warning, text: "warning: how this run ended can't be kept: \(error.message)"))
    }
  }

  /// At the end, for who watches the run, and for `events`: of what was given up was told when it happened.
  private func tellWhatWasDropped(_ losses: RunLosses) {
    for loss in losses.queues {
      guard let resource = topology.resources.first(where: { $0.name == loss.queue }) else { continue }
      for sentence in loss.dropped { events.say(.note, at: resource.place, sentence) }
    }
  }

  private func exitCode(_ losses: RunLosses) -> Int32 {
    if case .draining(let stopping) = phase, let signal = stopping?.signal { return 128 + signal }
    return hadDeadlock || hadDamage || losses.haveGivenUp || instances.contains { $0.hasFailed } ? 1 : 0
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
