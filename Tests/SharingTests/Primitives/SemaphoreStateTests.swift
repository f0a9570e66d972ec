import Testing

@testable import Sharing

@Suite struct SemaphoreStateTests {
  private var holdings: [Int64] = [0, 0, 0]

  // Seen to fail with the guard of `acquire` gone.
  @Test mutating func countsDown() {
    var state = SemaphoreState(initial: 2, isBounded: true)
    #expect(state.acquire(0, &holdings))
    #expect(state.acquire(1, &holdings))
    #expect(!state.acquire(2, &holdings))
    #expect(holdings == [1, 1, 0])
    #expect(state.count == 0)
  }

  // Seen to fail with the bound not looked at.
  @Test mutating func boundedOneRefusesOverRelease() {
    var state = SemaphoreState(initial: 2, isBounded: true)
    #expect(state.release(1, by: 0, &holdings) == .failure(.overReleased(bound: 2)))
    #expect(state.acquire(0, &holdings))
    #expect(state.release(2, by: 0, &holdings) == .failure(.overReleased(bound: 2)))
    #expect(state.release(1, by: 0, &holdings) == .success(0))
    #expect(state.count == 2 && holdings == [0, 0, 0])
  }

  // Seen to fail with a count that wraps, and with one count whatever the amount.
  @Test mutating func unboundedOneCountsOn() {
    var state = SemaphoreState(initial: 0, isBounded: false)
    var nobodys: [Int64] = []
    #expect(state.release(5, by: 0, &nobodys) == .success(0))
    #expect(state.count == 5)
    #expect(state.acquire(1, &nobodys))
    #expect(state.release(.max, by: 0, &nobodys) == .failure(.outOfRange))
    #expect(state.count == 4)
  }

  // Seen to fail with an amount of 0 let through.
  @Test(arguments: [0, -1] as [Int64]) mutating func amountIsAtLeastOne(amount: Int64) {
    var state = SemaphoreState(initial: 1, isBounded: false)
    #expect(state.release(amount, by: 0, &holdings) == .failure(.amountBelowOne))
    #expect(state.count == 1)
  }

  // Seen to fail with only the giver's holding lowered: the dead taker's count then came back twice.
  @Test mutating func countGivenBackByAnotherIsNoLongerItsTakers() {
    var state = SemaphoreState(initial: 3, isBounded: true)
    _ = state.acquire(0, &holdings)
    _ = state.acquire(0, &holdings)
    _ = state.acquire(1, &holdings)
    #expect(state.release(2, by: 1, &holdings) == .success(0))
    #expect(holdings == [1, 0, 0])
    #expect(state.repair(after: 0, &holdings).finding == .countsReturned(1))
    #expect(state.count == 3)
  }

  // Seen to fail with the holding left as it is: the second repair returned it again.
  @Test mutating func countOfADeadTakerReturnsOnce() {
    var state = SemaphoreState(initial: 2, isBounded: true)
    _ = state.acquire(1, &holdings)
    _ = state.acquire(1, &holdings)
    #expect(state.repair(after: 1, &holdings) == PrimitiveRepair(finding: .countsReturned(2), wokenWords: [0]))
    #expect(state.count == 2)
    #expect(state.repair(after: 1, &holdings).finding == nil)
    #expect(state.count == 2)
  }

  // Seen to fail with a count returned by each death.
  @Test func countsOfAnUnboundedOneBelongToNobody() {
    var state = SemaphoreState(initial: 1, isBounded: false)
    var nobodys: [Int64] = []
    #expect(state.acquire(0, &nobodys))
    #expect(state.repair(after: 0, &nobodys).finding == nil)
    #expect(state.count == 0)
  }

  // Seen to fail with `sleeping` returned whole.
  @Test mutating func wakesAsManyAsThereAreCountsFor() {
    var state = SemaphoreState(initial: 0, isBounded: false)
    state.sleeping = 3
    #expect(state.release(2, by: 0, &holdings) == .success(2))
    #expect(state.release(2, by: 0, &holdings) == .success(1))
    #expect(state.release(2, by: 0, &holdings) == .success(0))
  }
}
