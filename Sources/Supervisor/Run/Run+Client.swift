internal import Glibc
internal import Topology
internal import Workers

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
}
