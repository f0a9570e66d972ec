internal import Logs
internal import Platform
internal import Topology
internal import Workers

/// Says what happens in a run: to its journal, its own log, the client that started it, and who follows its events.
final class Announcer {
  private let log: OwnLog
  private let journal: EventJournal
  /// That started the run; `nil`: it is gone, or was let go.
  var client: AttachConnection?
  private var followers: [ControlSession] = []

  init(_ client: AttachConnection, log: OwnLog, journal: EventJournal) {
    self.client = client
    self.log = log
    self.journal = journal
  }

  func emit(_ kind: Event.Kind) {
    let event = Event(time: WallClock.now, kind: kind)
    journal.append(event)
    let change = log.append(event.logLine, time: event.time)
    show(event)
    // Of a log that can't be written, everywhere but there.
    if let change { show(Event(time: event.time, kind: .init(change))) }
  }

  /// In the form of a diagnostic: the place, what happened, what to change.
  func say(_ severity: Event.Severity, at place: Place, _ text: String) {
    emit(.message(severity: severity, text: "\(place): \(severity.rawValue): \(text)"))
  }

  func note(_ text: String) { emit(.message(severity: .note, text: "note: \(text)")) }

  /// What mporch has to say of a worker, which stands in that one's log.
  func pass(on words: OwnWords) {
    let severity = words.severity == .error ? Event.Severity.error : .warning
    let event = Event(time: WallClock.now, kind: .message(severity: severity, text: words.text))
    journal.append(event)
    show(event)
  }

  private func show(_ event: Event) {
    if !event.kind.isRoutine { client?.send(.event(event)) }
    for follower in followers { follower.send(.event(event)) }
  }

  // MARK: Who follows the events

  func add(_ follower: ControlSession) { followers.append(follower) }

  func remove(_ session: ControlSession) { followers.removeAll { $0 === session } }
}

extension Event.Kind {
  /// Of a log that can't be written, or can again.
  init(_ change: LogCapture.Change) {
    self =
      switch change {
      case .failing(let failure): .message(severity: .error, text: "error: \(failure)")
      case .recovered(let failure): .message(severity: .warning, text: "warning: stored again: \(failure)")
      case .lost(let failure): .message(severity: .error, text: "error: in all, \(failure)")
      }
  }
}

extension Event {
  fileprivate var logLine: String {
    switch kind {
    case .message, .unhealthy: text
    default: "note: \(text)"
    }
  }
}
