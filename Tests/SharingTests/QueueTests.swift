import Sharing
import Testing

/// More is copied by a call, at each put and take: seen to cost scripts a tenth of their items.
@Test func itsStateIsCopiedInLine() { #expect(MemoryLayout<QueueState>.size <= 128) }

@Suite struct QueueTests {
  /// More is copied by a call, at each put and take: seen to cost scripts a tenth of their items.
  @Test func itsStateIsCopiedInLine() { #expect(MemoryLayout<QueueState>.size <= 128) }

  /// Seen to fail: where a batch goes one record too far, an item of each is lost; what is finished not counted.
  @Test func itemsArriveInOrderAndWhole() throws {
    let fixture = try Fixture()
    let sent = (0..<500).map { "item \($0) " + String(repeating: "x", count: $0 % 97) }
    fixture.put(sent)
    var received: [String] = []
    while let texts = fixture.takeTexts() {
      received += texts
      fixture.finish()
    }
    #expect(received == sent)
    let report = try #require(fixture.arena.queueReport(0))
    #expect(report.puts == 500 && report.takes == 500 && report.finished == 500)
  }

  /// Seen to fail: one item over the capacity.
  @Test func capacityIsExact() throws {
    let fixture = try Fixture(queueOf: 3)
    guard case .done(let records) = fixture.put(["a", "b", "c", "d"]) else { return #expect(Bool(false)) }
    #expect(records == 3)
    #expect(fixture.queue.count == 3)
  }

  /// Seen to fail: each item's bytes compared with the bound, not their sum.
  @Test func bytesAreBoundedTogether() throws {
    let fixture = try Fixture(byteCount: 10)
    guard case .done(let records) = fixture.put(["12345", "12345", "1"]) else { return #expect(Bool(false)) }
    #expect(records == 2)
  }

  /// Seen to fail: unfinished items counted against the capacity.
  @Test func itemTakenMakesRoomBeforeItIsFinished() throws {
    let fixture = try Fixture(queueOf: 1)
    fixture.put(["a"])
    #expect(fixture.takeTexts() == ["a"])
    guard case .done(1) = fixture.put(["b"]) else { return #expect(Bool(false), "a taken item takes no room") }
  }

  /// Seen to fail: the mark where the rest of the ring's end is skipped left out; bytes of taken items never free
  /// again.
  @Test func ringWrapsManyTimesWithoutLoss() throws {
    let fixture = try Fixture(queueOf: 100, byteCount: 3000)
    var sent = 0
    var received = 0
    while received < 20_000 {
      let before = (sent, received)
      let texts = (sent..<(sent + 7)).map { "\($0)" + String(repeating: "-", count: ($0 * 31) % 300) }
      if case .done(let records) = fixture.put(texts) { sent += records }
      if let texts = fixture.takeTexts() {
        for text in texts {
          try #require(text.prefix { $0 != "-" } == "\(received)")
          received += 1
        }
        fixture.finish()
      }
      try #require((sent, received) != before)
    }
  }

  /// Seen to fail: the oldest dropped instead; what was dropped not counted.
  @Test func dropNewKeepsTheOldAndCounts() throws {
    let fixture = try Fixture(queueOf: 2, whenFull: .dropNew)
    fixture.put(["a", "b"])
    fixture.put(["c"])
    #expect(fixture.arena.queueReport(0)?.droppedNew == 1)
    #expect(fixture.takeTexts(0, .exactly(2, orFewer: true)) == ["a", "b"])
  }

  /// Seen to fail: the newest dropped instead; what was dropped counted as taken.
  @Test func dropOldKeepsTheNewAndCounts() throws {
    let fixture = try Fixture(queueOf: 2, whenFull: .dropOld)
    fixture.put(["a", "b"])
    fixture.put(["c"])
    #expect(fixture.arena.queueReport(0)?.droppedOld == 1)
    #expect(fixture.takeTexts(0, .exactly(2, orFewer: true)) == ["b", "c"])
  }

  /// Seen to fail: `fail` treated like `block`.
  @Test func failSaysFull() throws {
    let fixture = try Fixture(queueOf: 1, whenFull: .fail)
    fixture.put(["a"])
    guard case .full(resource: 0) = fixture.put(["b"]) else { return #expect(Bool(false)) }
  }

  /// Seen to fail: closed at the end of the first writer; a writer's failure forgotten.
  @Test func endIsSeenWhenTheLastWriterEndedAndAllIsDrained() throws {
    let fixture = try Fixture(writers: 2)
    fixture.put(["a"])
    fixture.arena.endForGood(1, failed: false)
    #expect(fixture.takeTexts() == ["a"])
    fixture.finish()
    guard case .empty = fixture.take() else { return #expect(Bool(false), "a writer lives") }
    fixture.arena.endForGood(2, failed: true)
    guard case .ended(failed: true) = fixture.take() else { return #expect(Bool(false)) }
  }

  /// Seen to fail: drained as soon as all is taken, finished or not.
  @Test func endIsNotSeenWhileAnItemIsTakenElsewhere() throws {
    let fixture = try Fixture(readers: 2)
    fixture.put(["a"])
    #expect(fixture.takeTexts(0) == ["a"])
    fixture.arena.endForGood(2, failed: false)
    guard case .empty = fixture.take(1) else { return #expect(Bool(false)) }
    fixture.finish(0)
    guard case .ended(failed: false) = fixture.take(1) else { return #expect(Bool(false)) }
  }

  /// Seen to fail: readers that have ended taken for alive until the queue is closed; a failure forgotten.
  @Test(arguments: [false, true]) func writingEndsWhenAllReadersEnded(failed: Bool) throws {
    let fixture = try Fixture()
    fixture.arena.endForGood(0, failed: failed)
    guard case .readersEnded(failed) = fixture.put(["a"]) else { return #expect(Bool(false)) }
  }

  /// Seen to fail: more waited for than there is room for.
  @Test func anExactNumberIsWhatTheQueueHoldsAtMost() throws {
    let fixture = try Fixture(queueOf: 2)
    fixture.put(["a"])
    guard case .empty = fixture.take(0, .exactly(5, orFewer: false)) else { return #expect(Bool(false), "too few") }
    fixture.put(["b"])
    #expect(fixture.takeTexts(0, .exactly(5, orFewer: false)) == ["a", "b"])
    fixture.finish()
    fixture.put(["c"])
    fixture.arena.endForGood(1, failed: false)
    #expect(fixture.takeTexts(0, .exactly(5, orFewer: false)) == ["c"], "no more will come")
  }

  /// Seen to fail: less, where each item's head takes more room than its payload.
  @Test func itHoldsAsManySmallItemsAsItSays() throws {
    let fixture = try Fixture(queueOf: 20_000, byteCount: 1 << 14)
    guard case .done(let records) = fixture.put(Array(repeating: "x", count: 20_000)) else {
      return #expect(Bool(false))
    }
    #expect(records == 1 << 14)
  }

  /// Seen to fail: given back as if nobody had taken later ones, and an item came twice.
  @Test func whatIsGivenBackComesOnceThoughOthersHaveTakenLaterItems() throws {
    let fixture = try Fixture(readers: 2)
    fixture.put(["a", "b", "c", "d", "e"])
    #expect(fixture.takeTexts(0, .exactly(3, orFewer: false)) == ["a", "b", "c"])
    #expect(fixture.takeTexts(1, .exactly(1, orFewer: false)) == ["d"])
    // Behind "a", a record of 8 bytes.
    #expect(fixture.reader(0).giveBackRest(behind: fixture.reader(0).lease.from + 8, keeping: 1) == 2)
    fixture.finish(1)
    #expect(fixture.takeTexts(1, .exactly(2, orFewer: false)) == ["b", "c"])
    fixture.finish(1)
    #expect(fixture.takeTexts(1, .exactly(1, orFewer: false)) == ["e"])
  }

  /// Seen to fail: still counted as taken.
  @Test func whatIsGivenBackIsAsIfItHadNotBeenTaken() throws {
    let fixture = try Fixture()
    fixture.put(["a", "b", "c"])
    #expect(fixture.takeTexts(0, .exactly(3, orFewer: false)) == ["a", "b", "c"])
    #expect(fixture.reader(0).giveBackRest(behind: fixture.reader(0).lease.from + 8, keeping: 1) == 2)
    let report = try #require(fixture.arena.queueReport(0))
    #expect(report.items == 2 && report.bytes == 2 && report.takes == 1)
  }
}

/// Queues whose readers write them too, or whose other side is outside of the topology.
@Suite struct QueueEndTests {
  private func arena(_ queue: ArenaPlan.Queue) throws -> Arena {
    var plan = ArenaPlan()
    plan.workers = (0..<2).map { _ in ArenaPlan.Worker(group: 0) }
    plan.resources = [.queue(queue)]
    return try Arena(plan, name: "test")
  }

  private func waits(_ reader: QueueReader, unlimited isWaitUnlimited: Bool = true) -> Bool {
    let take = reader.take(.share, willSleep: true, isWaitUnlimited: isWaitUnlimited)
    if case .empty = take { return true }
    return false
  }

  /// Seen to fail: it did not end.
  @Test func whereAllWritersWaitToReadAndNothingIsLeftItEnds() throws {
    let arena = try arena(
      ArenaPlan.Queue(
        capacity: 8, byteCount: 64, format: .fixed(byteCount: 8), readers: [0, 1], writers: [0, 1]))
    let readers = (0..<2).map { arena.queueReader(0, worker: $0)! }
    #expect(waits(readers[0]))
    // A time-out lets it go on and write.
    #expect(waits(readers[1], unlimited: false))
    #expect(!readers[0].isClosed)
    guard
      case .ended(failed: false) = readers[1].take(
        .share, willSleep: true, isWaitUnlimited: true)
    else { return #expect(Bool(false), "nobody is left who could write") }
  }

  /// Seen to fail: only the declared sides counted.
  @Test func whatTheOutsideTakesPartInDoesNotEndByItself() throws {
    let arena = try arena(
      ArenaPlan.Queue(
        capacity: 8, byteCount: 64, format: .fixed(byteCount: 8), isExternal: true, readers: [0], writers: [1]))
    for worker in 0..<2 { arena.endForGood(worker, failed: false) }
    let report = try #require(arena.queueReport(0))
    #expect(!report.isClosed && report.liveReaders == 0 && report.liveWriters == 0)
    guard case .live = arena.queueWriter(0, worker: 1)!.readers else { return #expect(Bool(false)) }
  }

  /// Seen to fail: not told of the end.
  @Test func aDeadLetterQueueEndsWithTheQueueThatItServes() throws {
    let fixture = try Fixture(readers: 2, deadLetters: true)
    fixture.arena.endForGood(0, failed: false)
    #expect(fixture.arena.queueReport(1)?.isClosed == false)
    fixture.arena.endForGood(1, failed: false)
    #expect(fixture.arena.queueReport(1)?.isClosed == true)
  }
}
