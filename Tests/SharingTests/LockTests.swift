import Sharing
import Testing

@Suite struct LockTests {
  private func arena(recursive: Bool) throws -> Arena {
    var plan = ArenaPlan()
    plan.workers = [ArenaPlan.Worker(group: 0), ArenaPlan.Worker(group: 1)]
    plan.resources = [.lock(isRecursive: recursive)]
    return try Arena(plan, name: "test")
  }

  /// Seen to fail: every lock counts like a recursive one.
  @Test func acquiringAPlainLockTwiceIsMisuse() throws {
    let arena = try arena(recursive: false)
    try arena.lock(0, worker: 0)!.acquire()
    #expect(throws: SharedLock.Misuse.self) { try arena.lock(0, worker: 0)!.acquire() }
  }

  /// Seen to fail: freed by the last release but one.
  @Test func recursiveLockNeedsAsManyReleases() throws {
    let arena = try arena(recursive: true)
    let lock = arena.lock(0, worker: 0)!
    try lock.acquire()
    try lock.acquire()
    try lock.release()
    #expect(arena.lockReport(0)?.holder == 0)
    try lock.release()
    #expect(arena.lockReport(0)?.holder == nil)
    #expect(throws: SharedLock.Misuse.self) { try lock.release() }
  }

  /// Seen to fail: taken whoever holds it.
  @Test func heldLockIsNotGivenBeforeTheDeadline() throws {
    let arena = try arena(recursive: false)
    try arena.lock(0, worker: 0)!.acquire()
    // The deadline is long past: it gives up at once, without the lock.
    #expect(try arena.lock(0, worker: 1)!.acquire(until: 1) == .timedOut)
  }

  /// Seen to fail: kept until somebody else waits.
  @Test func whoWaitedForTheLastHolderDoesNotWaitForTheNext() throws {
    let arena = try arena(recursive: false)
    let lock = try #require(arena.lock(0, worker: 0))
    try lock.acquire()
    #expect(try arena.lock(0, worker: 1)!.acquire(until: 1) == .timedOut)
    #expect(arena.lockReport(0)?.awaitedSince != nil)
    try lock.release()
    try lock.acquire()
    #expect(arena.lockReport(0)?.awaitedSince == nil)
  }
}
