import Sharing
import Testing

/// Changes of a shared value that are counted in one step with it.
@Suite struct TallyTests {
  private let arena: Arena

  init() throws {
    var plan = ArenaPlan()
    plan.workers = [ArenaPlan.Worker(group: 0), ArenaPlan.Worker(group: 1)]
    plan.resources = [.lock(isRecursive: false), .value(elementByteCount: 4), .value(elementByteCount: 4)]
    arena = try Arena(plan, name: "test")
    arena.entry(0).tally.begin(value: 1, byteCount: 4)
  }

  private func value(_ resource: Int = 1) -> Int32 { arena.elements(resource)!.load(as: Int32.self) }
  private func store(_ value: Int32) { arena.elements(1)!.storeBytes(of: value, as: Int32.self) }

  @Test func countsWithTheStore() {
    let tally = arena.entry(0).tally
    for number in 1...3 { tally.add(storing: UInt64(number)) { store(Int32(number)) } }
    tally.add()
    #expect(tally.count == 4 && value() == 3)
    #expect(arena.scavenge(0).isEmpty)
    #expect(tally.count == 4 && value() == 3)
  }

  /// A death between the intention and the store: the store is never made by the worker. Broken for a trial: the
  /// scavenger finishes no change.
  @Test func aChangeThatWasBegunIsFinishedBeforeItsLockIsFree() throws {
    let tally = arena.entry(0).tally
    try arena.lock(0, worker: 0)!.acquire()
    var seen: UInt64?
    tally.add(storing: UInt64(UInt32(bitPattern: -7))) {
      seen = tally.count
      // As the supervisor finds it.
      #expect(arena.scavenge(0) == [.lockFreed(resource: 0)])
      #expect(value() == -7 && tally.count == 1)
    }
    #expect(seen == 0)
    // Once more changes nothing.
    #expect(arena.scavenge(0).isEmpty)
    #expect(value() == -7 && tally.count == 1 && value(2) == 0)
  }

  @Test func whatAnotherWroteIsNotTrusted() {
    let tally = arena.entry(0).tally
    for resource in [0, 99] {
      tally.begin(value: resource, byteCount: 4)
      tally.add(storing: .max) { _ = arena.scavenge(0) }
    }
    tally.begin(value: 1, byteCount: 8)
    tally.add(storing: .max) { _ = arena.scavenge(0) }
    #expect(value(1) == 0 && value(2) == 0)
  }
}
