internal import Platform
internal import SystemPackage

/// Everything that a supervisor waits for, in one thread: descriptors and times. Sleeps without any CPU in between.
final class EventLoop {
  /// A descriptor under watch.
  struct Watch: Hashable {
    fileprivate var token: UInt64
    fileprivate var number: Int32
  }

  typealias Timer = TimerQueue<() -> Void>.ID

  private let epoll: Epoll
  private var handlers: [UInt64: (Epoll.Readiness) -> Void] = [:]
  private var timers = TimerQueue<() -> Void>()
  private var lastToken: UInt64 = 0

  init() throws(Errno) { epoll = try Epoll() }

  /// `handler` is called as long as the descriptor is ready.
  func watch(
    _ number: Int32, _ interest: Epoll.Interest, _ handler: @escaping (Epoll.Readiness) -> Void
  ) throws(Errno) -> Watch {
    lastToken += 1
    try epoll.add(number, interest, token: lastToken)
    handlers[lastToken] = handler
    return Watch(token: lastToken, number: number)
  }

  func change(_ watch: Watch, _ interest: Epoll.Interest) {
    try? epoll.change(watch.number, interest, token: watch.token)
  }

  /// Before the descriptor is closed.
  func unwatch(_ watch: Watch) {
    epoll.remove(watch.number)
    handlers[watch.token] = nil
  }

  func after(_ delay: Duration, _ action: @escaping () -> Void) -> Timer {
    timers.schedule(at: MonotonicClock.now &+ delay.nanoseconds, action)
  }

  func cancel(_ timer: Timer) { timers.cancel(timer) }

  /// Until `isDone`, which is asked after each round.
  func run(until isDone: () -> Bool) throws(Errno) {
    while !isDone() {
      // What is due is what was due before the look at what is ready: however long this process, or the machine, stood
      // still, what had happened by a time is seen before that time is over.
      let now = MonotonicClock.now
      try takeReady(within: millisecondsToWait(from: now))
      while let action = timers.takeDue(at: now) { action() }
    }
  }

  /// All that is ready, where that is more than one look shows, too: each look begins where the last one ended.
  private func takeReady(within milliseconds: Int32) throws(Errno) {
    var milliseconds = milliseconds
    for _ in 0...(handlers.count / Epoll.mostAtOnce) {
      let found = try epoll.wait(milliseconds: milliseconds)
      for ready in found {
        // A handler of this round may have ended the watch of a later one.
        handlers[ready.token]?(ready)
      }
      if found.count < Epoll.mostAtOnce { break }
      milliseconds = 0
    }
  }

  /// Rounded up: never too early. -1: nothing is due.
  private func millisecondsToWait(from now: UInt64) -> Int32 {
    guard let deadline = timers.nextDeadline else { return -1 }
    return deadline <= now ? 0 : Int32(clamping: (deadline - now + 999_999) / 1_000_000)
  }
}

/// Things to do at a time, soonest first; those of one time in the order in which they were scheduled.
struct TimerQueue<Action> {
  struct ID: Hashable { fileprivate var number: UInt64 }

  private struct Entry {
    /// CLOCK_MONOTONIC, nanoseconds.
    var deadline: UInt64
    var id: ID
    var action: Action
  }

  /// Latest first, so that the next is taken off the end.
  private var entries: [Entry] = []
  private var scheduledCount: UInt64 = 0

  /// `nil`: nothing is ever due.
  var nextDeadline: UInt64? { entries.last?.deadline }

  mutating func schedule(at deadline: UInt64, _ action: Action) -> ID {
    scheduledCount += 1
    let id = ID(number: scheduledCount)
    entries.insert(Entry(deadline: deadline, id: id, action: action), at: firstIndex(notAfter: deadline))
    return id
  }

  /// One that was taken or cancelled already is left alone.
  mutating func cancel(_ id: ID) {
    if let index = entries.lastIndex(where: { $0.id == id }) { entries.remove(at: index) }
  }

  /// The next one whose time has come.
  mutating func takeDue(at now: UInt64) -> Action? {
    guard let next = entries.last, next.deadline <= now else { return nil }
    return entries.removeLast().action
  }

  private func firstIndex(notAfter deadline: UInt64) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].deadline > deadline { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
