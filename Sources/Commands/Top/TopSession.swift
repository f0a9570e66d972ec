import Glibc
import Platform
import Supervisor
import SystemPackage

/// A page that is shown until its user leaves: one loop over the terminal, the signals and the connections to the run, in
/// which nothing waits for one of them alone.
final class TopSession {
  enum End: Equatable {
    case left
    case signal(Int32)
  }

  /// After the first look: with the second one there are rates.
  private static let firstPause: UInt64 = 500_000_000
  private static let escapeMilliseconds: Int32 = 50
  /// An answer that takes longer is told of.
  private static let patience: UInt64 = 2_000_000_000

  private let screen: TerminalScreen
  private let keys: Descriptor
  private let signals: SignalDescriptor
  private let feed: TopFeed
  private let requests: TopRequests
  private let ending: TopEnding
  private let pause: UInt64
  private var decoder = KeyDecoder()
  private var log: TopLogTail?
  private var hasMoreLog = false
  private var nextLook: UInt64 = 0
  private var shown: TopModel?
  private(set) var model: TopModel
  private var end: End?

  init(
    _ run: RunStatus, screen: TerminalScreen, keys: consuming Descriptor, signals: SignalDescriptor, ending: TopEnding,
    connect: @escaping () -> ControlConnection?, pauseSeconds: Double
  ) {
    self.screen = screen
    self.keys = keys
    self.signals = signals
    self.ending = ending
    feed = TopFeed(connect: connect)
    requests = TopRequests(connect: connect)
    pause = UInt64(pauseSeconds * 1e9)
    model = TopModel(run)
  }

  /// Takes the terminal, and gives it back.
  func run() throws -> End {
    try screen.take()
    defer { screen.give() }
    while true {
      if let end { return end }
      look()
      show()
      try step()
    }
  }

  private func show() {
    guard screen.isReady, model != shown else { return }
    screen.show(TopPage(model: model, size: screen.size).render())
    shown = model
  }

  // MARK: Waiting

  private func step() throws {
    var entries = [
      pollfd(fd: signals.number, events: Int16(POLLIN), revents: 0),
      pollfd(fd: keys.number, events: Int16(POLLIN), revents: 0),
      pollfd(fd: feed.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: ending.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: log?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: screen.guardianDescriptor, events: 0, revents: 0),
      pollfd(fd: screen.isReady ? -1 : screen.outputDescriptor, events: Int16(POLLOUT), revents: 0),
    ]
    let fixedCount = entries.count
    entries += requests.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&entries, nfds_t(entries.count), timeout) >= 0 else {
      guard errno == EINTR else { throw Errno(rawValue: errno) }
      return
    }
    while let signal = signals.next() { try handle(signal) }
    readKeys(isReady: entries[1].revents != 0)
    if entries[2].revents != 0 { receive() }
    if entries[3].revents != 0 { noteEnd() }
    try readLog(isChanged: entries[4].revents != 0)
    if entries[5].revents != 0 { try screen.replaceGuardian() }
    if entries[6].revents != 0 { screen.writeSome() }
    if entries[fixedCount...].contains(where: { $0.revents != 0 }) { takeAnswers() }
    if screen.isLost { end = .signal(SIGHUP) }
  }

  private var timeout: Int32 {
    if hasMoreLog { return 0 }
    let now = MonotonicClock.now
    let milliseconds = nextLook > now ? Int32(clamping: (nextLook - now + 999_999) / 1_000_000) : 0
    return decoder.isAmbiguous ? min(milliseconds, Self.escapeMilliseconds) : milliseconds
  }

  private func handle(_ signal: Int32) throws {
    switch signal {
    case SIGWINCH: shown = nil
    case SIGTSTP:
      screen.give()
      CurrentProcess.stop()
      try screen.take()
      shown = nil
    case SIGCONT:
      screen.give()
      try screen.take()
      shown = nil
    case SIGINT: end = .left
    default: end = .signal(signal)
    }
  }

  // MARK: Keys

  private func readKeys(isReady: Bool) {
    guard isReady else {
      if decoder.isAmbiguous { press(decoder.giveUpWaiting()) }
      return
    }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let transfer = bytes.withUnsafeMutableBytes { try? keys.read(into: $0) }
    // The terminal has gone.
    guard case .count(let count)? = transfer, count > 0 else { return end = .signal(SIGHUP) }
    press(decoder.feed(bytes[..<count]))
  }

  private func press(_ keys: [Key]) {
    for key in keys {
      for effect in model.handle(key) { carryOut(effect) }
    }
  }

  private func carryOut(_ effect: TopModel.Effect) {
    switch effect {
    case .quit: end = .left
    case .perform(let action, let forAll): model.notice = requests.perform(action, forAll: forAll)
    case .openLog(let instance): openLog(of: instance)
    case .closeLog: (log, hasMoreLog) = (nil, false)
    }
  }

  private func takeAnswers() {
    for notice in requests.receive() {
      model.notice = notice
      nextLook = 0
    }
  }

  // MARK: The run

  private func look() {
    let now = MonotonicClock.now
    guard now >= nextLook else { return }
    nextLook = now + (model.sample == nil ? min(pause, Self.firstPause) : pause)
    if model.phase == .running {
      feed.ask()
      model.silentSeconds = feed.askedAt.flatMap { now > $0 + Self.patience ? Int((now - $0) / 1_000_000_000) : nil }
    } else {
      // How a killed run ended is written only after its end.
      note(ending.outcome())
    }
  }

  private func receive() {
    do {
      guard let look = try feed.receive() else { return }
      model.silentSeconds = nil
      model.take(look, time: MonotonicClock.now, wallTime: WallClock.now)
    } catch {
      model.notice = .init(text: (error as? CommandFailure)?.message ?? "\(error)", sort: .failure)
    }
  }

  private func noteEnd() {
    guard let end = ending.receive() else { return }
    note(end)
    try? log?.end()
    hasMoreLog = log != nil
  }

  private func note(_ end: TopEnding.End) {
    model.phase = .ended(end.words, isFailure: end.isFailure)
    if let outcome = end.outcome { model.take(outcome) }
  }

  // MARK: Logs

  private func openLog(of instance: String) {
    do {
      let log = try TopLogTail(instance, of: model.run)
      if model.phase != .running { try log.end() }
      (self.log, hasMoreLog) = (log, true)
    } catch {
      model.view = .overview
      model.notice = .init(text: "\(error)", sort: .failure)
    }
  }

  private func readLog(isChanged: Bool) throws {
    guard let log, isChanged || hasMoreLog, case .log(var page) = model.view else { return }
    if isChanged { try log.update() }
    let (lines, isMore) = try log.next()
    hasMoreLog = isMore
    page.append(lines)
    model.view = .log(page)
  }
}
