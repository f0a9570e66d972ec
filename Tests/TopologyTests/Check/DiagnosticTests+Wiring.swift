extension DiagnosticTests {
  static let wiring: [DiagnosticCase] = [
    wired("a: {task: discard, in: l}", "5:24: error: process 'a' reads 'l', which is a lock, no queue or pipe"),
    wired("a: {script: x, use: q}", "5:21: error: process 'a' uses 'q', which is a queue"),
    wired("a: {task: discard, in: q.a}", "5:24: error: process 'a' reads 'q.a', and 'q' is a queue"),
    wired("a: {script: x, use: d.c}", "5:21: error: process 'a' uses 'd.c', and a pipe's ends are 'a' and 'b'"),
    wired("a: {script: x, use: d}", "5:21: error: process 'a' uses pipe 'd' without naming its end"),
    wired(
      "a: {task: discard, in: s.a}",
      "5:24: error: process 'a' reads 's.a', and 's' is a simplex pipe, which is named as a whole"),
    wired("a: {script: x, use: s}", "5:21: error: process 'a' uses 's', which is a simplex pipe"),
    wired(
      "a: {task: discard, in: [q, r]}", "5:24: error: 'in' of process 'a' is a list, and a port reads from one resource"
    ),
    wired("a: {script: x, out: [q, q]}", "5:25: error: 'out' of process 'a' lists 'q' twice"),
    wired("a: {task: discard}", "5:1: error: process 'a' lacks the input 'input' of kind 'discard': items"),
    wired(
      "a: {task: join, in: q, out: r}", "5:21: error: process 'a' does not say which input of kind 'join' 'q' is for"),
    wired("a: {task: join, in: {left: q, rigth: q}, out: r}", "5:31: error: kind 'join' has no input 'rigth'"),
    wired(
      "a: {task: join, in: {left: q}, out: r}",
      "5:17: error: process 'a' lacks the input 'right' of kind 'join': the other side"),
    wired(
      "a: {task: discard, in: q, out: r}", "5:27: error: process 'a' has 'out', and kind 'discard' writes no items"),
    wired(
      "a: {task: range, with: {stop: 1}, out: q, use: l}",
      "5:43: error: process 'a' has 'use', and kind 'range' uses no resources"),
    wired("a: {run: x, use: l}", "5:13: error: process 'a' has 'use', and a command uses no resources"),
    wired(
      "a: {task: increment, use: l}", "5:22: error: process 'a' lacks the value 'value' of kind 'increment': is raised"),
    wired(
      "a: {task: increment, use: {value: l}}",
      "5:35: error: kind 'increment' uses a value as 'value', and 'l' is a lock"),
    wired("a: {task: increment, use: {valu: v}}", "5:28: error: kind 'increment' uses nothing by the name 'valu'"),
    wired(
      "a: {task: increment, use: [v, e]}", "5:31: error: kind 'increment' uses a value and a lock, and 'e' is an event"),
    wired(
      "a: {task: swap, use: [v, w]}", "5:23: error: process 'a' does not say what kind 'swap' uses 'v' as",
      "5:26: error: process 'a' does not say what kind 'swap' uses 'w' as"),
    wired(
      "a: {task: increment, use: [v, w]}",
      "5:28: error: process 'a' lists 2 resources for the one value that kind 'increment' uses",
      "5:31: error: process 'a' lists 2 resources for the one value that kind 'increment' uses"),
    wired("a: {task: sum, in: q, use: w}", "5:28: error: kind 'sum' works on int64 or float64, and 'w' is int8"),
    wired(
      "a: {task: increment, use: {value: [v, w]}}",
      "5:35: error: 'use' of process 'a' is a list, and a name stands for one resource"),
  ]

  /// Resources of all sorts, used by process `z`, before the processes of a case at line 5.
  private static func wired(_ process: String, _ expected: String...) -> DiagnosticCase {
    var test = DiagnosticCase(
      """
      {queues: {q: {external: true}, r: {external: true}}, locks: [l], events: [e], values: {v: int64, w: int8},
      pipes: {d: duplex, s: simplex}, processes: {
      y: {script: x, profiles: [off], use: {d: d.b, d2: d.a}, in: {s: s}, out: {t: s}},
      z: {script: x, use: [l, e, v, w]},
      \(process)}}
      """)
    test.expected = expected
    return test
  }

  static let whole: [DiagnosticCase] = [
    // Types: at the reader.
    DiagnosticCase(
      "queues: [q]\nprocesses:\n  a: {task: read-lines, with: {path: x}, out: q}\n  b: {task: sum, in: q}",
      "4:22: error: process 'b' takes float64 or int64 from 'q', which gets string"),
    DiagnosticCase(
      "queues: [q, r]\nprocesses:\n  a: {task: read-lines, with: {path: x}, out: q}\n  t: {task: take, in: q, out: r}\n  b: {task: sum, in: r}",
      "5:22: error: process 'b' takes float64 or int64 from 'r', which gets string"),
    DiagnosticCase(
      "queues: {q: {type: string}}\nprocesses:\n  a: {task: range, with: {stop: 1}, out: q}\n  b: {task: discard, in: q}",
      "3:42: error: process 'a' puts int64 into 'q', which holds string"),
    DiagnosticCase(
      "queues: {q: {type: string}}\nprocesses:\n  a: {script: x, out: q}\n  b: {task: sum, in: q}",
      "4:22: error: process 'b' takes float64 or int64 from 'q', which holds string"),
    DiagnosticCase(
      "queues: [q]\nprocesses:\n  a: {run: x, out: q}\n  b: {task: sum, in: q}",
      "4:22: error: process 'b' takes float64 or int64 from 'q', which gets string"),
    DiagnosticCase("queues: [q]\nprocesses:\n  a: {run: x, out: q, with: {format: json}}\n  b: {task: sum, in: q}"),
    DiagnosticCase("queues: {q: {type: int64}}\nprocesses:\n  a: {run: x, out: q}\n  b: {task: sum, in: q}"),
    DiagnosticCase(
      "pipes: {p: simplex}\nprocesses:\n  a: {task: read-lines, with: {path: x}, out: p}\n  b: {task: sum, in: p}",
      "4:22: error: process 'b' takes float64 or int64 from 'p', which gets string"),
    DiagnosticCase(
      "queues: {q: {dead_letter: d}, d: {type: string}}\nprocesses:\n  a: {task: range, with: {stop: 1}, out: q}\n  b: {task: sum, in: q}",
      "1:27: error: queue 'q' puts int64 into 'd', which holds string",
      "1:31: warning: dead-letter queue 'd' is never read"),
    // Pipe ends. Seen to fail: a second user of an end let through; the number of instances, or a second reference of
    // the same process, not looked at.
    DiagnosticCase(
      "pipes: [p]\nprocesses:\n  a: {task: echo, use: p.a}\n  b: {task: echo, use: p.b}\n  c: {script: x, use: p.a}",
      "5:23: error: the end of 'p.a' is used by process 'a' and by process 'c'"),
    DiagnosticCase(
      "pipes: [p]\nprocesses:\n  a: {task: echo, use: p.a, replicas: 2}\n  b: {task: echo, in: p.b, out: p.b}",
      "3:24: error: process 'a' has 2 instances, and the end of 'p.a' belongs to one"),
    DiagnosticCase(
      "pipes: {p: simplex}\nprocesses:\n  a: {script: x, out: p}\n  b: {script: x, in: p}\n  c: {script: x, in: p}",
      "5:22: error: the reading end of 'p' is used by process 'b' and by process 'c'"),
    DiagnosticCase(
      "pipes: [p]\nprocesses:\n  a: {script: x, in: p.a, use: p.a}\n  b: {script: x, use: p.b}",
      "3:32: error: the end of 'p.a' is used twice by process 'a'"),
    // Dependencies.
    DiagnosticCase(
      "processes:\n  a: {script: x, depends_on: [b]}\n  b: {script: x, depends_on: [c]}\n  c: {script: x, depends_on: [a]}",
      "4:31: error: processes depend on one another: a → b → c → a"),
    DiagnosticCase(
      "processes:\n  a: {script: x, depends_on: [b]}\n  b: {script: x, profiles: [debug]}",
      "2:31: error: process 'a' depends on 'b', which only runs under the profile 'debug'"),
    DiagnosticCase(
      "processes: {a: {script: x, profiles: [p]}}", "error: no process is enabled: each runs only under a profile"),
    // Barriers, dead letters.
    DiagnosticCase(
      "barriers: {x: 3}\nprocesses:\n  a: {script: x, use: x, replicas: 2}",
      "1:15: error: barrier 'x' waits for 3 parties, and 2 instances use it"),
    DiagnosticCase(
      "pools: {x: {script: return print}}\nprocesses: {x: {script: y, use: x}}",
      "2:13: error: process 'x' has the name of a pool, whose workers are 'x-1', … too"),
    DiagnosticCase(
      "queues: {x: {dead_letter: y}, y: {dead_letter: x}}\nprocesses:\n  a: {script: x, in: x, out: x}",
      "1:31: warning: dead-letter queue 'y' is never read", "1:48: error: dead-letter queues form a circle: x → y → x"),
    DiagnosticCase(
      "queues: [x]\nconditions: {c: x}\nprocesses: {a: {script: x, in: x, out: x, use: c}}",
      "2:17: error: the lock of condition 'c' must be a lock, and 'x' is a queue"),
    // A wrong parameter does not hide wrong types.
    DiagnosticCase(
      "queues: {q: {external: true, type: string}}\nprocesses: {a: {task: range, with: {step: 0, stop: 1}, out: q}}",
      "2:43: error: parameter 'step' of kind 'range' must be at least 1, not '0'",
      "2:61: error: process 'a' puts int64 into 'q', which holds string"),
    // A resource that is used wrongly is not called unused besides.
    DiagnosticCase(
      "queues: [q]\nlocks: [l]\nprocesses:\n  a: {task: range, with: {stop: 1}, out: q}\n  b: {task: sum, in: {inptu: q}, use: l}",
      "5:23: error: kind 'sum' has no input 'inptu'", "5:39: error: kind 'sum' uses a value, and 'l' is a lock"),
    // Warnings.
    DiagnosticCase(
      "queues: [q]\nprocesses: {a: {script: x, in: q}}", "1:10: warning: queue 'q' is read and never written"),
    DiagnosticCase(
      "queues: [q]\nprocesses: {a: {script: x, out: q}}", "1:10: warning: queue 'q' is written and never read"),
    DiagnosticCase("queues: {q: {external: true}}\nprocesses: {a: {script: x, out: q}}"),
    // Seen to fail: no word of it.
    DiagnosticCase(
      "queues: {q: {dead_letter: d}, d: 5}\nprocesses: {a: {script: x, out: q, in: q}}",
      "1:31: warning: dead-letter queue 'd' is never read"),
    DiagnosticCase(
      "queues: {q: {dead_letter: d}, d: {external: true}}\nprocesses: {a: {script: x, out: q, in: q}}"),
    DiagnosticCase("locks: [l]\nconditions: {c: l}\nprocesses: {a: {script: x, use: c}}"),
    DiagnosticCase(
      "pipes: [p]\nprocesses: {a: {script: x, use: p.a}}", "1:9: warning: only one end of pipe 'p' is used"),
    DiagnosticCase("queues: [q]\nprocesses: {a: {script: x, in: q, out: q}}"),
  ]
}
