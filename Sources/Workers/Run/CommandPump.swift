internal import Glibc
internal import Platform
internal import Sharing
internal import SystemPackage
internal import Topology

/// Stands between a command and everything else as long as the command lives: passes items and signals on, and sees
/// its end. One thread, one epoll loop.
final class CommandPump {
  enum Ending: Equatable {
    case exited(Int32)
    case signalled(Int32)
  }

  private enum Token: UInt64 { case signals, standardInput, standardOutput, items, room }

  private let pid: Int32
  private let entry: WorkerEntry
  private let declaration: ProcessDeclaration
  private let epoll: Epoll
  private let signals: SignalDescriptor
  private let feed: CommandFeed?
  private let harvest: CommandHarvest?
  private let watchers: Watchers
  /// What epoll looks at beside the signals.
  private var watched: [Token: Int32] = [:]

  private var ending: Ending?
  private(set) var stop: CommandStop?
  /// An item could not be given to the command: it answers what it has, and then the process has failed.
  private(set) var inputFailure: (any Error)?
  /// When it is killed, if it has not ended before.
  private var killTime: UInt64?

  /// Of the queues and pipes that it reads and writes.
  struct Watchers {
    var items: FutexWatcher?
    var room: FutexWatcher?
  }

  init(
    of pid: Int32, entry: WorkerEntry, declaration: ProcessDeclaration, signals: SignalDescriptor, feed: CommandFeed?,
    harvest: CommandHarvest?, watchers: Watchers
  ) throws(Errno) {
    self.pid = pid
    self.entry = entry
    self.declaration = declaration
    self.signals = signals
    self.feed = feed
    self.harvest = harvest
    self.watchers = watchers
    epoll = try Epoll()
    try epoll.add(signals.number, .read, token: Token.signals.rawValue)
    if let items = watchers.items { try epoll.add(items.number, .read, token: Token.items.rawValue) }
    if let room = watchers.room { try epoll.add(room.number, .read, token: Token.room.rawValue) }
  }

  /// Until the command has ended.
  func run() throws -> Ending {
    while true {
      if let ending { return ending }
      if stop == nil { advance() }
      if ending == nil { try wait() }
    }
  }

  // MARK: Items

  private func advance() {
    do {
      var isBlocked = false
      if let harvest {
        let need = try harvest.advance()
        try prepare(for: need, harvest)
        if case .room = need { isBlocked = true }
      }
      guard let feed else { return }
      // Who can't give its answers away takes no more questions, as anything that works on one item after the other.
      if isBlocked {
        try watch(.standardInput, nil, .write)
        feed.passOnWakeUp()
      } else {
        try prepare(for: needs(feed), feed)
      }
    } catch let readers as ReadersEnded {
      end(because: .readersEnded(failed: readers.failed))
    } catch {
      end(because: .failure(error))
    }
  }

  private func needs(_ feed: CommandFeed) -> CommandFeed.Need {
    do {
      return try feed.advance()
    } catch {
      inputFailure = error
      feed.stop(blaming: true)
      killTime = MonotonicClock.now + declaration.stopGracePeriod.nanoseconds
      return .nothing
    }
  }

  private func prepare(for need: CommandHarvest.Need, _ harvest: CommandHarvest) throws {
    switch need {
    case .text:
      try watch(.standardOutput, harvest.descriptorNumber, .read)
      entry.beginWait(.command)
    case .room(let wait, let resource, let need):
      try watch(.standardOutput, nil, .read)
      try watchers.room?.watch(wait)
      // The command may end by itself, unless it waits for its next question.
      entry.beginWait(.write(resource: resource), isTimed: !harvest.hasAllAnswers, for: need)
    case .nothing:
      try watch(.standardOutput, nil, .read)
      entry.beginWait(.command)
    }
  }

  private func prepare(for need: CommandFeed.Need, _ feed: CommandFeed) throws {
    if case .room = need {
      try watch(.standardInput, feed.descriptorNumber, .write)
    } else {
      try watch(.standardInput, nil, .write)
    }
    switch need {
    case .items(let wait):
      try watchers.items?.watch(wait)
      // The command may print something all the same, unless it has answered all that it was asked.
      entry.beginWait(.read(resource: feed.port.resource), isTimed: !feed.repliesToEach, for: feed.needOfItems)
    case .room, .answers, .nothing: entry.beginWait(.command)
    }
  }

  private func watch(_ token: Token, _ number: Int32?, _ interest: Epoll.Interest) throws(Errno) {
    guard watched[token] != number else { return }
    // A descriptor that was closed is out of epoll by that.
    if let old = watched[token], isOpen(token) { epoll.remove(old) }
    watched[token] = number
    if let number { try epoll.add(number, interest, token: token.rawValue) }
  }

  private func isOpen(_ token: Token) -> Bool {
    token == .standardInput ? feed?.descriptorNumber != nil : harvest?.descriptorNumber != nil
  }

  // MARK: Waiting

  private func wait() throws {
    for ready in try epoll.wait(milliseconds: millisecondsToWait()) {
      switch Token(rawValue: ready.token) {
      case .signals: while let signal = signals.next() { take(signal) }
      case .items: try takeNews(of: watchers.items)
      case .room: try takeNews(of: watchers.room)
      default: break
      }
    }
    entry.endWait()
    if let killTime, MonotonicClock.now >= killTime {
      self.killTime = nil
      kill(pid, SIGKILL)
    }
  }

  private func millisecondsToWait() -> Int32 {
    guard let killTime else { return -1 }
    let now = MonotonicClock.now
    return killTime <= now ? 0 : Int32(clamping: (killTime - now + 999_999) / 1_000_000)
  }

  private func takeNews(of watcher: FutexWatcher?) throws {
    guard let watcher, try !watcher.takeNews() else { return }
    end(
      because: .failure(
        CommandFailure(
          message: "the process of mporch's that waits for its queues was killed", help: "start it again")))
  }

  // MARK: Signals

  private func take(_ signal: Int32) {
    guard signal == SIGCHLD else {
      _ = kill(pid, signal)
      return
    }
    while ending == nil, let death = ChildProcess.nextDeath() {
      guard death.pid == pid else {
        // One that had left its parent, and is nobody's any more.
        ChildProcess.reap(death.pid)
        continue
      }
      ending = death.isSignalled ? .signalled(death.status) : .exited(death.status)
      // From its reaping on another process may have its number.
      entry.commandProcessID = 0
      ChildProcess.reap(pid)
    }
  }

  // MARK: The end

  /// Tells the command to end; what it prints finds nobody.
  private func end(because reason: CommandStop) {
    guard stop == nil else { return }
    stop = reason
    for (token, number) in watched where isOpen(token) { epoll.remove(number) }
    watched.removeAll()
    if case .failure = reason, let feed, feed.repliesToEach { feed.stop(blaming: true) } else { feed?.stop() }
    harvest?.stop()
    killTime = MonotonicClock.now + declaration.stopGracePeriod.nanoseconds
    kill(pid, declaration.stopSignal)
    kill(pid, SIGCONT)
  }
}
