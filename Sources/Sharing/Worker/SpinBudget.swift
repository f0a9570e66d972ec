internal import Platform

/// How long a waiter looks before it sleeps: waking a sleeper on another processor costs 20 µs and more, so a short
/// wait is cheaper awake. What was in vain is tried less: an idle waiter uses no processor.
package struct SpinBudget: Sendable {
  /// Looks, with a pause between them of about 25 ns.
  private var limit: Int
  private let limits: ClosedRange<Int>

  /// A sleep that was no longer than this was not worth it: looks as long as `limits` allow would have seen its end.
  private static let shortSleepNanoseconds: UInt64 = 100_000

  /// `isUncontended`: each worker of the run has a processor of its own, so that a look keeps nobody's work waiting.
  package init(isUncontended: Bool) {
    limits = isUncontended ? 256...8192 : 16...512
    limit = limits.lowerBound * 4
  }

  /// True as soon as `isReady` says so; false if it did not within the budget.
  @inline(__always)
  package mutating func run(until isReady: () -> Bool) -> Bool {
    for _ in 0..<limit {
      if isReady() {
        limit = min(limit * 2, limits.upperBound)
        return true
      }
      spinPause()
    }
    limit = max(limit / 2, limits.lowerBound)
    return false
  }

  /// After a sleep. Two that sleep in turn, each woken soon by the other, would go on so for ever: what they wait for
  /// is a wake-up each time, and longer than a small budget.
  package mutating func didSleep(nanoseconds: UInt64) {
    if nanoseconds <= Self.shortSleepNanoseconds { limit = min(limit * 4, limits.upperBound) }
  }
}
