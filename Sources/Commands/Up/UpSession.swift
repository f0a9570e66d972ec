import Glibc
import Platform
import Supervisor
import SystemPackage

/// A foreground run, seen by its client: shows what the run prints, passes on Ctrl-C, and ends when the run has.
///
/// One loop over four descriptors; nothing in it waits for one of them alone, so that Ctrl-C is heard whatever happens.
final class UpSession {
  private enum Phase: Equatable {
    case running
    /// Asked to stop by a signal, at that time: CLOCK_MONOTONIC, nanoseconds.
    case stopping(since: UInt64)
    /// Asked to stop, as nobody reads what it prints.
    case leaving
    /// Told to kill.
    case killing
  }

  /// A second signal that comes sooner is no second wish: who passes signals on may send each twice.
  private static let nanosecondsToSecondSignal: UInt64 = 1_000_000_000

  /// When to leave the run.
  enum Stay {
    case untilEnd, untilRunning, untilReady
  }

  enum End {
    case result(RunResult)
    case refused(Refusal)
    /// A detached run is up, and goes on by itself.
    case detached
    /// It goes on, but these have failed, or were not ready in time.
    case notReady([UnreadyInstance])
    /// The connection ended before the run did.
    case lost
    /// A signal came when all that was left to do was to write.
    case abandoned(signal: Int32)
  }

  private let connection: AttachConnection
  private let signals: SignalDescriptor
  private let console: RunConsole
  private var phase = Phase.running
  private var end: End?
  private var isConnected = true

  private let stay: Stay

  init(connection: AttachConnection, signals: SignalDescriptor, console: RunConsole, stay: Stay) {
    self.connection = connection
    self.signals = signals
    self.console = console
    self.stay = stay
  }

  static let watchedSignals = [SIGINT, SIGTERM, SIGHUP]

  /// Ctrl-C, a request to end, a closed terminal: from now on they are data, to be polled with everything else.
  static func watchSignals() throws(CommandFailure) -> SignalDescriptor {
    do {
      return try SignalDescriptor(watchedSignals)
    } catch {
      throw CommandFailure(.resourcesUnavailable, "can't watch for signals: \(error)")
    }
  }

  /// Returns when the run has ended and all that it printed is written.
  func run() throws -> End {
    while isConnected || console.hasPendingOutput {
      try step()
      if isOver { break }
    }
    console.finish()
    return end ?? .lost
  }

  /// There is nothing more to wait for.
  private var isOver: Bool {
    switch end {
    case .abandoned, .detached, .notReady: true
    case .result, .refused, .lost, nil: false
    }
  }

  private func step() throws {
    var entries = [
      pollfd(fd: signals.number, events: Int16(POLLIN), revents: 0),
      // A negative descriptor is passed over.
      pollfd(fd: wantsInput ? connection.descriptor.rawValue : -1, events: Int16(POLLIN), revents: 0),
      // Without an event to wait for, it is told of all the same when nobody reads there any more.
      pollfd(
        fd: console.isUnread ? -1 : console.outputDescriptor,
        events: console.hasPendingOutput ? Int16(POLLOUT) : 0, revents: 0),
    ]
    guard poll(&entries, 3, console.millisecondsToNextTick(isConnected: isConnected)) >= 0 else {
      guard errno == EINTR else { throw Errno(rawValue: errno) }
      return
    }
    while let signal = signals.next() { handle(signal) }
    if entries[1].revents != 0 { try receive() }
    if entries[2].revents != 0 { console.look() }
    if console.isUnread, isConnected, phase == .running {
      phase = .leaving
      connection.send(.leave)
    }
    if console.tick(), isConnected { connection.send(.snapshot) }
  }

  private var wantsInput: Bool { isConnected && console.hasRoom(isStopping: phase != .running) }

  private func handle(_ signal: Int32) {
    guard isConnected else {
      end = .abandoned(signal: signal)
      return
    }
    switch phase {
    case .running:
      phase = .stopping(since: MonotonicClock.now)
      connection.send(.stop(signal: signal))
    // A terminal that closes says so once more when its shell ends: that is no wish to kill.
    case .leaving where signal != SIGHUP: phase = .stopping(since: MonotonicClock.now)
    case .stopping(let since)
    where signal != SIGHUP && MonotonicClock.now - since >= Self.nanosecondsToSecondSignal:
      phase = .killing
      connection.send(.kill)
    case .stopping, .leaving, .killing: break
    }
  }

  private func receive() throws {
    isConnected = try connection.receive { header, payload in
      switch header.kind {
      case .output(let instance, let stream, let time):
        console.append(payload, instance: instance, stream: stream, time: time)
      case .message: try handle(WireCoding.decode(SupervisorMessage.self, from: payload))
      }
    }
    if !isConnected { console.endOutput() }
    console.writeSomeUnwaited()
  }

  private func handle(_ message: SupervisorMessage) {
    switch message {
    case .accepted(let status, let instances): console.begin(status, instances: instances)
    case .joined(let instances): console.join(instances)
    case .event(let event): console.tell(event)
    case .snapshot(let instances): console.show(instances)
    case .result(let result): end = .result(result)
    case .refused(let refusal): end = .refused(refusal)
    case .running: if stay == .untilRunning { end = .detached }
    case .notReady(let instances): end = .notReady(instances)
    case .ready: if stay == .untilReady { end = .detached }
    }
  }
}
