import Testing

@testable import Sharing

@Suite struct ReadWriteLockStateTests {
  private var state = ReadWriteLockState()
  private var parties = [ReadWriteParty](repeating: ReadWriteParty(phase: .away), count: 5)

  /// Whether it got it; else it waits.
  private mutating func acquire(_ user: Int, _ mode: ReadWriteLockState.Mode) -> Bool {
    if state.acquire(user, to: mode, &parties) { return true }
    state.beginWait(user, to: mode, &parties)
    return false
  }

  /// Seen to fail: a reader that does not count.
  @Test mutating func manyReadOrOneWrites() {
    #expect(acquire(0, .read) && acquire(1, .read) && !acquire(2, .write))
    #expect(state.release(0, &parties) == [] && state.release(1, &parties) == [2])
    #expect(acquire(2, .write) && !acquire(0, .read) && !acquire(1, .read))
    #expect(state.release(2, &parties) == [0, 1])
  }

  /// Seen to fail: where readers that come go before a writer that waits.
  @Test mutating func whoComesBehindAWriterThatWaitsWaits() {
    #expect(acquire(0, .read) && !acquire(1, .write) && !acquire(2, .read))
    #expect(state.isUnmet(for: 2, parties) && state.wakers(of: 2, parties) == [0, 1])
    // But who reads already reads once more.
    #expect(acquire(0, .read) && state.release(0, &parties) == [])
    #expect(state.giveUp(1, &parties) == [2])
  }

  /// Seen to fail: where a dead waiter keeps its place.
  @Test mutating func theDeadHoldNothingAndWaitForNothing() {
    #expect(acquire(0, .write) && !acquire(1, .write) && !acquire(2, .read))
    #expect(state.repair(after: 1, &parties) == PrimitiveRepair(wokenWords: []))
    #expect(state.repair(after: 0, &parties) == PrimitiveRepair(finding: .freed, wokenWords: [2]))
    #expect(state.isRecovered && acquire(2, .read) && state.isRecovered)
    #expect(state.release(2, &parties) == [] && acquire(3, .write))
    #expect(state.release(3, &parties) == [] && !state.isRecovered)
    #expect(state.release(3, &parties) == nil)
  }

  /// Whatever they do and whoever dies: it is sound, and while it is free and some wait, one of them may go on. Seen to
  /// fail: where `giveUp` tells nobody.
  @Test(arguments: UInt64(1)...50) mutating func nobodyWaitsForAFreeOne(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var woken: Set<Int> = []
    for _ in 0..<2_000 {
      let user = Int.random(in: 0..<5, using: &random)
      let party = parties[user]
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        woken.formUnion(state.repair(after: user, &parties).wokenWords)
        woken.remove(user)
      case 1 where party.isWaiting: woken.formUnion(state.giveUp(user, &parties))
      case 2...4 where party.isHolder: woken.formUnion(state.release(user, &parties) ?? [])
      default:
        if party.isHolder { break }
        let writes = party.isWaiting ? party.phase == .waitsToWrite : Bool.random(using: &random)
        // Who sleeps looks again only where it was woken.
        if party.isWaiting, !woken.contains(user) { break }
        woken.remove(user)
        _ = acquire(user, writes ? .write : .read)
      }
      #expect(state.isSound(parties))
      for user in parties.indices where parties[user].isWaiting && !state.isUnmet(for: user, parties) {
        #expect(woken.contains(user), "\(user) may go on, and nobody has told it")
      }
    }
  }
}
