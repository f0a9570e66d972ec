/// A barrier that a topology declares, as one worker sees it: whoever comes waits until all parties have.
package struct SharedBarrier: Sendable {
  let primitive: Primitive<BarrierState>
  let user: PrimitiveUser

  package enum Passage: Sendable, Equatable {
    /// All have come. `index`: from 0, for each party another.
    case passed(index: Int)
    case broken
    /// Not all came in time: the barrier is broken for all.
    case timedOut
  }

  /// `deadline` in nanoseconds of the monotonic clock.
  package func wait(until deadline: UInt64? = nil) -> Passage {
    let arrival = primitive.update(as: user.holder) { state, parties in state.arrive(&parties[user.slot]) }
    if case .passed = arrival { primitive.wake(.max) }
    if let arrival { return Passage(arrival) }
    let outcome = primitive.wait(.barrier(resource: primitive.resource), as: user, until: deadline) {
      state, parties, _ in
      var party = parties[user.slot]
      let outcome = state.outcome(of: &party)
      if outcome != nil { parties[user.slot] = party }
      return outcome
    }
    return outcome.map(Passage.init) ?? timeOut()
  }

  private func timeOut() -> Passage {
    let outcome = primitive.update(as: user.holder) { state, parties in state.timeOut(user.slot, &parties) }
    if outcome == nil { primitive.wake(.max) }
    return outcome.map(Passage.init) ?? .timedOut
  }

  /// Breaks it for all who wait, and who come.
  package func abort() {
    primitive.update(as: user.holder) { state, parties in state.abort(by: user.slot, &parties) }
    primitive.wake(.max)
  }

  /// Makes it whole; for those who wait it breaks.
  package func reset() {
    primitive.update(as: user.holder) { state, parties in state.reset(&parties) }
    primitive.wake(.max)
  }

  package var parties: Int { Int(primitive.cell.peek { $0.parties }) }
  package var waiting: Int { Int(primitive.cell.peek { $0.arrived }) }
  /// Why it is broken; `nil`: it is not.
  package var breakage: BarrierBreakage? {
    primitive.cell.peek { $0.breakage }.flatMap { BarrierBreakage($0, users: primitive.users) }
  }
}

extension SharedBarrier.Passage {
  fileprivate init(_ outcome: BarrierState.Outcome) {
    switch outcome {
    case .passed(let index): self = .passed(index: index)
    case .broken: self = .broken
    }
  }
}

/// Why a barrier is broken, and by which worker.
package struct BarrierBreakage: Sendable, Equatable {
  package var cause: Cause
  package var worker: Int

  package enum Cause: UInt8, BitwiseCopyable, Sendable {
    case aborted
    case timedOut
    /// It died waiting, or ended so that too few are left.
    case ended
  }

  init?(_ breakage: BarrierState.Breakage, users: [Int]) {
    guard users.indices.contains(Int(breakage.user)) else { return nil }
    cause = breakage.cause
    worker = users[Int(breakage.user)]
  }
}
