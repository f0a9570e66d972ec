import Platform
import Testing

@testable import Sharing

/// Each call that is wrong is an error where it is made, and changes nothing.
@Suite struct PrimitiveMisuseTests {
  private func arena(_ resources: ArenaPlan.Resource...) throws -> Arena {
    var plan = ArenaPlan()
    plan.workers = [ArenaPlan.Worker(group: 0), ArenaPlan.Worker(group: 1)]
    plan.resources = resources
    return try Arena(plan, name: "test")
  }

  // Seen to fail with the holder not compared.
  @Test(arguments: [true, false]) func releasingWhatAnotherHoldsIsMisuse(isRecursive: Bool) throws {
    let arena = try arena(.lock(isRecursive: isRecursive))
    try arena.lock(0, worker: 0)!.acquire()
    let misuse = #expect(throws: SharedLock.Misuse.self) { try arena.lock(0, worker: 1)!.release() }
    #expect(misuse?.reason == .notHeld)
    #expect(arena.lockReport(0)?.holder == 0)
  }

  // Seen to fail with one over the bound let through.
  @Test func overReleaseOfABoundedSemaphoreIsMisuse() throws {
    let arena = try arena(.semaphore(initial: 1, isBounded: true, users: [0]))
    let semaphore = try #require(arena.semaphore(0, worker: 0))
    #expect(throws: SharedSemaphore.Misuse.overReleased(bound: 1)) { try semaphore.release() }
    #expect(semaphore.acquire(until: 0))
    try semaphore.release()
    #expect(semaphore.count == 1)
  }

  // Seen to fail with the look at the lock left out of `notify`.
  @Test func conditionIsForItsLocksHolder() throws {
    let arena = try arena(.lock(isRecursive: false), .condition(lock: 0, users: [0, 1]))
    let condition = try #require(arena.condition(1, worker: 0))
    try arena.lock(0, worker: 1)!.acquire()
    #expect(throws: SharedLock.Misuse.self) { try condition.wait() }
    #expect(throws: SharedLock.Misuse.self) { try condition.wait { false } }
    #expect(throws: SharedLock.Misuse.self) { try condition.notify() }
    #expect(throws: SharedLock.Misuse.self) { try condition.notifyAll() }
  }
}

@Suite struct ConditionWaitTests {
  private func condition(isRecursive: Bool) throws -> (Arena, SharedCondition) {
    var plan = ArenaPlan()
    plan.workers = [ArenaPlan.Worker(group: 0), ArenaPlan.Worker(group: 1)]
    plan.resources = [.lock(isRecursive: isRecursive), .condition(lock: 0, users: [0, 1])]
    let arena = try Arena(plan, name: "test")
    return (arena, try #require(arena.condition(1, worker: 0)))
  }

  // Seen to fail with a depth of 1 after the wait.
  @Test func recursiveLockIsHeldAsOftenAfterAWait() throws {
    let (arena, condition) = try condition(isRecursive: true)
    for _ in 0..<3 { try condition.lock.acquire() }
    #expect(try condition.wait(until: 1) == .init(isNotified: false, isLockRecovered: false))
    #expect(arena.lockReport(0)?.depth == 3)
    for _ in 0..<3 { try condition.lock.release() }
    #expect(arena.lockReport(0)?.holder == nil)
  }

  // Seen to fail with the predicate not asked again at the end, and with a deadline 5 ms too early.
  @Test func falsePredicateGivesFalseNoEarlierThanItsTime() throws {
    let (arena, condition) = try condition(isRecursive: false)
    try condition.lock.acquire()
    let deadline = MonotonicClock.now + 10_000_000
    var asked = 0
    let answer = try condition.wait(until: deadline) {
      asked += 1
      return false
    }
    #expect(!answer && asked == 2 && MonotonicClock.now >= deadline)
    #expect(arena.lockReport(0)?.holder == 0)
  }

  // Seen to fail with a wait before the predicate is asked.
  @Test func truePredicateDoesNotWait() throws {
    let (arena, condition) = try condition(isRecursive: false)
    try condition.lock.acquire()
    let epoch = arena.entry(0).wait.epoch
    #expect(try condition.wait(until: MonotonicClock.now + 1_000_000) { true })
    #expect(arena.entry(0).wait.epoch == epoch)
    #expect(arena.lockReport(0)?.holder == 0)
  }
}
