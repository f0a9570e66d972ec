internal import Glibc
internal import Platform

/// How long a waiter looks before it sleeps: waking a sleeper on another processor costs about 20 µs, so a short wait
/// is cheaper awake. What was in vain before is tried less: an idle waiter uses no processor.
package struct SpinBudget: Sendable {
  /// Looks, with a pause between them of about 20 ns.
  private var limit: Int
  private let limits: ClosedRange<Int>

  /// `workers`: all of the run. Where they have a processor each, nobody else's work is kept waiting by a look.
  package init(workers: Int) {
    limits = workers <= sysconf(Int32(_SC_NPROCESSORS_ONLN)) ? 256...8192 : 16...512
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
