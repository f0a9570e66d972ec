internal import Platform
internal import Topology

/// The end of a run: it is told to stop, external queues are drained, and nothing stays of it but its logs.
extension Run {
  /// Ends the run in reverse order of dependency, within one grace period for each level. Again: no later than then.
  func stop(signal: Int32?, reason: String, gracePeriod: Duration? = nil) {
    let isFirst = phase.course == .running
    if isFirst { events.emit(.runStopping(reason: reason)) }
    let happenings = life.stop(signal: signal, gracePeriod: gracePeriod ?? (isFirst ? wish.gracePeriod : nil))
    for (instance, event) in happenings { take(event, of: instance) }
    if isFirst { abandon(because: "the end of the run: \(reason)") }
    isUnsettled = true
    if case .draining = phase { finish() }
  }

  /// Now, all of them.
  func killAll(signal: Int32) {
    stop(signal: signal, reason: "asked to kill at once")
    for (instance, event) in life.kill() { take(event, of: instance) }
  }

  /// What commands have asked for and can't come about any more.
  private func abandon(because cause: String) {
    answer(errands.overtake(instances, goal: .rest, by: cause))
    guard let change = changes.abandon() else { return }
    change.session.reply(.refused(Refusal("the change was overtaken by \(cause)", exitCode: 1)))
    takePostponed()
  }

  // MARK: What external queues hold when every process has ended for good: it is for commands that wait to take from them

  /// As long as a command that takes items may go without taking one, where the run ends by itself.
  private static let patience = Duration.seconds(10)
  /// And where it was told to end.
  private static let patienceWhenStopped = Duration.milliseconds(300)

  /// External queues end as others do when nobody writes to them any more; the run ends when their readers have seen it.
  func drain() {
    switch phase {
    case .running: beginDraining(Self.patience)
    case .stopping: beginDraining(Self.patienceWhenStopped)
    case .draining, .ended: break
    }
    if !servants.haveCouriers { finish() }
  }

  private func beginDraining(_ patience: Duration) {
    life.drain()
    servants.endWriters()
    for index in externalQueues { arena.endOutside(ofQueue: index) }
    if servants.haveCouriers { finish(unlessTakenWithin: patience) }
  }

  private func finish(unlessTakenWithin patience: Duration) {
    let count = leftItemCount
    _ = loop.after(patience) { [unowned self] in
      guard case .draining = phase else { return }
      if leftItemCount < count { finish(unlessTakenWithin: patience) } else { finish() }
    }
  }

  private var leftItemCount: Int { externalQueues.reduce(0) { $0 + leftItemCount(in: $1) } }

  private func leftItemCount(in queue: Int) -> Int {
    arena.queueReport(queue).map { report in report.items + report.leases.reduce(0) { $0 + $1.items } } ?? 0
  }

  private var externalQueues: [Int] {
    topology.resources.indices.filter { index in
      if case .queue(let queue) = topology.resources[index].kind { queue.isExternal } else { false }
    }
  }

  private func tellWhatIsLeft() {
    for index in externalQueues {
      let (count, resource) = (leftItemCount(in: index), topology.resources[index])
      guard count > 0 else { continue }
      events.say(
        .warning, at: resource.place,
        "\(count == 1 ? "1 item that nobody has taken is" : "\(count) items that nobody has taken are") gone with the "
          + "run: they were in queue '\(resource.name)'\n  = help: 'mporch get \(resource.name) --follow' takes them")
    }
  }

  // MARK: After that

  /// Nothing of the run stays but its logs.
  func finish() {
    tellWhatIsLeft()
    let losses = losses.losses(of: life)
    tellWhatWasDropped(losses)
    let result = RunResult(
      exitCode: exitCode(losses), instances: reporter.summaries, killed: killed, losses: losses)
    events.emit(.runEnded(exitCode: result.exitCode))
    keepOutcome(result)
    life.end(result)
    servants.end()
    host.endChildren()
    folder.remove()
    host.dismissWarden()
    events.client?.send(.result(result))
    for session in endWaiters { session.reply(.ended(result)) }
    endWaiters = []
    readiness.end(result)
    control.finish()
  }

  /// While the run still has its name: nobody finds it ended and its outcome missing.
  private func keepOutcome(_ result: RunResult) {
    let outcome = RunOutcome(
      status: status, endedAt: WallClock.now, result: result, instances: reporter.rows)
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
    return hadFault || losses.haveGivenUp || instances.contains { $0.hasFailed } ? 1 : 0
  }
}
