import Sharing
import Testing

@Suite struct QueueTests {
  /// Seen to fail: where a batch goes one record too far, an item of each is lost.
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

  /// Seen to fail: the mark where the rest of the ring's end is skipped left out.
  @Test func ringWrapsManyTimesWithoutLoss() throws {
    let fixture = try Fixture(queueOf: 100, byteCount: 3000)
    var sent = 0
    var received = 0
    while received < 20_000 {
      let texts = (sent..<(sent + 7)).map { "\($0)" + String(repeating: "-", count: ($0 * 31) % 300) }
      if case .done(let records) = fixture.put(texts) { sent += records }
      if let texts = fixture.takeTexts() {
        for text in texts {
          try #require(text.prefix { $0 != "-" } == "\(received)")
          received += 1
        }
        fixture.finish()
      }
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

  /// Seen to fail: readers that have ended taken for alive until the queue is closed.
  @Test func writingEndsWhenAllReadersEnded() throws {
    let fixture = try Fixture()
    fixture.arena.endForGood(0, failed: false)
    guard case .readersEnded(failed: false) = fixture.put(["a"]) else { return #expect(Bool(false)) }
  }
}
