import Testing

@testable import Sharing

/// Who is woken for what: nobody sleeps beside what it could take.
@Suite struct WakeTests {
  private func sleeps(_ fixture: Fixture, _ reader: Int, _ amount: QueueReader.Amount) -> Bool {
    let take = fixture.reader(reader).take(amount, willSleep: true, isWaitUnlimited: true)
    if case .empty = take { return true }
    return false
  }

  /// The one that is woken may want more than is there.
  /// Seen to fail: one woken, who slept on, beside one that would have taken it.
  @Test func whoWantsSeveralItemsKeepsNoWakeUpFromOthers() throws {
    let fixture = try Fixture(readers: 3)
    #expect(sleeps(fixture, 0, .exactly(5, orFewer: false)))
    #expect(sleeps(fixture, 1, .share))
    #expect(sleeps(fixture, 2, .share))
    fixture.put(["a"])
    // One of those that take whatever there is, and all of the others, which sleep elsewhere.
    let state = fixture.queue.cell.snapshot()
    #expect(state.sleepingReaders == 1 && !state.hasSleepingGatherers)
    #expect(fixture.takeTexts(1) == ["a"])
  }

  /// Seen to fail: who waits for more than has room woken by nobody.
  @Test func whoWaitsForMoreThanHasRoomIsWokenByTheRefusedWriter() throws {
    let fixture = try Fixture(byteCount: 10, readers: 1)
    fixture.put(["1234"])
    #expect(sleeps(fixture, 0, .exactly(5, orFewer: false)))
    fixture.put(["1234"])
    #expect(sleeps(fixture, 0, .exactly(5, orFewer: false)), "there is room still")
    guard case .timedOut = fixture.put(["1234"]) else { return #expect(Bool(false)) }
    #expect(!fixture.queue.cell.snapshot().hasSleepingGatherers)
    #expect(fixture.takeTexts(0, .exactly(5, orFewer: false)) == ["1234", "1234"])
    fixture.finish()
    fixture.put(["1234"])
    guard case .empty = fixture.take(0, .exactly(5, orFewer: false)) else {
      return #expect(Bool(false), "there is room again")
    }
  }

  /// Whatever the writer does about it that it finds no room.
  /// Seen to fail: only a writer that waits counted.
  @Test(arguments: [ArenaPlan.WhenFull.block, .dropNew, .dropOld, .fail])
  func everyPolicyEndsAWaitForMoreThanHasRoom(_ whenFull: ArenaPlan.WhenFull) throws {
    let fixture = try Fixture(byteCount: 10, whenFull: whenFull)
    #expect(sleeps(fixture, 0, .exactly(5, orFewer: false)))
    for text in ["1234", "5678", "9012"] { fixture.put([text]) }
    #expect(
      fixture.takeTexts(0, .exactly(5, orFewer: false))
        == (whenFull == .dropOld ? ["5678", "9012"] : ["1234", "5678"]))
  }

  /// Seen to fail: told as what never ends, though its readers take what is there.
  @Test func aWaitThatItsQueueCantMeetIsNotInVain() throws {
    let fixture = try Fixture(byteCount: 10)
    let wait = WorkerEntry.PublishedWait(
      on: .read(resource: 0), since: 0, isTimed: false, epoch: 1, need: .items(5))
    fixture.put(["1234", "1234"])
    #expect(fixture.arena.isUnmet(wait, of: 0))
    fixture.put(["1234"])
    #expect(!fixture.arena.isUnmet(wait, of: 0))
  }
}
