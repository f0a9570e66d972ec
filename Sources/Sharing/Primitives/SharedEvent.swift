/// An event that a topology declares, as one worker sees it: while it is set, nobody waits.
package struct SharedEvent: Sendable {
  let primitive: Primitive<EventState>
  let user: PrimitiveUser

  /// Lets all pass who wait.
  package func set() {
    if isSet { return }
    let wakes = primitive.update(as: user.holder) { state, _ in state.set() }
    if wakes { primitive.wake(.max) }
  }

  package func clear() {
    primitive.update(as: user.holder) { state, _ in state.clear() }
  }

  package var isSet: Bool { primitive.cell.peek { $0.isSet } }

  /// True as soon as it is set, or was since the call; false at the deadline, in nanoseconds of the monotonic clock.
  package func wait(until deadline: UInt64? = nil) -> Bool {
    let (isSet, start) = primitive.cell.peek { ($0.isSet, $0.generation) }
    if isSet { return true }
    let passed: Void? = primitive.wait(
      .event(resource: primitive.resource), as: user, until: deadline, for: .setting(after: start)
    ) {
      state, _, look in
      if state.hasPassed(since: start) { return () }
      if look.willSleep { state.hasSleepers = true }
      return nil
    }
    return passed != nil
  }
}
