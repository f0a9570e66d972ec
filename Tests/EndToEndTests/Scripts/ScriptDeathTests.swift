#if Lua
  import Testing

  /// What a killed script held, waited for or was expected at.
  @Suite(.serialized) struct ScriptDeathTests {
    /// Seen to fail: where the scavenger passes over locks, the next one waits for ever.
    @Test func theNextHolderOfADeadOnesLockIsToldAndTheLogNamesBoth() throws {
      let outcome = try World.run(
        topology: """
          locks: {ledger: {recursive: true}}
          events: {held: false}
          processes:
            dies:
              script: |
                ledger:acquire() ledger:acquire()
                held:set()
                sleep(0.2)
                os.execute("kill -9 " .. process.pid)
              use: [ledger, held]
            goes-on:
              script: |
                held:wait()
                print(ledger:with(function(recovered) return recovered end))
                print(ledger:acquire())
              use: [ledger, held]
          """)
      #expect(outcome.status == 1)
      #expect(outcome.lines == ["true", "true"], "\(outcome.text)")
      #expect(outcome.errors.contains("lock 'ledger' was held by 'dies-1'"), "\(outcome.errors)")
    }

    /// Seen to fail: where a repair leaves holdings as they are.
    @Test func aDeadTakersCountsReturn() throws {
      let outcome = try World.run(
        topology: """
          semaphores: {slots: 3, signal: {initial: 1, bounded: false}}
          events: {taken: false}
          processes:
            dies:
              script: |
                slots:acquire() slots:acquire() slots:acquire() slots:release() slots:acquire()
                signal:acquire()
                taken:set()
                sleep(0.2)
                os.execute("kill -9 " .. process.pid)
              use: [slots, signal, taken]
            goes-on:
              script: |
                taken:wait()
                print(slots:acquire(), slots:count(), signal:count())
              use: [slots, signal, taken]
          """)
      #expect(outcome.status == 1)
      #expect(outcome.lines == ["true\t2\t0"], "\(outcome.text)")
      #expect(
        outcome.errors.contains("3 counts that 'dies-1' had taken and not given back when it ended went back to"),
        "\(outcome.errors)")
    }

    /// Seen to fail: where a dead waiter's place is kept, it takes the notification.
    @Test(arguments: [0.0, 0.5]) func aDeadWaiterTakesNoNotificationFromTheLiving(pause: Double) throws {
      let outcome = try World.run(
        topology: """
          locks: [ledger]
          conditions: {changed: ledger}
          values: {waiting: int64, first: int64}
          processes:
            dies:
              script: |
                ledger:acquire()
                first:set(process.pid)
                waiting:set(1)
                changed:wait()
              use: [ledger, changed, first, waiting]
            lives:
              script: |
                while waiting:get() < 1 do sleep(0.002) end
                ledger:acquire()
                waiting:set(2)
                print(changed:wait())
              use: [ledger, changed, waiting]
            notifier:
              script: |
                while waiting:get() < 2 do sleep(0.002) end
                ledger:acquire()
                os.execute("kill -9 " .. first:get())
                sleep(\(pause))
                changed:notify()
              use: [ledger, changed, waiting, first]
          """)
      #expect(outcome.status == 1)
      // The notifier's end frees the lock that it holds, and the waiter is told.
      #expect(outcome.lines == ["true\trecovered"], "\(outcome.text) \(outcome.errors)")
      #expect(outcome.errors.contains("dies-1") && outcome.errors.contains("signal 9"), "\(outcome.errors)")
    }

    /// Seen to fail: where an end for good breaks no barrier, the others wait for ever.
    @Test func aBarrierThatWaitsForADeadPartyBreaksAndNamesIt() throws {
      let outcome = try World.run(
        topology: """
          barriers: {meet: 3}
          processes:
            dies:
              script: |
                repeat sleep(0.005) until meet:waiting() == 2
                os.execute("kill -9 " .. process.pid)
              use: meet
            party:
              replicas: 2
              script: print(meet:wait())
              use: meet
          """)
      #expect(outcome.status == 1)
      #expect(outcome.lines == ["nil\tbroken", "nil\tbroken"], "\(outcome.text)")
      #expect(
        outcome.errors.contains(
          "barrier 'meet' is broken: 'dies-1' has ended and will not come; 2 parties waited for it"),
        "\(outcome.errors)")
    }

    /// Seen to fail: where a death alone breaks the barrier.
    @Test func aBarrierWaitsForAPartyThatIsStartedAgain() throws {
      let outcome = try World.run(
        topology: """
          barriers: {meet: 3}
          values: {lives: int64}
          processes:
            dies:
              restart: on-failure
              script: |
                if lives:add(1) == 1 then
                  repeat sleep(0.005) until meet:waiting() == 2
                  os.execute("kill -9 " .. process.pid)
                end
                assert(meet:wait())
              use: [meet, lives]
            party:
              replicas: 2
              script: print(meet:wait() ~= nil)
              use: meet
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["true", "true"], "\(outcome.text)")
    }
  }
#endif
