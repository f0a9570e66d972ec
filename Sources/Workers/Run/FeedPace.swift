internal import Platform

/// How many lines a command is given ahead of those that it works on: as many as it takes in some milliseconds. So it
/// can answer what it has in a moment when it is stopped, and replicas share what is slow; and yet one that is quick
/// never waits.
///
/// It is given a *burst* of lines when it has taken all that it was given before: its pipe is empty. One that is too
/// quick for that has a *stream*: a large pipe, which is filled as far as goes.
struct FeedPace {
  /// From the writing of a burst to its taking.
  private static let quick: UInt64 = 5_000_000
  private static let slow: UInt64 = 50_000_000
  private static let largestBurst = 1 << 20

  private(set) var isStream = false
  /// Lines that may still be written of the burst at hand.
  private(set) var left = 0
  private let mayStream: Bool
  private var size = 1
  private var beganAt: UInt64 = 0
  /// Since when there are lines for which there is no room.
  private var blockedSince: UInt64?
  /// The burst was bounded by the pipe's room.
  private var hasFilledPipe = false

  init(mayStream: Bool) { self.mayStream = mayStream }

  mutating func didWrite(lines: Int) { left = max(0, left - lines) }

  /// No more goes now: the pipe is full, or the command has not taken the burst.
  mutating func didBlock(byFullPipe: Bool) {
    if byFullPipe { (left, hasFilledPipe) = (0, true) }
    if blockedSince == nil { blockedSince = MonotonicClock.now }
  }

  /// There is room again in a stream's pipe. False: it took too long for a stream, and the next is a burst.
  mutating func goOn() -> Bool {
    if let since = blockedSince.take(), MonotonicClock.now - since > Self.slow { (isStream, size) = (false, 1) }
    return isStream
  }

  /// All was taken: the next burst begins, or a stream.
  mutating func begin() {
    let now = MonotonicClock.now
    // One that has waited for lines says nothing of how quick it is.
    if blockedSince.take() != nil { adapt(to: now - beganAt) }
    (left, beganAt, hasFilledPipe) = (size, now, false)
  }

  private mutating func adapt(to elapsed: UInt64) {
    if elapsed < Self.quick {
      if hasFilledPipe { isStream = mayStream } else { size = min(size * 2, Self.largestBurst) }
    } else if elapsed > Self.slow {
      size = max(1, size / 2)
    }
  }
}
