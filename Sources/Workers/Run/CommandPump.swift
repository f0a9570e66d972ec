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

  /// Asked to end, by whomever.
  private struct Stopping {
    /// Until then the command may answer what it has; `nil`: it has got the stop signal.
    var signalTime: UInt64?
    /// When all is killed; `nil`: the supervisor sees to that.
    var killTime: UInt64?

    var nextTime: UInt64? { [signalTime, killTime].compactMap(\.self).min() }
  }

  /// Of the grace period of a command that is to answer what it has, the last part is for its end by the stop signal.
  private static func timeToAnswer(within gracePeriod: Duration) -> Duration {
    gracePeriod - min(gracePeriod / 10, .seconds(1))
  }

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

  /// Of the command's first process.
  private var ending: Ending?
  private var stopping: Stopping?
  /// All that is below this process is to be killed now.
  private var isOver = false
  /// Children that have got the stop signal, though they are in no group of the command's.
  private var signalled: Set<Int32> = []
  private(set) var stop: CommandStop?
  /// An item could not be given to the command: it answers what it has, and then the process has failed.
  private(set) var inputFailure: (any Error)?

  /// Of the queues and pipes that it reads and writes.
  struct Watchers {
    var items: FutexWatcher?
    var room: FutexWatcher?

    func contains(_ pid: Int32) -> Bool { items?.pid == pid || room?.pid == pid }
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

  /// It has answers that nobody takes.
  private var isBlocked = false

  /// Until the command has ended; of one that was asked to, until all that it has started has. Where that is killed in
  /// the end, the caller does it.
  func run() throws -> Ending {
    while !isOver {
      if stop == nil { advance() }
      if !isOver { try wait() }
    }
    return ending ?? .signalled(SIGKILL)
  }

  // MARK: Items

  private func advance() {
    do {
      isBlocked = false
      if let harvest {
        let need = try harvest.advance()
        try prepare(for: need, harvest)
        switch need {
        case .room, .roomForRejected: isBlocked = true
        case .text, .nothing: break
        }
      }
      guard let feed else { return }
      guard isFeeding(feed) else {
        looksAgain = false
        return try watch(.standardInput, nil, .write)
      }
      // Who can't give its answers away takes no more questions, as anything that works on one item after the other.
      if isBlocked, !feed.isDraining {
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

  /// One that was told to end, or has ended, gets no more.
  private func isFeeding(_ feed: CommandFeed) -> Bool {
    guard let stopping else { return true }
    return feed.isDraining && stopping.signalTime != nil && ending == nil
  }

  private func needs(_ feed: CommandFeed) -> CommandFeed.Need {
    do {
      return try feed.advance()
    } catch {
      inputFailure = error
      feed.stop(blaming: true)
      beginStop(answering: true, within: declaration.stopGracePeriod, isOwn: true)
      return .nothing
    }
  }

  private func prepare(for need: CommandHarvest.Need, _ harvest: CommandHarvest) throws {
    looksAgain = false
    switch need {
    case .roomForRejected:
      looksAgain = true
      try watch(.standardOutput, nil, .read)
      entry.beginWait(.command)
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
    looksAgain = false
    switch need {
    case .items(let wait):
      try watchers.items?.watch(wait)
      // The command may print something all the same, unless it has answered all that it was asked.
      entry.beginWait(.read(resource: feed.port.resource), isTimed: !feed.repliesToEach, for: feed.needOfItems)
    case .emptyPipe:
      looksAgain = true
      entry.beginWait(.command)
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

  private static let pauseBetweenLooks: Int32 = 10
  /// What the feed waits for shows on no descriptor.
  private var looksAgain = false

  /// A command that was asked and does not answer is looked at after this time, and then after twice the time.
  private static let firstPatience: Int32 = 200
  private static let longestPatience: Int32 = 2000
  private var patience = CommandPump.firstPatience

  private func wait() throws {
    let found = try epoll.wait(milliseconds: millisecondsToWait())
    if found.isEmpty { lookForStall() } else { patience = Self.firstPatience }
    for ready in found {
      switch Token(rawValue: ready.token) {
      case .signals: while let arrival = signals.nextArrival() { take(arrival) }
      case .items: try takeNews(of: watchers.items)
      case .room: try takeNews(of: watchers.room)
      default: break
      }
    }
    entry.endWait()
    takeTime()
  }

  private func takeTime() {
    guard let stopping else { return }
    let now = MonotonicClock.now
    if let time = stopping.killTime, now >= time { isOver = true }
    if let time = stopping.signalTime, now >= time { sendStopSignal() }
  }

  /// Under `replies: each`: the command waits for its next line, and has answered fewer than it was given.
  private func lookForStall() {
    guard stop == nil, ending == nil, !isBlocked, let feed, let harvest, feed.awaitsAnswers else { return }
    patience = min(patience * 2, Self.longestPatience)
    guard let pipe = feed.pipeOfAwaitedAnswers else { return }
    let isCertain = CommandStall.isCertain(below: getpid(), except: watchers.contains, standardInput: pipe) {
      feed.pipeOfAwaitedAnswers == pipe && harvest.isPipeEmpty
    }
    guard isCertain else { return }
    end(
      because: .failure(
        CommandFailure(
          message:
            "its command was given \(feed.givenCount) items and waits for the next, but has answered only "
            + "\(feed.givenCount - feed.unansweredCount) of them",
          help:
            "with 'replies: each' it must print one line for each item, an empty one for what it leaves out, and keep "
            + "none back ('grep --line-buffered', 'sed -u', 'python3 -u')")))
  }

  private func millisecondsToWait() -> Int32 {
    let isAsked = stop == nil && !isBlocked && feed?.awaitsAnswers == true
    let longest = looksAgain ? Self.pauseBetweenLooks : isAsked ? patience : -1
    guard let time = stopping?.nextTime else { return longest }
    let now = MonotonicClock.now
    let left = time <= now ? 0 : Int32(clamping: (time - now + 999_999) / 1_000_000)
    return longest < 0 ? left : min(left, longest)
  }

  private func takeNews(of watcher: FutexWatcher?) throws {
    guard let watcher, try !watcher.takeNews() else { return }
    end(
      because: .failure(
        CommandFailure(
          message: "the process of mporch's that waits for its queues was killed", help: "start it again")))
  }

  // MARK: Signals and orders

  private func take(_ arrival: SignalDescriptor.Arrival) {
    switch arrival {
    case .signal(SIGCHLD): takeDeaths()
    case .signal(let signal), .order(.send(let signal)): send(signal)
    case .order(.stop(let drains, let gracePeriod)):
      if drains { feed?.drain() }
      beginStop(answering: drains && feed != nil, within: gracePeriod, isOwn: false)
    case .order(.lookForReaders):
      if let readers = harvest?.readersEnded { end(because: .readersEnded(failed: readers.failed)) }
    }
  }

  /// Its number is the command's own until it is reaped.
  private func send(_ signal: Int32) {
    if ending == nil { kill(pid, signal) }
  }

  private func takeDeaths() {
    while let death = ChildProcess.nextDeath() {
      guard death.pid == pid else {
        // One that had left its parent, and is nobody's any more; or a watcher.
        signalled.remove(death.pid)
        ChildProcess.reap(death.pid)
        continue
      }
      ending = death.isSignalled ? .signalled(death.status) : .exited(death.status)
      // Who is left of its group is to be told while that has its number.
      if stopping?.signalTime != nil { sendStopSignal() }
      entry.commandProcessID = 0
      Command.reap(pid)
    }
    if ending != nil { awaitRest() }
  }

  // MARK: The end

  /// Tells the command to end; what it prints finds nobody.
  private func end(because reason: CommandStop) {
    guard stop == nil else { return }
    stop = reason
    for (token, number) in watched where isOpen(token) { epoll.remove(number) }
    watched.removeAll()
    looksAgain = false
    if case .failure = reason, let feed, feed.repliesToEach { feed.stop(blaming: true) } else { feed?.stop() }
    harvest?.stop()
    beginStop(answering: false, within: declaration.stopGracePeriod, isOwn: true)
  }

  /// The command is to end within the grace period. `answering`: it is left alone for most of that, as it has the end of
  /// its input. `isOwn`: nobody else kills what is left of it then. Of two reasons the one that leaves less time counts.
  private func beginStop(answering: Bool, within gracePeriod: Duration, isOwn: Bool) {
    let now = MonotonicClock.now
    var stop = stopping ?? Stopping(signalTime: .max, killTime: nil)
    if isOwn { stop.killTime = min(stop.killTime ?? .max, now + gracePeriod.nanoseconds) }
    let signalTime = answering ? now + Self.timeToAnswer(within: gracePeriod).nanoseconds : now
    stop.signalTime = stop.signalTime.map { min($0, signalTime) }
    stopping = stop
    if ending != nil { awaitRest() } else { takeTime() }
  }

  /// To the group of the command.
  private func sendStopSignal() {
    stopping?.signalTime = nil
    for signal in [declaration.stopSignal, SIGCONT] { kill(-pid, signal) }
    // It may have gone to another group.
    if ChildProcess.group(of: pid) != pid { for signal in [declaration.stopSignal, SIGCONT] { kill(pid, signal) } }
  }

  /// The command's first process has ended: what it has started ends now, or, where it was asked to, by itself until the
  /// grace period is over. Who is in no group of the command's is asked when it has become a child of this process.
  private func awaitRest() {
    let rest = ChildProcess.all().filter { !watchers.contains($0) }
    guard stopping != nil, !rest.isEmpty else { return isOver = true }
    for child in rest where ChildProcess.group(of: child) != pid && signalled.insert(child).inserted {
      for signal in [declaration.stopSignal, SIGCONT] { kill(child, signal) }
    }
  }
}
