#if Lua
  import Glibc
  import Testing

  /// Processes that wait for one another for ever: told by name, resource and line, and failed.
  @Suite(.serialized) struct DeadlockTests {
    /// A topology whose processes can't go on, and what is said of them.
    struct Hang: Sendable, CustomTestStringConvertible {
      let name: String
      let topology: String
      let words: [String]
      var testDescription: String { name }
    }

    /// Seen to fail: without the look (`watchForDeadlocks`), none of them ends.
    @Test(arguments: hangs) func isTold(_ hang: Hang) throws {
      let outcome = try World.run(topology: hang.topology)
      #expect(outcome.status == 1, "\(outcome.errors)")
      for words in hang.words { #expect(outcome.errors.contains(words), "\(words) is not in:\n\(outcome.errors)") }
    }

    static let hangs = [
      Hang(
        name: "two locks in opposite order",
        topology: """
          locks: [ledger, audit]
          processes:
            first:
              script: |
                ledger:acquire()
                both:wait()
                audit:acquire()
              use: [ledger, audit, both]
            second:
              script: |
                audit:acquire()
                both:wait()
                ledger:acquire()
              use: [ledger, audit, both]
          barriers: {both: 2}
          """,
        words: [
          "nap.yaml:3:3: error: deadlock: 'first-1' and 'second-1' wait for one another",
          "nap.yaml:7: note: 'first-1' waits for lock 'audit' (",
          "nap.yaml:1:17), which 'second-1' holds (for ",
          "nap.yaml:13: note: 'second-1' waits for lock 'ledger' (", "nap.yaml:1:9), which 'first-1' holds (for ",
          "= help: let all take these locks in the same order",
          "nap.yaml:9:3: error: process 'second-1' is in a deadlock: it waits for lock 'ledger', which 'first-1' holds",
        ]),
      Hang(
        name: "a lock and a queue",
        topology: """
          locks: [ledger]
          queues: [orders]
          processes:
            taker:
              {script: "ledger:acquire() both:wait() orders:get()", in: {orders: orders}, use: [ledger, both]}
            maker:
              {script: "both:wait() ledger:acquire() orders:put(1)", out: {orders: orders}, use: [ledger, both]}
          barriers: {both: 2}
          """,
        words: [
          "'taker-1' waits for an item of queue 'orders' (", "2:10); 'maker-1' puts into it",
          "'maker-1' waits for lock 'ledger' (", "1:9), which 'taker-1' holds",
        ]),
      Hang(
        name: "a ring of full queues",
        topology: """
          queues: {a: 2, b: 2, c: {capacity: 100, bytes: 64}}
          processes:
            x: {script: "while true do b:put(1) b:put(1) a:get() end", in: {a: a}, out: {b: b}}
            y: {script: "while true do c:put(('y'):rep(20)) c:put(('y'):rep(20)) b:get() end", in: {b: b}, out: {c: c}}
            z: {script: "while true do a:put(1) a:put(1) c:get() end", in: {c: c}, out: {a: a}}
          """,
        words: [
          "'x-1', 'y-1' and 'z-1' wait for one another", "which is full (2 of 2 items); 'y-1' takes from it",
          "= help: 'a' takes 2 items: more of them ('capacity: 4') give room",
          "= help: 'b' takes 2 items: more of them ('capacity: 4') give room",
          "= help: 'c' takes 64 bytes: more of them ('bytes: 128') give room",
        ]),
      Hang(
        name: "a consumer and its producer",
        topology: """
          queues: [up, down]
          processes:
            consumer: {script: "up:get() down:put(1)", in: {up: up}, out: {down: down}}
            producer: {script: "down:get() up:put(1)", in: {down: down}, out: {up: up}}
          """,
        words: ["'consumer-1' and 'producer-1' wait for one another"]),
      Hang(
        name: "a barrier whose other party waits elsewhere",
        topology: """
          barriers: {gate: 3}
          events: {go: false}
          processes:
            party: {replicas: 2, script: "gate:wait() go:set()", use: [gate, go]}
            third: {script: "go:wait() gate:wait()", use: [gate, go]}
          """,
        words: [
          "'party-1', 'party-2' and 'third-1' wait for one another",
          "'party-1' waits at barrier 'gate' (", "where 2 of 3 parties have come",
          "'third-1' waits for event 'go' (", "which is not set; 'party-1' and 'party-2' use it",
        ]),
      Hang(
        name: "a condition that nobody can notify",
        topology: """
          locks: [door]
          conditions: {bell: door}
          processes:
            guest: {script: "door:acquire() bell:wait()", use: [door, bell]}
          """,
        words: [
          "'guest-1' waits for what nobody can do any more",
          "'guest-1' waits to be notified at condition 'bell' (", "2:14); nobody else uses it",
        ]),
      Hang(
        name: "an event that nobody can set",
        topology: """
          events: {go: false}
          processes:
            runner: {replicas: 2, script: "go:wait()", use: go}
          """,
        words: ["'runner-1' and 'runner-2' wait for one another", "event 'go' ("]),
      Hang(
        name: "a join of what is never done",
        topology: """
          queues: [work]
          locks: [desk]
          processes:
            boss: {script: "desk:acquire() work:put(1) work:put(2) work:join()", out: {work: work}, use: desk}
            hand: {script: "work:get() desk:acquire()", in: {work: work}, use: desk}
          """,
        words: [
          "'boss-1' waits until all items of queue 'work' (",
          "are finished: 1 that nobody has taken and 1 that 'hand-1' has taken",
        ]),
      Hang(
        name: "a semaphore whose counts are all held",
        topology: """
          semaphores: {slots: 2}
          barriers: {both: 2}
          processes:
            work: {replicas: 2, script: "slots:acquire() both:wait() slots:acquire()", use: [slots, both]}
          """,
        words: ["of which no count is left: 'work-1' holds 1, 'work-2' holds 1"]),
      Hang(
        name: "several pipe ends",
        topology: """
          pipes: {p: {}, q: {}}
          processes:
            hub: {script: "wait{p, q}", use: {p: p.a, q: q.a}}
            one: {script: "p:receive() p:send(1)", use: {p: p.b}}
            two: {script: "q:receive() q:send(1)", use: {q: q.b}}
          """,
        words: ["'hub-1' waits for a message of pipe 'p' (", "pipe 'q' (", "'one-1' and 'two-1' send"]),
      Hang(
        name: "a full pipe",
        topology: """
          pipes: {p: {bytes: 1KiB}}
          processes:
            one: {script: "while true do p:send(('x'):rep(100)) end", use: {p: p.a}}
            two: {script: "while true do p:send(('x'):rep(100)) end", use: {p: p.b}}
          """,
        words: ["'one-1' waits for room in pipe 'p' (", "which is full; 'two-1' takes from it"]),
      Hang(
        name: "a task of a pool",
        topology: """
          locks: [desk]
          pools:
            crew: {size: 2, use: desk, script: "return function(x) desk:acquire() desk:release() return x end"}
          processes:
            caller: {script: "desk:acquire() crew:apply(1)", use: [crew, desk]}
          """,
        words: ["'caller-1' waits for 'crew replies to caller-1'", "lock 'desk' (", "which 'caller-1' holds"]),
      Hang(
        name: "one that has not started",
        topology: """
          queues: [letters]
          processes:
            reader: {script: "letters:get()", in: {letters: letters}}
            writer:
              depends_on: {reader: {condition: completed_successfully}}
              script: letters:put(1)
              out: {letters: letters}
          """,
        words: ["'writer-1' waits to start, for which 'reader-1' would have to end"]),
      Hang(
        name: "one whose line is waited for",
        topology: """
          queues: [letters]
          processes:
            reader: {script: "print('begun') letters:get() print('ready')", in: {letters: letters}, ready_log_line: ready}
            writer:
              depends_on: {reader: {condition: healthy}}
              script: letters:put(1)
              out: {letters: letters}
          """,
        words: [
          "'reader-1' waits for an item of queue 'letters' (",
          "'writer-1' waits to start, for which 'reader-1' would have to print its ready_log_line",
        ]),
      Hang(
        name: "a pool that others call too",
        topology: """
          pools: {p: {size: 2, use: [l], script: "return function(x) if x > 0 then l:with(print) end return x end"}}
          locks: [l]
          processes:
            u: {use: [p, l], script: "l:acquire() p:map({1}) l:release()"}
            other: {use: [p, seen], script: "repeat p:apply(0) until seen:wait(0.1)"}
            end: {depends_on: {u: {condition: completed}}, use: [seen], script: "seen:set()"}
          events: [seen]
          """,
        words: [
          "'u-1' and 'p-", "wait for one another", "'u-1' waits for 'p replies to u-1' (", "waits for lock 'l' (",
          "), which 'u-1' holds",
        ]),
      Hang(
        name: "more items than come",
        topology: """
          queues: {few: 1000, out: 10}
          events: {go: false}
          processes:
            writer: {script: "for _ = 1, 10 do few:put('x') end go:wait()", out: {few: few}, use: go}
            batch: {task: batch, with: {size: 100}, in: few, out: out}
            sink: {script: "lists:get() go:set()", in: {lists: out}, use: go}
          """,
        words: ["'batch-1' waits for 100 items of queue 'few' (", "which has 10; 'writer-1' puts into it"]),
      Hang(
        name: "a turn among instances",
        topology: """
          queues: {a: 2, b: 2}
          processes:
            range: {task: range, with: {start: 0, stop: 1000}, out: a}
            take: {task: take, replicas: 3, with: {count: 500}, in: a, out: b}
            sink: {script: "go:wait()", in: {b: b}, use: go}
          events: {go: false}
          """,
        words: [
          "'sink-1' waits for what nobody can do any more; 'range-1', 'take-1', 'take-2' and 'take-3' behind that"
        ]),
    ]
  }
#endif
