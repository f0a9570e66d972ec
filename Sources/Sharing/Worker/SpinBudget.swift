internal import Platform

/// How long a waiter looks before it sleeps: waking a sleeper on another processor costs about 20 µs, so a short wait
/// is cheaper awake. What was in vain before is tried less: an idle waiter uses no processor.
package struct SpinBudget: Sendable {
  /// Looks, with a pause between them of about 20 ns.
  private var limit: Int
  private let limits: ClosedRange<Int>

  /// `isUncontended`: each worker of the run has a processor of its own, so that a look keeps nobody's work waiting.
  package init(isUncontended: Bool) {
    limits = isUncontended ? 256...8192 : 16...512
    limit = limits.lowerBound * 4
  }

  /// True as soon as `isReady` says so; false if it did not within the budget.
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
}
