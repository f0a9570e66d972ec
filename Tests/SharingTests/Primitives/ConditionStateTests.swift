import Testing

@testable import Sharing

@Suite struct ConditionStateTests {
  private var state = ConditionState(lock: 0)
  private var waiters = [ConditionWaiter](repeating: ConditionWaiter(phase: .away, ticket: 0), count: 6)

  private mutating func begin(_ users: Int...) { for user in users { state.begin(&waiters[user]) } }
  private mutating func giveUp(_ user: Int) -> Bool { state.giveUp(&waiters[user]) }
  private var phases: [ConditionWaiter.Phase] { waiters.map(\.phase) }

  // Seen to fail with the sort left out: the lowest indices were taken, not the first comers.
  @Test mutating func notifiesExactlySoManyAndFirstComersFirst() {
    begin(4, 2, 5, 0)
    #expect(state.notify(2, &waiters).sorted() == [2, 4])
    #expect(phases == [.waiting, .away, .notified, .away, .notified, .waiting])
    #expect(state.waiting == 2)
    #expect(state.notify(.max, &waiters).sorted() == [0, 5])
    #expect(state.notify(1, &waiters) == [])
    #expect(state.waiting == 0)
  }

  // Seen to fail with a notification kept for whoever waits next.
  @Test mutating func notifyingNobodyIsForgotten() {
    #expect(state.notify(3, &waiters) == [])
    begin(1)
    #expect(phases[1] == .waiting)
  }

  // Seen to fail with `waiting` not counted down: the next notification then took a turn for nobody.
  @Test mutating func oneWhoseTimeIsOverCountsForNothing() {
    begin(0, 1)
    #expect(giveUp(0))
    #expect(state.waiting == 1)
    #expect(state.notify(1, &waiters) == [1])
  }

  // Seen to fail with the guard of `giveUp` gone: a notification was lost in a waiter that said "timeout".
  @Test mutating func oneNotifiedAtItsDeadlineIsNotified() {
    begin(0)
    _ = state.notify(1, &waiters)
    #expect(!giveUp(0))
  }

  // Seen to fail with the dead waiter left among those that wait.
  @Test mutating func deadWaiterCountsForNothing() {
    begin(0, 1)
    #expect(state.repair(after: 0, &waiters) == PrimitiveRepair(wokenWords: []))
    #expect(state.notify(1, &waiters) == [1])
    #expect(state.repair(after: 3, &waiters).finding == nil)
  }

  // Seen to fail with the notified treated as a waiting one: nobody was woken in its place.
  @Test mutating func notifiedThatDiesPassesItsWakeUpOn() {
    begin(0, 1, 2)
    _ = state.notify(1, &waiters)
    #expect(state.repair(after: 0, &waiters) == PrimitiveRepair(finding: .wakeUpPassedOn(to: 1), wokenWords: [1]))
    // The heir may die too.
    #expect(state.repair(after: 1, &waiters).finding == .wakeUpPassedOn(to: 2))
    #expect(state.repair(after: 2, &waiters).finding == nil)
  }

  // Seen to fail with the horizon left out.
  @Test mutating func wakeUpGoesToNobodyWhoCameAfterIt() {
    begin(0)
    _ = state.notify(1, &waiters)
    begin(1)
    #expect(state.repair(after: 0, &waiters).finding == nil)
    #expect(phases[1] == .waiting)
  }

  // Seen to fail with only an heir woken.
  @Test mutating func wakeUpsThatMayHaveDiedWithTheirNotifierAreRepeated() {
    begin(0, 1, 2)
    _ = state.notify(2, &waiters)
    #expect(state.repair(after: 5, &waiters) == PrimitiveRepair(wokenWords: [0, 1]))
  }
}
