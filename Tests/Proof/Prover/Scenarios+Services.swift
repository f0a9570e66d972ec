// Seen to fail: where a worker finishes its task before its result is there, `pool-task` is stuck; where the scavenger
// breaks a dead writer's lock only when it comes to that queue, so is `pool-given-up`.

// Calls of managed objects and pools, and what else is a dialogue. What a victim had asked for in its first life may have
// happened; what it asks for in its second one happens once.

extension Scenario {
  static let services: [Scenario] = managed + pools + joins

  private static func onceOrTwice(_ line: String) -> Outcome { .either([line, line + line]) }

  fileprivate static let managed: [Scenario] = [
    Scenario(
      name: "managed-call",
      topology: """
        managed: {d: dict}
        processes:
          victim:
            script: |
              local before = d:get("n", 0)
              print(before <= 1, d:add("n", 1) - before)
            use: d
        """,
      victim: "victim", isDialogue: true, outcome: onceOrTwice("true\t1\n")),
    // Its death fails the run: no call waits for ever, and each raises.
    Scenario(
      name: "managed-server",
      topology: """
        managed: {d: dict}
        processes:
          client:
            script: |
              local done, message = pcall(function() d:add("n", 1) return d:add("n", 1) end)
              print(done, done and message or message:match("managed objects are gone"))
            use: d
        """,
      victim: "managed", isDialogue: true, isVictimRestarted: false,
      outcome: .either(["true\t2\n", "false\tmanaged objects are gone\n"])),
  ]

  fileprivate static let pools: [Scenario] = [
    Scenario(
      name: "pool-submit", topology: pool("script: 'return function(x) return x * x end'", caller: "victim"),
      victim: "victim", isDialogue: true, outcome: onceOrTwice("4 9\n")),
    Scenario(
      name: "pool-task", topology: pool("script: 'return function(x) return x * x end'", caller: "main"),
      victim: "p", isDialogue: true, outcome: .text("4 9\n")),
    // Given up at its first death: its caller is told, and of no other task.
    Scenario(
      name: "pool-given-up",
      topology: """
        pools: {p: {size: 1, max_deliveries: 1, script: 'return function(x) return x * x end'}}
        processes:
          main:
            script: |
              local lost = 0
              for i = 1, 2 do
                local done, value = pcall(p.apply, p, i)
                if done then assert(value == i * i) else lost = lost + 1 assert(value:match("given up")) end
              end
              print(lost <= 1)
            use: p
        """,
      victim: "p", isDialogue: true, outcome: .text("true\n")),
  ]

  private static func pool(_ function: String, caller: String) -> String {
    """
    pools: {p: {size: 1, \(function)}}
    processes:
      \(caller):
        script: print(table.concat(p:map({2, 3}, 1), " "))
        use: p
    """
  }

  fileprivate static let joins: [Scenario] = [
    Scenario(
      name: "script-join",
      topology: """
        queues: {a: {bytes: 4KiB}}
        processes:
          victim: {script: "output:put(1) output:put(2) print(output:join())", out: a}
          reader: {script: "for x in input:items() do end", in: a}
        """,
      victim: "victim", isDialogue: true, outcome: onceOrTwice("true\n")),
    // Every item was done when it returns, some of them twice.
    Scenario(
      name: "script-joined",
      topology: """
        queues: {a: {bytes: 4KiB}}
        values: {v: int64}
        processes:
          main: {script: "output:put(1) output:put(2) output:join() print(v:get() >= 2)", out: a, use: v}
          victim: {script: "for x in input:items() do v:add(1) end", in: a, use: v}
        """,
      victim: "victim", isDialogue: true, outcome: .text("true\n")),
  ]
}
