// Seen to fail: where an item is finished when it is given, `script-items` misses one; without "recovered", `script-lock`
// sees half a change, and where no dead holder's lock is freed it is stuck; where counts do not return, so is
// `script-semaphore`; where a dead waiter is not withdrawn, `script-dead-waiter`; where an end for good breaks no barrier,
// `script-barrier`; where an event is its flag alone, `script-event-wait`.

/// A script begins anew in each of its lives: what it did before its death is there, and done again where it is restarted.
extension Scenario {
  static let scripts: [Scenario] = scriptQueues + scriptPipes + scriptLocks + scriptWaits + scriptValues
}

/// What comes out of a run that is killed once: `items`, or one of them twice.
private func withOneTwice(_ items: [String]) -> Scenario.Outcome {
  .either([lines(items)] + items.indices.map { lines(items[...$0] + items[$0...]) })
}

private func withOneMissing(_ items: [String]) -> Scenario.Outcome {
  .either([lines(items)] + items.indices.map { lines(items[..<$0] + items[($0 + 1)...]) })
}

private func beginnings(of items: [String]) -> Scenario.Outcome {
  .either((0...items.count).map { lines(items.prefix($0)) })
}

private func lines(_ items: some Sequence<String>) -> String { items.map { "\($0)\n" }.joined() }

// MARK: Queues and pipes

extension Scenario {
  private static let upToSeven = (1...7).map(String.init)

  fileprivate static let scriptQueues: [Scenario] = [
    Scenario(
      name: "script-put",
      topology: """
        queues: {a: {bytes: 4KiB}}
        processes:
          victim:
            script: |
              for _, x in ipairs{1, "two", {3}} do output:put(x) end
            out: a
          show: {task: print, in: a}
        """,
      victim: "victim", isVictimRestarted: false, outcome: beginnings(of: ["1", "two", "[3]"])),
    Scenario(
      name: "script-put-to-two",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {bytes: 4KiB}}
        processes:
          victim:
            script: |
              for i = 1, 2 do output:put(i) end
            out: [a, b]
          show: {script: "print(a:size(), b:size())", in: {a: a, b: b}}
        """,
      after: ["show"], victim: "victim", isVictimRestarted: false, outcome: .either(["0\t0\n", "1\t1\n", "2\t2\n"])),
    // Seen to fail: where the item goes before it is finished, a letter twice; where its end counts first, one missing.
    Scenario(
      name: "script-reject",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB, dead_letter: d}, d: {bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1, stop: 5}, out: a}
          victim:
            script: |
              for x in input:items() do if x ~= 3 then input:reject() end end
            in: a
          show: {task: print, in: d}
        """,
      before: ["feed"], victim: "victim", outcome: .among(["1", "2", "4"])),
    Scenario(
      name: "script-close",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}}
        processes:
          victim:
            script: |
              output:put(1)
              output:close()
              assert(not pcall(output.put, output, 2))
            out: a
          show: {task: print, in: a}
        """,
      victim: "victim", isVictimRestarted: false, outcome: beginnings(of: ["1"])),
    // More and more at once: one, two, four.
    Scenario(
      name: "script-items", topology: copying("for x in input:items() do output:put(x) end"), before: ["feed"],
      victim: "victim", outcome: withOneTwice(upToSeven)),
    Scenario(
      name: "script-get",
      topology: copying(
        """
        local x = input:get()
        while x do
          output:put(x)
          x = input:get()
        end
        """), before: ["feed"], victim: "victim", outcome: withOneTwice(upToSeven)),
    Scenario(
      name: "script-acknowledge", topology: copying("for x in input:items() do input:ack() output:put(x) end"),
      before: ["feed"], victim: "victim", outcome: withOneMissing(upToSeven)),
    // Before it waits, it gives back what it has not begun.
    Scenario(
      name: "script-give-back", topology: copying("for x in input:items() do output:put(x) sleep(0.0001) end"),
      before: ["feed"], victim: "victim", outcome: withOneTwice(upToSeven)),
    Scenario(
      name: "script-two-inputs",
      topology: """
        queues: {a: {type: int64, bytes: 4KiB}, b: {type: int64, bytes: 4KiB}, c: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1, stop: 8}, out: [a, b]}
          victim:
            script: |
              local more = b:items()
              for x in a:items() do
                output:put(x)
                local y = more(b)
                if y then output:put(10 * y) end
              end
              for y in b:items() do output:put(10 * y) end
            in: {a: a, b: b}
            out: c
          show: {task: print, in: c}
        """,
      before: ["feed"], victim: "victim",
      outcome: .atLeastOnce(upToSeven + upToSeven.map { "\($0)0" })),
  ]

  /// From a queue of 1 to 7 to what is shown.
  private static func copying(_ script: String) -> String {
    """
    queues: {a: {type: int64, bytes: 4KiB}, b: {type: int64, bytes: 4KiB}}
    processes:
      feed: {task: range, with: {start: 1, stop: 8}, out: a}
      victim:
        script: |
    \(script.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n"))
        in: a
        out: b
      show: {task: print, in: b}
    """
  }

  fileprivate static let scriptPipes: [Scenario] = [
    Scenario(
      name: "script-send",
      topology: """
        pipes: {p: {duplex: false, bytes: 4KiB}}
        processes:
          victim:
            script: |
              for _, x in ipairs{1, "", {3}} do assert(output:send(x)) end
            out: p
          show: {script: "for x in function() return input:receive() end do print(type(x)) end", in: p}
        """,
      victim: "victim", isVictimRestarted: false, outcome: beginnings(of: ["number", "string", "table"])),
    Scenario(
      name: "script-receive",
      topology: """
        pipes: {p: {duplex: false, bytes: 4KiB, type: int64}}
        queues: {b: {type: int64, bytes: 4KiB}}
        processes:
          feed: {task: range, with: {start: 1, stop: 5}, out: p}
          victim:
            script: |
              for x in function() return input:receive() end do output:put(x) end
            in: p
            out: b
          show: {task: print, in: b}
        """,
      before: ["feed"], victim: "victim", outcome: withOneTwice(["1", "2", "3", "4"])),
  ]
}

// MARK: Locks and semaphores

extension Scenario {
  /// What the lock guards: both are the same, but for a change half made. Whoever is told so completes it.
  private static let complete = "local _, how = l:acquire() if how then b:set(a:get()) end assert(a:get() == b:get())"

  fileprivate static let scriptLocks: [Scenario] = [
    Scenario(
      name: "script-lock",
      topology: """
        values: {a: int64, b: int64}
        locks: [l]
        processes:
          victim:
            script: |
              for _ = 1, 2 do l:acquire() a:add(1) b:add(1) l:release() end
            use: [a, b, l]
          beside:
            script: |
              for _ = 1, 2 do \(complete) a:add(10) b:add(10) l:release() end
            use: [a, b, l]
          show: {script: "\(complete) print(a:get() - b:get(), a:get())", use: [a, b, l]}
        """,
      after: ["show"], victim: "victim", isVictimRestarted: false, outcome: .either(["0\t20\n", "0\t21\n", "0\t22\n"])),
    Scenario(
      name: "script-lock-recovered",
      topology: """
        values: {a: int64, b: int64}
        locks: {l: {recursive: true}}
        processes:
          first: {script: "l:acquire() l:acquire() a:add(1)", use: [l, a]}
          victim:
            script: |
              \(complete)
              l:acquire() a:add(1) l:release() b:add(1) l:release()
            use: [a, b, l]
          beside:
            script: |
              \(complete) l:release()
            use: [a, b, l]
          show: {script: "\(complete) print(a:get() - b:get(), a:get())", use: [a, b, l]}
        """,
      before: ["first"], after: ["show"], victim: "victim", isVictimRestarted: false,
      outcome: .either(["0\t1\n", "0\t2\n"])),
    Scenario(
      name: "script-rwlock-write",
      topology: """
        values: {a: int64, b: int64}
        rwlocks: [l]
        processes:
          victim:
            script: |
              for _ = 1, 2 do l:acquire_write() a:add(1) b:add(1) l:release() end
            use: [a, b, l]
          beside:
            script: |
              for _ = 1, 2 do
                l:acquire_read() l:release()
                local _, how = l:acquire_write() if how then b:set(a:get()) end
                assert(a:get() == b:get()) a:add(10) b:add(10)
                l:release()
              end
            use: [a, b, l]
          show:
            script: |
              local _, how = l:acquire_write() if how then b:set(a:get()) end
              print(a:get() - b:get(), a:get())
            use: [a, b, l]
        """,
      after: ["show"], victim: "victim", isVictimRestarted: false, outcome: .either(["0\t20\n", "0\t21\n", "0\t22\n"])),
    Scenario(
      name: "script-rwlock-read",
      topology: """
        values: {a: int64, b: int64}
        rwlocks: [l]
        processes:
          victim:
            script: |
              for _ = 1, 2 do l:acquire_read() l:acquire_read() assert(a:get() == b:get()) l:release() l:release() end
            use: [a, b, l]
          beside:
            script: |
              for _ = 1, 2 do l:acquire_write() a:add(10) b:add(10) l:release() end
            use: [a, b, l]
          reader: {script: "l:acquire_read() assert(a:get() == b:get()) l:release()", use: [a, b, l]}
          show: {script: "l:acquire_write() print(a:get())", use: [a, l]}
        """,
      after: ["show"], victim: "victim", isVictimRestarted: false, outcome: .text("20\n")),
    // Only one of them waits while it holds a count: else each could hold one and wait for the other's.
    Scenario(
      name: "script-semaphore",
      topology: """
        semaphores: {s: 2}
        processes:
          victim: {script: "s:acquire() s:acquire() s:release() s:acquire() s:release(2)", use: s}
          beside: {script: "for i = 1, 2 do s:acquire() s:release() end", use: s}
          show: {script: "print(s:count())", use: s}
        """,
      after: ["show"], victim: "victim", outcome: .text("2\n")),
    Scenario(
      name: "script-semaphore-wait",
      topology: """
        semaphores: {s: {initial: 0, bounded: false}}
        processes:
          victim: {script: "s:acquire()", use: s}
          releaser: {script: "s:release() s:release()", use: s}
          beside: {script: "s:acquire()", use: s}
          show: {script: "print(s:count())", use: s}
        """,
      after: ["show"], victim: "victim", isVictimRestarted: false, outcome: .either(["0\n", "1\n"])),
  ]
}

// MARK: Conditions, events, barriers

extension Scenario {
  fileprivate static let scriptWaits: [Scenario] = [
    Scenario(
      name: "script-condition-wait",
      topology: """
        values: {ready: bool}
        locks: [l]
        conditions: {c: l}
        processes:
          victim: {script: "\(awaitReady)", use: [ready, l, c]}
          beside: {script: "\(awaitReady)", use: [ready, l, c]}
          notifier: {script: "l:acquire() ready:set(true) c:notify() c:notify() l:release()", use: [ready, l, c]}
          show: {script: "print((l:acquire(0)))", use: l}
        """,
      after: ["show"], victim: "victim", outcome: .text("true\n")),
    // Dead or away, it takes no notification from who waits later.
    Scenario(
      name: "script-dead-waiter",
      topology: """
        values: {waits: bool}
        locks: [l]
        conditions: {c: l}
        processes:
          victim: {script: "l:acquire() c:wait(0.001) l:release()", use: [l, c]}
          waiter: {script: "l:acquire() waits:set(true) print((c:wait()))", use: [l, c, waits]}
          notifier:
            script: |
              while not waits:get() do sleep(0.0001) end
              l:acquire() c:notify() l:release()
            use: [l, c, waits]
        """,
      after: ["waiter", "notifier"], victim: "victim", isVictimRestarted: false, outcome: .text("true\n")),
    Scenario(
      name: "script-notify",
      topology: """
        values: {ready: bool}
        locks: [l]
        conditions: {c: l}
        processes:
          victim: {script: "l:acquire() ready:set(true) c:notify_all() l:release()", use: [ready, l, c]}
          waiter: {script: "\(awaitReady) print('passed')", use: [ready, l, c]}
        """,
      victim: "victim", outcome: .text("passed\n")),
    Scenario(
      name: "script-event-set",
      topology: """
        events: {e: false}
        processes:
          victim: {script: "e:set()", use: e}
          waiter: {script: "print(e:wait())", use: e}
        """,
      victim: "victim", outcome: .text("true\n")),
    Scenario(
      name: "script-event-wait",
      topology: """
        events: {e: false}
        processes:
          victim: {script: "assert(e:wait())", use: e}
          setter: {script: "e:set() e:clear()", use: e}
          show: {script: "print(e:is_set())", use: e}
        """,
      after: ["show"], victim: "victim", isVictimRestarted: false, othersBegin: [], outcome: .text("false\n")),
    Scenario(
      name: "script-event-passed",
      topology: """
        events: {e: false}
        processes:
          victim: {script: "print(e:wait())", use: e}
          beside: {script: "print(e:wait())", use: e}
          setter: {script: "e:set()", use: e}
        """,
      victim: "victim", isDialogue: true, outcome: .atLeastOnce(["true"])),
    // The other may have passed, and ended, when the victim comes again: then it is told that nobody will come.
    Scenario(
      name: "script-barrier",
      topology: """
        barriers: {b: 2}
        processes:
          victim: {script: "print(b:wait() ~= nil)", use: b}
          beside: {script: "print(b:wait() ~= nil)", use: b}
        """,
      victim: "victim", outcome: .either(["true\ntrue\n", "true\nfalse\n", "true\ntrue\nfalse\n", "false\n", ""])),
    Scenario(
      name: "script-barrier-abort",
      topology: """
        barriers: {b: 2}
        processes:
          victim: {script: "b:abort() b:reset() b:wait()", use: b}
          beside: {script: "while not b:wait() do sleep(0.001) end print('passed')", use: b}
        """,
      victim: "victim", outcome: .either(["passed\n", ""])),
  ]

  private static let awaitReady = "l:acquire() c:wait_for(function() return ready:get() end) l:release()"

  fileprivate static let scriptValues: [Scenario] = [
    Scenario(
      name: "script-value",
      topology: """
        values: {v: int64}
        arrays: {a: "int16[3]"}
        processes:
          victim: {script: "v:add(1) v:set(2) v.value = 3 v:add(-1) a[1] = 7 a:add(1, -1)", use: [v, a]}
          show: {script: "print(v:get(), a[1])", use: [v, a]}
        """,
      after: ["show"], victim: "victim", isVictimRestarted: false,
      outcome: .either(["0\t0\n", "1\t0\n", "2\t0\n", "3\t0\n", "2\t7\n", "2\t6\n"]))
  ]
}
