internal import Glibc
internal import Logs
internal import Topology
internal import Workers

extension Run {
  /// Connects the run to the client that started it.
  func attach() {
    client?.onMessage = { [unowned self] in handle($0) }
    client?.onLost = { [unowned self] in loseClient() }
    client?.onCongestion = { [unowned self] in if $0 { output.pause() } else { output.resume() } }
    output.report = { [unowned self] in emit(Self.words(for: $0)) }
    if let waitLimit { limitWaiting(to: waitLimit) }
    guard case .foreground(let shown) = attachment else { return }
    output.forward = { [unowned self] worker, stream, time, bytes in
      if shown.map({ isOutput(ofWorker: worker, of: $0) }) ?? true {
        client?.sendOutput(instance: worker, stream.frameStream, time: time, bytes)
      }
    }
  }

  private func isOutput(ofWorker worker: Int, of shown: [String]) -> Bool {
    shown.contains(names.process(ofWorker: worker)) || shown.contains(names.instance(ofWorker: worker))
  }

  static func words(for change: LogCapture.Change) -> Event.Kind {
    switch change {
    case .failing(let failure): .message(severity: .error, text: "error: \(failure)")
    case .recovered(let failure): .message(severity: .warning, text: "warning: stored again: \(failure)")
    case .lost(let failure): .message(severity: .error, text: "error: in all, \(failure)")
    }
  }

  private func handle(_ message: ClientMessage) {
    switch message {
    case .start: break
    case .stop(let signal): stop(signal: signal, reason: Self.reason(forSignal: signal))
    case .kill: killAll(signal: SIGINT)
    case .leave: stop(signal: nil, reason: "nobody reads any more what it prints")
    case .snapshot: client?.send(.snapshot(instances.map(rowOfPS)))
    }
  }

  /// A foreground run does not outlive its terminal.
  private func loseClient() {
    isUnsettled = true
    client = nil
    output.forward = nil
    if case .foreground = attachment { stop(signal: SIGHUP, reason: "the 'mporch up' that started it is gone") }
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
