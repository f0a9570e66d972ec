/// What a semaphore's processes agree on. Pure: transitions touch no memory but this and the holdings given to them.
///
/// Of a bounded one `count` and all holdings together are always the bound, so that a dead taker's can be returned.
package struct SemaphoreState: PrimitiveState {
  /// Counts taken and not given back.
  package typealias Part = Int64

  package private(set) var count: Int64
  /// The initial count, where counts belong to their takers; `nil`: to nobody.
  package let bound: Int64?
  /// Sleepers that no wake-up is under way to.
  package var sleeping: UInt32 = 0

  package init(initial: Int64, isBounded: Bool) {
    count = initial
    bound = isBounded ? initial : nil
  }

  /// The holdings of an unbounded one are empty: nobody's.
  mutating func acquire(_ taker: Int, _ holdings: inout some PartList<Int64>) -> Bool {
    guard count > 0 else { return false }
    count -= 1
    if bound != nil { holdings[taker] += 1 }
    return true
  }

  /// Gives back: first what the giver holds, then what others do, for a count may be given back by another than its
  /// taker. Gives how many sleepers to wake.
  mutating func release(
    _ amount: Int64, by giver: Int, _ holdings: inout some PartList<Int64>
  ) -> Result<Int, SharedSemaphore.Misuse> {
    if amount < 1 { return .failure(.amountBelowOne) }
    if let bound, amount > bound - count { return .failure(.overReleased(bound: Int(bound))) }
    let (sum, overflows) = count.addingReportingOverflow(amount)
    if overflows { return .failure(.outOfRange) }
    count = sum
    if bound != nil { discharge(amount, first: giver, &holdings) }
    return .success(sleepersToWake(Int(clamping: amount)))
  }

  private func discharge(_ amount: Int64, first giver: Int, _ holdings: inout some PartList<Int64>) {
    var rest = amount - take(amount, from: &holdings[giver])
    for holder in holdings.indices where rest > 0 && holdings[holder] > 0 {
      rest -= take(rest, from: &holdings[holder])
    }
  }

  private func take(_ amount: Int64, from held: inout Int64) -> Int64 {
    let taken = min(amount, held)
    held -= taken
    return taken
  }

  package func isSound(_ holdings: some PartList<Int64>) -> Bool {
    guard count >= 0, sleeping < 1 << 30 else { return false }
    guard let bound else { return holdings.isEmpty }
    return count <= bound && holdings.allSatisfy { (0...bound).contains($0) }
      && holdings.reduce(count, &+) == bound
  }

  /// What a dead taker held returns.
  package mutating func repair(after taker: Int, _ holdings: inout some PartList<Int64>) -> PrimitiveRepair {
    // Whoever counted as asleep looks again, and counts anew.
    sleeping = 0
    let held = bound == nil ? 0 : holdings[taker]
    if held > 0 {
      holdings[taker] = 0
      count += held
    }
    return PrimitiveRepair(finding: held > 0 ? .countsReturned(Int(held)) : nil, wokenWords: [0])
  }

  private mutating func sleepersToWake(_ amount: Int) -> Int {
    let woken = UInt32(min(amount, Int(sleeping)))
    sleeping -= woken
    return Int(woken)
  }
}
