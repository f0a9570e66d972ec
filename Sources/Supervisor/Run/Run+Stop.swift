internal import Glibc
internal import Platform
internal import Topology

extension Run {
  /// Ends the run in reverse order of dependency, within one grace period for each level.
  func stop(signal: Int32?, reason: String, gracePeriod: Duration? = nil) {
    if case .draining(let earlier) = phase {
      phase = .draining(after: earlier ?? .init(level: 0, signal: signal))
      return finish()
    }
    guard case .running = phase else { return }
    emit(.runStopping(reason: reason))
    phase = .stopping(
      .init(level: levels.levels.count - 1, signal: signal, gracePeriod: gracePeriod ?? self.gracePeriod))
    abandonChange()
    for instance in instances where instance.state.life == nil && instance.state.end == nil {
      conclude(instance, .stopped)
    }
    isUnsettled = true
  }

  /// Now, all of them.
  func killAll(signal: Int32) {
    stop(signal: signal, reason: "asked to kill at once")
    guard case .stopping(var stopping) = phase else { return }
    stopping.level = 0
    phase = .stopping(stopping)
    for instance in instances {
      guard let life = instance.state.life else { continue }
      instance.state = .stopping(life, .runEnds)
      recordKill(of: instance)
      kill(pid: life.pid)
    }
  }

  /// Tells the highest level that still lives to end; those below it go on until it has.
  func stopNextLevel() {
    guard case .stopping(var stopping) = phase else { return }
    while stopping.level > 0, !levels.levels[stopping.level].contains(where: isAlive) { stopping.level -= 1 }
    phase = .stopping(stopping)
    guard stopping.level >= 0 else { return }
    for process in levels.levels[stopping.level] {
      for instance in byProcess[topology.processes[process].name] ?? [] { endWithRun(instance, stopping.gracePeriod) }
    }
  }

  private func isAlive(_ process: Int) -> Bool {
    byProcess[topology.processes[process].name]?.contains { $0.state.life != nil } ?? false
  }

  /// A pool whose callers have all ended for good: what they did not wait for is nobody's any more.
  func endPoolsWithoutCallers() {
    for service in topology.services {
      guard case .pool = service.role, isOver(service) else { continue }
      for instance in instances where instance.process == service.process {
        if instance.state == .restarting { conclude(instance, .stopped) } else { endWithRun(instance, nil) }
      }
    }
  }

  private func isOver(_ service: Service) -> Bool {
    service.clients.allSatisfy { client in
      instances.allSatisfy {
        $0.process != client.process || $0.replica != client.replica || $0.state.end != nil
      }
    }
  }

  private func endWithRun(_ instance: Instance, _ gracePeriod: Duration?) {
    switch instance.state {
    case .running: terminate(instance, .runEnds, gracePeriod: gracePeriod)
    // On its way already; it is not to come back.
    case .stopping(let life, _): instance.state = .stopping(life, .runEnds)
    default: break
    }
  }

  /// The stop signal now, SIGKILL when the grace period is over.
  func terminate(_ instance: Instance, _ stop: InstanceState.Stop, gracePeriod: Duration?) {
    guard let life = instance.state.life else { return }
    let signal = instance.declaration.stopSignal
    instance.state = .stopping(life, stop)
    endWatch(of: instance)
    emit(.stopping(instance: instance.name, signal: signal))
    Glibc.kill(life.pid, signal)
    // One that was stopped (SIGSTOP) must run to receive it.
    Glibc.kill(life.pid, SIGCONT)
    if let timer = instance.timer.take() { loop.cancel(timer) }
    instance.timer = loop.after(gracePeriod ?? instance.declaration.stopGracePeriod) { [unowned self] in
      recordKill(of: instance)
      emit(.killed(instance: instance.name))
      kill(pid: life.pid)
    }
  }

  /// Who waits for its stop will tell of it.
  private func recordKill(of instance: Instance) {
    if case .stopping = phase, !killed.contains(instance.name) { killed.append(instance.name) }
    for index in waiters.indices where waiters[index].targets.contains(where: { $0 === instance }) {
      waiters[index].killed.append(instance.name)
    }
    if change?.stopped.contains(where: { $0 === instance }) == true { change?.killed.append(instance.name) }
  }

  /// With all of its session that is in its group.
  func kill(pid: Int32) {
    Glibc.kill(-pid, SIGKILL)
    Glibc.kill(pid, SIGKILL)
  }
}
