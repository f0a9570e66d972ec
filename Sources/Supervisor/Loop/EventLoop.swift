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
    timers.schedule(at: Clock.monotonicNanoseconds &+ delay.nanoseconds, action)
  }

  func cancel(_ timer: Timer) { timers.cancel(timer) }

  /// Until `isDone`, which is asked after each round.
  func run(until isDone: () -> Bool) throws(Errno) {
    while !isDone() {
      // What is due is what was due before the look at what is ready: however long this process, or the machine, stood
      // still, what had happened by a time is seen before that time is over.
      let now = Clock.monotonicNanoseconds
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
