extension DiagnosticTests {
  static let topLevel: [DiagnosticCase] = [
    DiagnosticCase("- a", "1:1: error: a topology must be a map with 'processes', not a list"),
    DiagnosticCase("name: x", "error: the topology has no processes"),
    DiagnosticCase("processes: {}", "1:1: error: the topology has no processes"),
    DiagnosticCase("processes:", "1:1: error: the topology has no processes"),
    DiagnosticCase("processes: [a]", "1:12: error: 'processes' must be a map of processes by name, not a list"),
    .resource("queue: [a]", "1:1: error: the topology has an unknown key, 'queue'"),
    .resource("x-mine: {a: 1}"),
    .resource("fail_fast: yes", "1:12: error: 'fail_fast' of the topology must be true or false, not 'yes'"),
    .resource("name: 9a", "1:7: error: '9a' can't name a topology"),
    .resource("logging: {max_size: 3}"),
    .resource(
      "logging: {max_files: 0}", "1:22: error: 'max_files' of 'logging' must be a whole number from 1 to 10000, not '0'"
    ),
    .resource("logging: {max_sise: 3}", "1:11: error: 'logging' has an unknown key, 'max_sise'"),
  ]

  static let names: [DiagnosticCase] = [
    .resource("queues: {a.b: 1}", "1:10: error: 'a.b' can't name a queue"),
    .resource(
      "locks: [\(String(repeating: "a", count: 64))]",
      "1:9: error: the name of a lock has 64 characters, and the most is 63"),
    .resource(
      "locks: [x]\nvalues: {x: int8}", "1:9: warning: no process uses lock 'x'",
      "2:10: error: value 'x' has the name of a lock"),
    .resource(
      "pools: {x: {script: f, use: y}, y: {script: f, use: [z]}, z: {script: f, use: x}}",
      "1:79: error: pools use one another: x → y → z → x"),
    .resource(
      "locks: [x, x]", "1:9: warning: no process uses lock 'x'", "1:12: error: lock 'x' has the name of a lock"),
    .resource(
      "locks: [a-b, a_b]", "1:9: warning: no process uses lock 'a-b'",
      "1:14: error: 'a_b' and 'a-b' are one name in Lua, 'a_b'", "1:14: warning: no process uses lock 'a_b'"),
    .resource(
      "locks: [end]", "1:9: warning: lock 'end' has the name of a keyword of Lua",
      "1:9: warning: no process uses lock 'end'"),
    .resource(
      "values: {print: int8}", "1:10: warning: value 'print' has the name of a global of every script",
      "1:10: warning: no process uses value 'print'"),
    .process("script: x, in: {print: q}", "3:30: error: process 'a' reads 'q', which no resource declares"),
    DiagnosticCase(
      "locks: [l]\nvalues: {v: int8, w: int8}\nprocesses: {a: {script: x, use: {end: l, a-b: v, a_b: w}}}",
      "3:34: error: a script can't have a resource by the name 'end': it is a keyword of Lua",
      "3:50: error: 'a_b' and 'a-b' are one name in Lua, 'a_b'"),
    DiagnosticCase(
      "pipes: [p]\nprocesses: {a: {script: x, use: [p.a, p.b]}}",
      "2:39: error: two resources have the name 'p' in one script"),
    DiagnosticCase("processes: {a b: {script: x}}", "1:13: error: 'a b' can't name a process"),
    .resource(
      "values: [x]", "1:10: error: value 'x' can't do with a name alone", "1:10: warning: no process uses value 'x'"),
    .resource("queues: 3", "1:9: error: 'queues' must be a map of queues, or a list of names, not '3'"),
    .resource("queues: [[a]]", "1:10: error: an element of 'queues' must be the name of a queue, not a list"),
    .resource("queues:"),
  ]

  static let resources: [DiagnosticCase] =
    [
      ("values: {x: in32}", "1:13: error: the type of value 'x' must be \(types), not 'in32'"),
      ("values: {x: {}}", "1:10: error: value 'x' lacks 'type'"),
      (
        "values: {x: {type: int8, initial: 128}}",
        "1:35: error: 'initial' of value 'x', 128, is out of the range of int8"
      ),
      (
        "values: {x: {type: uint8, initial: -1}}",
        "1:36: error: 'initial' of value 'x', -1, is out of the range of uint8"
      ),
      (
        "values: {x: {type: uint64, initial: 18446744073709551616}}",
        "1:37: error: 'initial' of value 'x', 18446744073709551616, is out of the range of uint64"
      ),
      (
        "values: {x: {type: float32, initial: 1e39}}",
        "1:38: error: 'initial' of value 'x', 1e39, is out of the range of float32"
      ),
      ("values: {x: {type: bool, initial: 1}}", "1:35: error: 'initial' of value 'x' must be true or false, not '1'"),
      (
        "values: {x: {type: int8, initial: 1.5}}",
        "1:35: error: 'initial' of value 'x' must be a whole number, not '1.5'"
      ),
      ("values: {x: [int8]}", "1:13: error: value 'x' must be the type, as in 'total: int64', or a map, not a list"),
      (
        "arrays: {x: int32}",
        "1:13: error: array 'x' must be a type and a length, as in 'int32[4]', or a map, not 'int32'"
      ),
      (
        "arrays: {x: 'int32[0]'}",
        "1:13: error: the length of array 'x' must be at least 1, and at most 68719476736, not 'int32[0]'"
      ),
      ("arrays: {x: 'int33[4]'}", "1:13: error: the element type of array 'x' must be \(types), not 'int33'"),
      ("arrays: {x: {type: int8}}", "1:10: error: array 'x' lacks 'length'"),
      ("arrays: {x: {type: int8, initial: []}}", "1:35: error: array 'x' has no elements"),
      (
        "arrays: {x: {type: int8, initial: [1, 200]}}",
        "1:39: error: an element of array 'x', 200, is out of the range of int8"
      ),
      (
        "arrays: {x: {type: int8, length: 3, initial: [1, 2]}}",
        "1:46: error: array 'x' has 2 initial elements and length 3"
      ),
      ("arrays: {x: {type: int8, initial: 3}}", "1:35: error: 'initial' of array 'x' must be a list, not '3'"),
      ("queues: {x: 0}", "1:13: error: the capacity of queue 'x' must be a whole number of at least 1, not '0'"),
      ("queues: {x: {capcity: 3}}", "1:14: error: queue 'x' has an unknown key, 'capcity'"),
      (
        "queues: {x: {bytes: 3 parsecs}}",
        "1:21: error: 'bytes' of queue 'x': size '3 parsecs' has an unknown unit, 'parsecs'"
      ),
      (
        "queues: {x: {bytes: 0}}",
        "1:21: error: 'bytes' of queue 'x' must be a size from 1 to 274877906944 bytes, not '0'"
      ),
      (
        "queues: {x: {type: text}}", "1:20: error: 'type' of queue 'x' must be any, string, bytes, \(types), not 'text'"
      ),
      (
        "queues: {x: {on_full: drop}}",
        "1:23: error: 'on_full' of queue 'x' must be block, drop_new, drop_old or fail, not 'drop'"
      ),
      ("queues: {x: {dead_letter: x}}", "1:27: error: queue 'x' is its own dead-letter queue"),
      ("queues: {x: {dead_letter: y}}", "1:27: error: queue 'x' names 'y', which no resource declares"),
      ("pipes: {x: half}", "1:12: error: pipe 'x' must be duplex or simplex, not 'half'"),
      ("pipes: {x: {duplex: 1}}", "1:21: error: 'duplex' of pipe 'x' must be true or false, not '1'"),
      ("locks: {x: {recursive: 'true'}}", "1:24: error: 'recursive' of lock 'x' must be true or false, not 'true'"),
      ("locks: {x: 3}", "1:12: error: lock 'x' must be a map, not '3'"),
      (
        "semaphores: {x: -1}",
        "1:17: error: the initial count of semaphore 'x' must be a whole number of at least 0, not '-1'"
      ),
      ("conditions: {x: {}}", "1:14: error: condition 'x' lacks 'lock'"),
      ("conditions: {x: y}", "1:17: error: condition 'x' names 'y', which no resource declares"),
      ("events: {x: 2}", "1:13: error: the initial state of event 'x' must be true or false, not '2'"),
      ("barriers: {x: {}}", "1:12: error: barrier 'x' lacks 'parties'"),
      (
        "barriers: {x: 0}",
        "1:15: error: the number of parties of barrier 'x' must be a whole number of at least 1, not '0'"
      ),
      ("managed: {x: set}", "1:14: error: the type of managed object 'x' must be list, dict or namespace, not 'set'"),
      (
        "managed: {x: {type: list, initial: {a: 1}}}",
        "1:36: error: 'initial' of managed object 'x' must be a list, not a map"
      ),
      ("pools: {x: {}}", "1:9: error: pool 'x' has no work"),
      ("pools: {x: {task: double, script: y}}", "1:27: error: pool 'x' has 'script' besides 'task'"),
      ("pools: {x: {task: doble}}", "1:19: error: pool 'x' has an unknown kind, 'doble'"),
      ("pools: {x: {task: sum}}", "1:19: error: pool 'x' can't call kind 'sum' with its tasks"),
      ("pools: {x: {task: join}}", "1:19: error: pool 'x' can't call kind 'join' with its tasks"),
      ("pools: {x: {size: 5, task: take}}", "1:9: error: pool 'x': more than four instances"),
      ("pools: {x: {script: f, use: x}}", "1:29: error: pool 'x' uses itself: its workers would wait for one another"),
    ].map { text, message in
      var test = DiagnosticCase.resource(text)
      let section = text.prefix { $0 != ":" }
      let noun = section == "managed" ? "managed object" : String(section.dropLast())
      let unused = "1:\(section.count + 4): warning: no process uses \(noun) 'x'"
      test.expected = [message, unused].sorted { column($0) < column($1) }
      return test
    }

  private static let types =
    "bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32 or float64"

  private static func column(_ line: String) -> Int { Int(line.dropFirst(2).prefix { $0 != ":" }) ?? 0 }
}
