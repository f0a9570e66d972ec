/// What an event's processes agree on. Pure.
package struct EventState: PrimitiveState {
  /// None.
  package typealias Part = UInt8

  package private(set) var isSet: Bool
  /// Grows with each setting: who waited then may pass, also if it was cleared at once.
  package private(set) var generation: UInt64 = 0
  var hasSleepers = false

  package init(isSet: Bool) { self.isSet = isSet }

  package var hasParts: Bool { false }

  /// Whether there are sleepers to wake.
  mutating func set() -> Bool {
    guard !isSet else { return false }
    isSet = true
    generation += 1
    defer { hasSleepers = false }
    return hasSleepers
  }

  mutating func clear() { isSet = false }

  package func isSound(_ parts: some PartList<UInt8>) -> Bool { generation < 1 << 62 }

  package func isUnmet(_ need: WaitNeed) -> Bool? { !hasPassed(since: need.first) }

  package mutating func repair(after user: Int, _ parts: inout some PartList<UInt8>) -> PrimitiveRepair {
    PrimitiveRepair(wokenWords: [0])
  }

  /// For one that waits since `start`.
  func hasPassed(since start: UInt64) -> Bool { isSet || generation != start }
}

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
      .primitive(resource: primitive.resource), as: user, until: deadline, for: .setting(after: start)
    ) {
      state, _, look in
      if state.hasPassed(since: start) { return () }
      if look.willSleep { state.hasSleepers = true }
      return nil
    }
    return passed != nil
  }
}

package struct EventReport: Sendable, Equatable {
  package var isSet: Bool
  package var waiters: [Int]
}

extension ArenaPlan.Resource {
  /// `users`: worker indices, each once, of which each keeps its place.
  package static func event(isSet: Bool, users: [Int] = []) -> Self {
    .primitive(.init(EventState(isSet: isSet), users: users))
  }
}

extension Arena {
  /// `nil`: it is no such resource, or the worker does not use it.
  package func event(_ resource: Int, worker: Int) -> SharedEvent? {
    use(resource, by: worker).map { SharedEvent(primitive: $0, user: $1) }
  }

  package func eventReport(_ resource: Int) -> EventReport? {
    primitive(resource, of: EventState.self).map { primitive in
      EventReport(isSet: primitive.cell.peek { $0.isSet }, waiters: waiters(at: primitive))
    }
  }
}
