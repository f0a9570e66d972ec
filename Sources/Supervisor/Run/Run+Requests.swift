internal import Glibc
internal import Platform
internal import Text
internal import Topology
internal import Workers

/// What is asked of a run: by the client that started it, by signals, by commands at its control socket.
extension Run {
  /// Connects the run to the client that started it.
  func attach() {
    events.client?.onMessage = { [unowned self] in handle($0) }
    events.client?.onLost = { [unowned self] in loseClient() }
    events.client?.onCongestion = { [unowned self] in if $0 { host.output.pause() } else { host.output.resume() } }
    host.output.report = { [unowned self] in events.emit(.init($0)) }
    guard case .foreground(let shown) = wish.attachment else { return }
    host.output.forward = { [unowned self] worker, stream, time, bytes in
      if shown.map({ host.isWorker(worker, of: $0) }) ?? true {
        events.client?.sendOutput(instance: worker, stream.frameStream, time: time, bytes)
      }
    }
  }

  private func handle(_ message: ClientMessage) {
    switch message {
    case .start: break
    case .stop(let signal): stop(signal: signal, reason: Self.reason(forSignal: signal))
    case .kill: killAll(signal: SIGINT)
    case .leave: stop(signal: nil, reason: "nobody reads any more what it prints")
    case .snapshot: events.client?.send(.snapshot(reporter.rows))
    }
  }

  /// A foreground run does not outlive its terminal.
  private func loseClient() {
    isUnsettled = true
    events.client = nil
    host.output.forward = nil
    if case .foreground = wish.attachment { stop(signal: SIGHUP, reason: "the 'mporch up' that started it is gone") }
  }

  func handle(signal: Int32) {
    switch signal {
    case SIGCHLD: takeDeaths()
    case OwnWords.signal: tellWords()
    default: stop(signal: signal, reason: Self.reason(forSignal: signal))
    }
  }

  private static func reason(forSignal signal: Int32) -> String {
    switch signal {
    case SIGINT: "interrupted (Ctrl-C)"
    case SIGHUP: "the terminal was closed"
    default: "asked to by signal \(signal)"
    }
  }

  // MARK: Commands

  func serve() {
    control.onRequest = { [unowned self] in answer($0, $1) }
    control.onClose = { [unowned self] session in
      errands.remove { $0 === session }
      endWaiters.removeAll { $0 === session }
      readiness.remove(session)
      changes.remove(session)
      events.remove(session)
    }
  }

  private func answer(_ request: ControlRequest, _ session: ControlSession) {
    if request.changesProcesses, changes.postpone(request, session) { return }
    switch request {
    case .status: session.reply(.status(status))
    case .ps: session.reply(.processes(reporter.rows, losses: losses.losses(of: life)))
    case .inspect(let names, let count): inspector.inspect(names, excerptCount: count, look, session)
    case .get(let request): servants.get(request, session)
    case .put(let name, let seconds): servants.put(into: name, patienceSeconds: seconds, session)
    case .set(let name, let element, let values): set(name, element, values, session)
    case .tap(let name): servants.tap(name, session)
    case .why(let target):
      let why = WhyReporter(life: life, arena: arena, host: host, kinds: kinds)
      guard let target else { return session.reply(.why(why.report(of: instances))) }
      with(target, session) { session.reply(.why(why.report(of: $0))) }
    case .wait: awaitEnd(session)
    case .awaitReadiness(let seconds):
      if case .ended(let result) = phase { return session.reply(.ended(result)) }
      readiness.add(session, patienceSeconds: seconds)
    case .events:
      // First: where it has gone already, sending closes it, and nobody is told of it once more.
      events.add(session)
      session.send(.status(status))
    case .down(let seconds): down(session, seconds)
    case .kill(let target, let signal): with(target, session) { signalAll($0, signal, session) }
    case .stop(let target, let seconds): with(target, session) { stopAll($0, seconds, target, session) }
    case .start(let target): with(target, session) { startAll($0, target, session) }
    case .restart(let target): with(target, session) { restartAll($0, target, session) }
    case .scale(let counts): scale(counts, session)
    case .change(let request, let isDryRun): change(by: request, isDryRun: isDryRun, session)
    }
  }

  /// What has waited for a change to end. The first of them may begin another one.
  func takePostponed() {
    for (request, session) in changes.takePostponed() { answer(request, session) }
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
    let help = Refusal.help(for: target, among: topology.processes.map(\.name), or: instances.map(\.name))
    session.reply(
      .refused(Refusal("project '\(topology.name)' has no process '\(target)'", help: help, exitCode: 1)))
  }

  private func set(_ name: String, _ element: Int?, _ values: [String], _ session: ControlSession) {
    do throws(Refusal) {
      events.note("\(try SharedNumbers(topology, arena).set(name, element: element, values)) by 'mporch set'")
      session.reply(.done(killed: []))
    } catch {
      session.reply(.refused(error))
    }
  }

  private func signalAll(_ targets: [Instance], _ signal: Int32, _ session: ControlSession) {
    guard targets.contains(where: { $0.state.life != nil }) else {
      return session.reply(.refused(Refusal("'\(targets[0].name)' is not running", exitCode: 1)))
    }
    guard (1...64).contains(signal) else {
      return session.reply(.refused(Refusal("there is no signal \(signal)", help: "1 to 64", exitCode: 64)))
    }
    for instance in targets { host.send(signal, to: instance) }
    let names = targets.filter { $0.state.life != nil }.map { "'\($0.name)'" }.joined(separator: ", ")
    events.note("'mporch kill' sent \(SignalName.words(for: signal)) to \(names)")
    session.reply(.done(killed: []))
  }

  private func stopAll(_ targets: [Instance], _ seconds: Double?, _ target: String, _ session: ControlSession) {
    guard isTakingCommands(session), !wouldLoseItems(targets, session) else { return }
    let grace = seconds.map(Duration.init(clampedSeconds:)) ?? wish.gracePeriod
    overtake(targets, .rest, by: "mporch stop \(target)")
    for instance in targets { take(.stop(grace: grace), of: instance) }
    errands.add("mporch stop \(target)", .rest, targets, session)
  }

  private func startAll(_ targets: [Instance], _ target: String, _ session: ControlSession) {
    guard isTakingCommands(session) else { return }
    overtake(targets, .life, by: "mporch start \(target)")
    errands.add("mporch start \(target)", .life, targets, session)
    for instance in targets { ask(.start, of: instance) }
  }

  /// A process that answers at its end can't forget what it has absorbed: the answer would be wrong, and nobody told.
  private func wouldLoseItems(_ targets: [Instance], _ session: ControlSession) -> Bool {
    for instance in targets where instance.state.isRunning {
      guard let count = instance.forgottenItems(arena, kinds) else { continue }
      session.reply(
        .refused(
          Refusal(
            "'\(instance.name)' has absorbed \(count) items, which would be lost and its answer wrong",
            help: "let it end, or start the whole run again: mporch down && mporch up", exitCode: 1)))
      return true
    }
    return false
  }

  private func restartAll(_ targets: [Instance], _ target: String, _ session: ControlSession) {
    guard isTakingCommands(session), !wouldLoseItems(targets, session) else { return }
    overtake(targets, .life, by: "mporch restart \(target)")
    errands.add("mporch restart \(target)", .life, targets, isNewLife: true, session)
    for instance in targets { ask(.restart(grace: wish.gracePeriod), of: instance) }
  }

  func isTakingCommands(_ session: ControlSession) -> Bool {
    if case .running = phase { return true }
    session.reply(.refused(Refusal("project '\(topology.name)' is stopping", exitCode: 1)))
    return false
  }

  // MARK: Who waits

  private func overtake(_ targets: [Instance], _ goal: Errands<ControlSession>.Goal, by command: String) {
    isUnsettled = true
    answer(errands.overtake(targets, goal: goal, by: "'\(command)'"))
  }

  func answerErrands() { answer(errands.answers()) }

  func answer(_ answers: [(client: ControlSession, answer: Errands<ControlSession>.Answer)]) {
    for (session, answer) in answers {
      switch answer {
      case .done(let killed): session.reply(.done(killed: killed))
      case .overtaken(let command, let cause):
        session.reply(.refused(Refusal("'\(command)' was overtaken by \(cause)", exitCode: 1)))
      case .failed(let reason): session.reply(.refused(Refusal(reason, exitCode: 1)))
      }
    }
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
