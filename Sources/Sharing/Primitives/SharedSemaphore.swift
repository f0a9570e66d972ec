/// A semaphore that a topology declares, as one worker sees it.
///
/// The counts of a bounded one belong to their takers: what one holds when it ends returns. Those of an unbounded one
/// belong to nobody: it is a signal.
package struct SharedSemaphore: Sendable {
  let primitive: Primitive<SemaphoreState>
  let user: PrimitiveUser

  package enum Misuse: Error, Sendable, Equatable {
    /// More than all takers together hold of a bounded one.
    case overReleased(bound: Int)
    /// Over 2^63 - 1.
    case outOfRange
    case amountBelowOne
  }

  /// Takes a count, waiting for one until `deadline`, in nanoseconds of the monotonic clock. False: there was none.
  package func acquire(until deadline: UInt64? = nil) -> Bool {
    let taken: Void? = primitive.wait(.semaphore(resource: primitive.resource), as: user, until: deadline) {
      state, holdings, look in
      if look.sleptInVain, state.sleeping > 0 { state.sleeping -= 1 }
      if state.acquire(user.slot, &holdings) { return () }
      if look.willSleep { state.sleeping += 1 }
      return nil
    }
    return taken != nil
  }

  package func release(_ amount: Int = 1) throws(Misuse) {
    let outcome = primitive.update(as: user.holder) { state, holdings in
      state.release(Int64(amount), by: user.slot, &holdings)
    }
    primitive.wake(try outcome.get())
  }

  /// That nobody has taken.
  package var count: Int { Int(primitive.cell.peek { $0.count }) }
}
