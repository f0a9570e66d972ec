internal import Glibc
internal import Platform
internal import Topology

extension Run {
  func serve() {
    control.onRequest = { [unowned self] in answer($0, $1) }
    control.onClose = { [unowned self] session in
      waiters.removeAll { $0.session === session }
      endWaiters.removeAll { $0 === session }
      readinessWaiters.removeAll { $0 === session }
      postponed.removeAll { $0.session === session }
      subscribers.removeAll { $0 === session }
    }
  }

  private func answer(_ request: ControlRequest, _ session: ControlSession) {
    if change != nil, request.changesProcesses { return postponed.append((request, session)) }
    switch request {
    case .status: session.reply(.status(status))
    case .ps: session.reply(.processes(instances.map(rowOfPS)))
    case .inspect(let names, let count): inspect(names, excerptCount: count, session)
    case .get(let request): get(request, session)
    case .put(let name, let seconds): put(into: name, patienceSeconds: seconds, session)
    case .set(let name, let element, let values): session.reply(set(name, element: element, values))
    case .tap(let name): tap(name, session)
    case .why(let target): session.reply(why(target))
    case .wait: awaitEnd(session)
    case .awaitReadiness(let seconds): awaitReadiness(session, patienceSeconds: seconds)
    case .events:
      // First: where it has gone already, sending closes it, and nobody is told of it once more.
      subscribers.append(session)
      session.send(.status(status))
    case .down(let seconds): down(session, seconds)
    case .kill(let target, let signal): with(target, session) { signalAll($0, signal, session) }
    case .stop(let target, let seconds): with(target, session) { stopAll($0, seconds, session) }
    case .start(let target): with(target, session) { startAll($0, session) }
    case .restart(let target): with(target, session) { restartAll($0, session) }
    case .scale(let counts): scale(counts, session)
    case .change(let request, let isDryRun): change(by: request, isDryRun: isDryRun, session)
    }
  }

  /// What has waited for a change to end. The first of them may begin another one.
  func takePostponed() {
    let requests = postponed
    postponed = []
    for (request, session) in requests { answer(request, session) }
  }

  private func awaitEnd(_ session: ControlSession) {
    if case .ended(let result) = phase { session.reply(.ended(result)) } else { endWaiters.append(session) }
  }

  private func down(_ session: ControlSession, _ seconds: Double?) {
    stop(signal: nil, reason: "asked to by 'mporch down'", gracePeriod: seconds.map(Duration.init(clampedSeconds:)))
    awaitEnd(session)
  }

  /// `target`: a process or an instance.
  private func with(_ target: String, _ session: ControlSession, _ body: ([Instance]) -> Void) {
    let targets = byProcess[target] ?? instances.filter { $0.name == target }
    if !targets.isEmpty { return body(targets) }
    let help = Self.help(for: target, among: topology.processes.map(\.name), or: instances.map(\.name))
    session.reply(
      .refused(Refusal("project '\(topology.name)' has no process '\(target)'", help: help, exitCode: 1)))
  }

  /// What a mistyped name may have meant: one of `names` or of `others`; else what `names` there are.
  static func help(for name: String, among names: [String], or others: [String] = []) -> String {
    if let near = nearest(to: name, among: names + others) { return "did you mean '\(near)'?" }
    return names.isEmpty ? "it has none" : "it has: \(names.joined(separator: ", "))"
  }

  private func signalAll(_ targets: [Instance], _ signal: Int32, _ session: ControlSession) {
    guard targets.contains(where: { $0.state.life != nil }) else {
      return session.reply(.refused(Refusal("'\(targets[0].name)' is not running", exitCode: 1)))
    }
    guard (1...64).contains(signal) else {
      return session.reply(.refused(Refusal("there is no signal \(signal)", help: "1 to 64", exitCode: 64)))
    }
    for instance in targets { send(signal, to: instance) }
    let names = targets.filter { $0.state.life != nil }.map { "'\($0.name)'" }.joined(separator: ", ")
    emit(.message(severity: .note, text: "note: 'mporch kill' sent \(SignalName.words(for: signal)) to \(names)"))
    session.reply(.done(killed: []))
  }

  /// A command gets its signals from its pump; but for SIGSTOP, which would stop the pump alone.
  private func send(_ signal: Int32, to instance: Instance) {
    guard let life = instance.state.life else { return }
    let command = arena.entry(instance.index).commandProcessID
    Glibc.kill(signal == SIGSTOP && command > 0 ? command : life.pid, signal)
  }

  private func stopAll(_ targets: [Instance], _ seconds: Double?, _ session: ControlSession) {
    guard isTakingCommands(session), !wouldLoseItems(targets, session) else { return }
    for instance in targets {
      switch instance.state {
      case .running:
        terminate(instance, .command, gracePeriod: seconds.map(Duration.init(clampedSeconds:)) ?? gracePeriod)
      case .stopping(let life, .restart): instance.state = .stopping(life, .command)
      case .pending, .restarting:
        if let timer = instance.timer.take() { loop.cancel(timer) }
        instance.state = .stopped
      case .stopping, .stopped, .ended: break
      }
    }
    answer(session, onceAll: targets) { $0.state.life == nil }
  }

  private func startAll(_ targets: [Instance], _ session: ControlSession) {
    guard isTakingCommands(session) else { return }
    for instance in targets { startByCommand(instance) }
    answer(session, onceAll: targets) { $0.state.life != nil || $0.state.end != nil }
  }

  /// A process that answers at its end can't forget what it has absorbed: the answer would be wrong, and nobody told.
  private func wouldLoseItems(_ targets: [Instance], _ session: ControlSession) -> Bool {
    for instance in targets where instance.state.isRunning {
      guard let count = forgottenItems(by: instance) else { continue }
      session.reply(
        .refused(
          Refusal(
            "'\(instance.name)' has absorbed \(count) items, which would be lost and its answer wrong",
            help: "let it end, or start the whole run again: mporch down && mporch up", exitCode: 1)))
      return true
    }
    return false
  }

  private func restartAll(_ targets: [Instance], _ session: ControlSession) {
    guard isTakingCommands(session), !wouldLoseItems(targets, session) else { return }
    for instance in targets {
      if case .running = instance.state {
        instance.commandedRestartCount += 1
        terminate(instance, .restart, gracePeriod: gracePeriod)
      } else {
        startByCommand(instance)
      }
    }
    answer(session, onceAll: targets) { $0.state.isRunning || $0.state.end != nil }
  }

  private func startByCommand(_ instance: Instance) {
    switch instance.state {
    case .ended:
      arena.reopen(instance.index)
      instance.commandedRestartCount += 1
    case .stopped, .pending: break
    case .restarting:
      if let timer = instance.timer.take() { loop.cancel(timer) }
    case .stopping(let life, .command):
      instance.state = .stopping(life, .restart)
      return
    case .running, .stopping: return
    }
    start(instance)
  }

  func isTakingCommands(_ session: ControlSession) -> Bool {
    if case .running = phase { return true }
    session.reply(.refused(Refusal("project '\(topology.name)' is stopping", exitCode: 1)))
    return false
  }

  private func answer(
    _ session: ControlSession, onceAll targets: [Instance], _ isSatisfied: @escaping (Instance) -> Bool
  ) {
    isUnsettled = true
    waiters.append(Waiter(targets: targets, isSatisfied: isSatisfied, session: session))
  }

  func answerWaiters() {
    let satisfied = waiters.filter { $0.targets.allSatisfy($0.isSatisfied) }
    guard !satisfied.isEmpty else { return }
    waiters.removeAll { $0.targets.allSatisfy($0.isSatisfied) }
    for waiter in satisfied { waiter.session.reply(.done(killed: waiter.killed)) }
  }
}

extension ControlRequest {
  fileprivate var changesProcesses: Bool {
    switch self {
    case .stop, .start, .restart, .scale, .change: true
    default: false
    }
  }
}

extension Duration {
  /// No longer than a year, no shorter than nothing: what comes from outside can be anything.
  init(clampedSeconds seconds: Double) {
    self = .seconds(seconds.isFinite ? min(max(seconds, 0), 31_536_000) : 31_536_000)
  }
}
