#if Lua
  import Testing

  /// What must hold for queues and pipes between processes.
  @Suite(.serialized) struct StreamCases {
    /// Seen to fail: items that came back go out behind new ones.
    @Test func itemsOfEachProducerArriveInItsOrder() throws {
      let outcome = try World.run(
        topology: """
          queues: {items: 16}
          processes:
            puts:
              replicas: 4
              script: for i = 1, 500 do output:put{process.replica, i} end
              out: items
            gets:
              script: |
                local last, count = {0, 0, 0, 0}, 0
                for x in input:items() do
                  assert(x[2] == last[x[1]] + 1, "not the next one")
                  last[x[1]] = x[2]
                  count = count + 1
                  -- What it has taken and not begun goes back for that time.
                  if count % 40 == 0 then sleep(0.001) end
                end
                print(count)
              in: items
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["2000"])
    }

    /// Seen to fail where a get that may not wait does not look.
    @Test func aPutThatReturnedIsVisibleToEveryone() throws {
      let outcome = try World.run(
        topology: """
          queues: [items]
          barriers: {turn: 2}
          processes:
            puts:
              script: for i = 1, 200 do output:put(i) turn:wait() turn:wait() end
              out: items
              use: turn
            gets:
              script: |
                for i = 1, 200 do
                  turn:wait()
                  assert(input:size() == 1 and input:get(0) == i and input:size() == 0)
                  turn:wait()
                end
                print("seen at once")
              in: items
              use: turn
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["seen at once"])
    }

    /// Seen to fail where an item is bounded by something else than the queue's `bytes`.
    @Test func anItemOf64MiBArrivesWholeOrIsRefusedWithItsLimit() throws {
      let outcome = try World.run(
        topology: """
          queues:
            large: {bytes: 65MiB}
            small: {bytes: 63MiB}
          processes:
            puts:
              script: |
                local text = ("0123456789abcdef"):rep(1 << 22)
                print(select(2, pcall(small.put, small, text)))
                assert(small:put("next") and large:put{text, text:byte(-1)})
              out: {large: large, small: small}
            gets:
              script: |
                local item = large:get()
                assert(item[1] == ("0123456789abcdef"):rep(1 << 22) and item[2] == ("f"):byte())
                print(#item[1], small:get())
              in: {large: large, small: small}
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines.contains("67108864\tnext"), "\(outcome.text.prefix(2000))")
      #expect(outcome.text.contains("larger than 'small' takes (bytes: 66060288); raise its 'bytes'"))
    }

    /// The reader starts when the producer has ended. Seen to fail where a script's end waits for its items to be taken.
    @Test func anItemLeftInAQueueDoesNotKeepItsProducerAlive() throws {
      let outcome = try World.run(
        topology: """
          queues: {items: {bytes: 17MiB}}
          processes:
            puts: {script: "output:put(('x'):rep(1 << 24))", out: items}
            gets:
              script: print(#input:get())
              in: items
              depends_on: {puts: {condition: completed_successfully}}
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["16777216"])
    }

    /// Seen to fail where a message is cut at 8 MiB.
    @Test func sixteenMiBAreEchoedIntactOverAPipe() throws {
      let outcome = try World.run(
        topology: """
          pipes: {p: {bytes: 17MiB}}
          processes:
            asks:
              script: |
                for _, count in ipairs{0, 1, 1 << 20, 1 << 20} do
                  local text = ("0123456789abcdef"):rep(count)
                  assert(p:send(text) and p:receive() == text)
                end
                p:close()
                print("intact")
              use: {p: p.a}
            echoes:
              script: |
                while true do
                  local text, why = p:receive()
                  if not text then assert(why == "closed") break end
                  assert(p:send(text))
                end
              use: {p: p.b}
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["intact"])
    }

    /// Others' ends wake it too, for nothing. Seen to fail: a stop taken for a death; a wake-up taken for a message.
    @Test func signalsInTheMiddleOfAReceiveDoNoHarm() throws {
      let outcome = try World.run(
        topology: """
          values: {pid: int64}
          pipes: {p: simplex}
          processes:
            receives:
              script: |
                pid:set(process.pid)
                for i = 1, 10 do assert(input:receive() == i) end
                print(input:receive())
              in: p
              use: pid
            ends: {script: "sleep(0.08 * process.replica)", replicas: 6}
            sends:
              script: |
                while pid:get() == 0 do sleep(0.01) end
                for i = 1, 10 do
                  sleep(0.02)
                  os.execute(("kill -STOP PID; sleep 0.03; kill -CONT PID; kill -WINCH PID"):gsub("PID", pid:get()))
                  output:send(i)
                end
              out: p
              use: pid
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines == ["nil\tclosed"])
    }
  }
#endif
