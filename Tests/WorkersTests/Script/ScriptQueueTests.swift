#if Lua
  import Sharing
  import Testing
  import Topology
  @testable import Workers

  /// The one rule: a value or true, nil and a reason, or an error; and when an item is finished.
  struct ScriptQueueTests {
    private func fixture(
      _ type: ItemType = .int64, capacity: Int = 64, whenFull: ArenaPlan.WhenFull = .block
    ) throws -> ScriptFixture {
      try ScriptFixture([("q", .queue(type, capacity: capacity, whenFull: whenFull))])
    }

    /// Seen to fail: time-outs a tenth shorter.
    @Test func timeOutsAreNoEarlierThanAsked() throws {
      try fixture(capacity: 1).run(
        """
        local function timed(seconds, f, ...)
          local start = now()
          local value, reason = f(...)
          assert(now() - start >= seconds)
          same(value, nil) same(reason, "timeout")
        end
        timed(0, q.get, q, 0) timed(0.05, q.get, q, 0.05)
        same(q:put(1), true)
        timed(0, q.put, q, 2, 0) timed(0.05, q.put, q, 2, 0.05)
        timed(0, q.join, q, 0) timed(0.05, q.join, q, 0.05)
        same(q:get(0), 1)
        raises("from 0, not %-1", q.get, q, -1)
        raises("a number, not \\"x\\"", q.get, q, "x")
        """)
    }

    /// Seen to fail: `fail` that says "timeout"; a dropped item told as put; `drop_old` that drops the new.
    @Test func aFullQueueAnswersAsDeclared() throws {
      try fixture(capacity: 1, whenFull: .fail).run(
        "same(q:put(1), true) local v, why = q:put(2) same(v, nil) same(why, 'full') same(q:get(), 1)")
      try fixture(capacity: 1, whenFull: .dropNew).run(
        "same(q:put(1), true) local v, why = q:put(2) same(v, nil) same(why, 'full') same(q:get(), 1)")
      try fixture(capacity: 1, whenFull: .dropOld).run("same(q:put(1), true) same(q:put(2), true) same(q:get(), 2)")
    }

    /// Seen to fail: an `ack` of nothing taken for one.
    @Test func acknowledgingMoreOftenThanGettingIsMisuse() throws {
      try fixture().run(
        """
        for i = 1, 3 do q:put(i) end
        raises("more often", q.ack, q)
        q:get() q:get()
        same(q:ack(), true) same(q:task_done(), true)
        raises("more often", q.ack, q)
        """)
    }

    /// Seen to fail: an item done as soon as it is taken.
    @Test func joinReturnsWhenEveryItemWasDone() throws {
      try fixture().run(
        """
        same(q:join(), true)
        q:put(1) q:put(2)
        q:get()
        same(select(2, q:join(0)), "timeout")
        q:get()
        same(select(2, q:join(0)), "timeout")
        q:ack()
        same(q:join(), true)
        """)
    }

    /// Seen to fail: what the loop has taken and not begun not counted.
    @Test func sizeIsExact() throws {
      try fixture().run(
        """
        for i = 1, 20 do q:put(i) same(q:size(), i) end
        for x in q:items() do
          same(q:size(), 20 - x)
          if x == 7 then break end
        end
        same(q:get(), 8) same(q:size(), 12)
        """)
    }

    /// Seen to fail: a second close counted again; a put that goes on; the end of a writer that had closed counted
    /// again.
    @Test func afterCloseBothSidesAreMisuse() throws {
      let fixture = try fixture()
      try fixture.run(
        """
        q:put(1)
        same(q:close(), true) same(q:close(), true)
        raises("^closed$", q.put, q, 1)
        raises("was closed by this process", q.get, q)
        raises("was closed by this process", function() for _ in q:items() do end end)
        """)
      // The other writer goes on; after its end the stream has ended.
      #expect(fixture.arena.queueReport(0)?.liveWriters == 1)
      fixture.arena.endForGood(0, failed: false)
      #expect(fixture.arena.queueReport(0)?.liveWriters == 1)
      fixture.arena.endForGood(1, failed: false)
      #expect(fixture.arena.queueReport(0)?.isClosed == true)
    }

    /// Seen to fail: always "closed"; always "failed".
    @Test(arguments: [(false, "closed"), (true, "failed")]) func theEndSaysHowTheWritersEnded(
      failed: Bool, reason: String
    ) throws {
      let fixture = try fixture()
      try fixture.run("q:put(1)")
      fixture.arena.endForGood(1, failed: failed)
      fixture.arena.endForGood(0, failed: false)
      try fixture.run(
        """
        same(q:get(), 1)
        for _ = 1, 2 do
          local value, why = q:get()
          same(value, nil) same(why, "\(reason)")
        end
        for _ in q:items() do error("an item behind the end") end
        """)
    }

    /// Seen to fail: nil and a reason given instead.
    @Test func aPutThatNobodyWillReadRaisesClosed() throws {
      let fixture = try fixture()
      for worker in 0...1 { fixture.arena.endForGood(worker, failed: false) }
      try fixture.run("raises('^closed$', q.put, q, 1)")
      do {
        try fixture.run("q:put(1)")
        Issue.record("nothing was raised")
      } catch ScriptState.Failure.closed {}
    }

    // MARK: What a death returns

    private func leased(_ fixture: ScriptFixture) -> Int { fixture.arena.queueReport(0)?.leases.first?.items ?? 0 }

    private func rest(_ fixture: ScriptFixture, of queue: Int = 0) throws -> [Int] {
      var found: [Int] = []
      let reader = fixture.arena.queueReader(queue, worker: 1)!
      while case .taken(let lease) = reader.take(
        .exactly(1000, orFewer: true), willSleep: false, isWaitUnlimited: false)
      {
        var position = lease.from
        for _ in 0..<lease.items {
          let run = reader.ring.run(from: position, to: lease.to, limit: 1)
          found.append(Int(reader.payload(of: run).loadUnaligned(as: Int64.self)))
          position = run.to
        }
        reader.advance(
          InputProgress(
            oldPosition: lease.from, newPosition: lease.to, items: Int(lease.items), oldEmitted: lease.emitted,
            newEmitted: 0))
      }
      return found
    }

    /// Seen to fail: an item finished when it is given.
    @Test(arguments: [1, 2, 5, 9, 40, 100]) func aDeathInALoopReturnsTheItemAndWhatFollows(last: Int) throws {
      let fixture = try fixture(capacity: 200)
      try fixture.run(
        """
        for i = 1, 100 do q:put(i) end
        for x in q:items() do if x == \(last) then break end end
        """)
      _ = fixture.arena.scavenge(0)
      #expect(try rest(fixture) == Array(last...100))
    }

    /// Seen to fail: `ack` finishes only what was before the item.
    @Test func anAcknowledgedItemDoesNotReturn() throws {
      let fixture = try fixture(capacity: 200)
      try fixture.run(
        """
        for i = 1, 100 do q:put(i) end
        for x in q:items() do
          q:ack()
          if x == 60 then break end
        end
        """)
      _ = fixture.arena.scavenge(0)
      #expect(try rest(fixture) == Array(61...100))
    }

    /// Seen to fail: the last item left out at the end.
    @Test func aGoodEndFinishesTheItem() throws {
      let fixture = try fixture(capacity: 200)
      try fixture.run("for i = 1, 100 do q:put(i) end for x in q:items() do if x == 50 then break end end")
      for conclude in fixture.context.conclusions { conclude() }
      #expect(try rest(fixture) == Array(51...100))
    }

    /// Seen to fail: only the end closed.
    @Test func aCloseFinishesTheItemAndGivesBackTheRest() throws {
      let fixture = try fixture(capacity: 200)
      try fixture.run(
        "for i = 1, 100 do q:put(i) end for x in q:items() do if x == 50 then break end end q:close()")
      #expect(try rest(fixture) == Array(51...100))
    }

    /// Seen to fail: the first queue's loop not settled when the second begins.
    @Test func aDeathBetweenTwoQueuesReturnsTheItemOfEach() throws {
      let fixture = try ScriptFixture([("q", .queue(.int64, capacity: 200)), ("r", .queue(.int64, capacity: 200))])
      try fixture.run(
        """
        for i = 1, 100 do q:put(i) r:put(i) end
        for x in q:items() do if x == 40 then break end end
        for x in r:items() do if x == 30 then break end end
        """)
      _ = fixture.arena.scavenge(0)
      #expect(try rest(fixture) == Array(40...100))
      #expect(try rest(fixture, of: 1) == Array(30...100))
    }

    /// Seen to fail: all that was taken with it given up too; one delivery more.
    @Test func onlyTheItemBeingWorkedOnIsGivenUp() throws {
      let fixture = try ScriptFixture([("q", .queue(.int64, capacity: 200, maxDeliveries: 2))])
      try fixture.run("for i = 1, 100 do q:put(i) end")
      for _ in 1...2 {
        fixture.arena.begin(0, processID: 0)
        try ScriptFixture(sharing: fixture).run("for x in q:items() do if x == 30 then break end end")
        _ = fixture.arena.scavenge(0)
      }
      #expect(try rest(fixture) == Array(31...100))
    }

    /// Seen to fail: nothing given back before a wait.
    @Test func whatIsTakenAndNotBegunIsThereForOthersWhileTheScriptWaits() throws {
      let fixture = try fixture(capacity: 200)
      try fixture.run(
        """
        for i = 1, 100 do q:put(i) end
        for x in q:items() do if x == 40 then sleep(0.001) break end end
        """)
      #expect(leased(fixture) == 1)
      #expect(try rest(fixture) == Array(41...100))
    }
  }
#endif
