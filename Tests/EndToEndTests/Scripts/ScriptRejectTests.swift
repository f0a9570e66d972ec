#if Lua
  import Testing

  /// `q:reject`: an item is given up without a death.
  @Suite(.serialized) struct ScriptRejectTests {
    /// Seen to fail: no such call; rejected items finished with those before them and counted twice.
    @Test(arguments: ["for x in input:items() do", "while true do local x = input:get() if x == nil then break end"])
    func rejectedItemsAreDeadLettersAndTheOthersAreNot(loop: String) throws {
      let outcome = try World.run(
        topology: """
          queues:
            jobs: {type: int64, dead_letter: dead}
            dead: {capacity: 1}
            done:
          processes:
            source: {task: range, with: {stop: 1000}, out: jobs}
            work:
              replicas: 2
              in: jobs
              out: done
              script: |
                \(loop)
                  if x % 100 == 7 then assert(input:reject("no " .. x)) else output:put(x) end
                end
            bad: {task: sort, in: dead}
            good: {task: sum, in: done}
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let bad = stride(from: 7, to: 1000, by: 100).map { $0 }
      #expect(outcome.lines.contains("\(999 * 500 - bad.reduce(0, +))"), "\(outcome.lines)")
      #expect(outcome.lines.filter { Int($0) != nil && Int($0)! < 1000 } == bad.map { "\($0)" })
      #expect(
        (outcome.text + outcome.errors).contains("rejected the item 307 of 'jobs': no 307; it is in 'dead' now"),
        "\(outcome.text)")
    }

    /// Seen to fail: exit 0, and no word of it.
    @Test(arguments: [
      ("jobs: ", "declare a dead_letter queue"),
      ("jobs: {dead_letter: dead}\n  dead: {bytes: 1}", "is larger than 'dead' takes (bytes: 1)"),
    ])
    func withoutAPlaceTheItemIsLostAndTheRunFails(queues: String, help: String) throws {
      let reader = queues.contains("dead:") ? "\n  d: {task: discard, in: dead}" : ""
      let outcome = try World.run(
        topology: """
          queues:
            \(queues)
          processes:
            source: {task: range, with: {start: 1000, stop: 1003}, out: jobs}
            work:
              in: jobs
              script: |
                for x in input:items() do
                  if x == 1001 then input:reject() else print(x) end
                end\(reader)
          """)
      #expect(outcome.status == 1, "\(outcome)")
      #expect(outcome.lines.contains("1000") && outcome.lines.contains("1002"), "\(outcome.lines)")
      #expect(
        (outcome.text + outcome.errors).contains("rejected the item 1001 of 'jobs'; it is lost"), "\(outcome.text)")
      #expect((outcome.text + outcome.errors).contains(help), "\(outcome.text)")
    }

    /// Seen to fail: an item acknowledged and given up.
    @Test func misuseRaisesAndAFullQueueIsTold() throws {
      let outcome = try World.run(
        topology: """
          queues: {jobs: {dead_letter: dead}, dead: {capacity: 1, on_full: fail}, lone: {dead_letter: slow}, slow: 1}
          events: [go]
          processes:
            source: {task: range, with: {stop: 3}, out: [jobs, lone]}
            work:
              in: {jobs: jobs, lone: lone}
              use: go
              script: |
                HELPERS
                raises("'reject' without an item: get one from 'jobs' first", jobs.reject, jobs)
                jobs:get()
                raises("the reason of 'reject' is a text, not 5", jobs.reject, jobs, 5)
                raises("a time%-out", jobs.reject, jobs, 'x', -1)
                print(jobs:reject('a'))
                raises("without an item", jobs.reject, jobs)
                jobs:get() jobs:ack()
                raises("without an item", jobs.reject, jobs)
                jobs:get()
                print(jobs:reject('b'))
                lone:get() assert(lone:reject()) lone:get()
                print(lone:reject(nil, 0.01))
                go:set()
                print(lone:reject(nil, 20))
            dead: {script: "go:wait() sleep(0.1) for x in input:items() do end", in: dead, use: go}
            slow: {script: "go:wait() for x in input:items() do print('slow', x) end", in: slow, use: go}
          """)
      #expect(outcome.status == 0, "\(outcome)")
      let own = outcome.lines.filter { !$0.contains("slow") && !$0.contains("rejected") }
      #expect(own == ["true", "nil\tfull", "nil\ttimeout", "true"], "\(outcome.lines)")
      #expect(outcome.lines.contains("slow\t0") && outcome.lines.contains("slow\t1"))
    }
  }
#endif
