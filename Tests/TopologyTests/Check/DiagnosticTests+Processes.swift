extension DiagnosticTests {
  static let processes: [DiagnosticCase] = [
    DiagnosticCase(
      "processes: {a: }", "1:16: error: process 'a' must be a map with 'task', 'script' or 'run', not nothing"),
    .process("replicas: 1", "3:3: error: process 'a' has no work"),
    .process("run: x, script: y", "3:15: error: process 'a' has 'script' besides 'run'"),
    .process("run: []", "3:12: error: 'run' of process 'a' is an empty list"),
    // Seen to fail: texts that the system would have cut at their zero byte were taken.
    .process("run: [x, \"a\\0b\"]", "3:16: error: an element of 'run' of process 'a' has a zero byte"),
    .process(
      "run: [\"a\\0b\"]", "3:13: error: the program, the first element of 'run' of process 'a', has a zero byte"),
    .process("run: \"echo x\\0; y\"", "3:12: error: 'run' of process 'a' has a zero byte"),
    .process("run: x, environment: {A: \"p\\0q\"}", "3:32: error: variable 'A' has a zero byte"),
    .process("run: x, environment: [\"A=p\\0q\"]", "3:29: error: variable 'A' has a zero byte"),
    .process("run: x, working_dir: \"p\\0q\"", "3:28: error: 'working_dir' of process 'a' has a zero byte"),
    .process(
      "run: x, healthcheck: {test: \"p\\0q\"}", "3:35: error: 'test' of 'healthcheck' of process 'a' has a zero byte"),
    // Seen to fail: an empty program, which nobody could start.
    .process(
      "run: ['', x]",
      "3:13: error: the program, the first element of 'run' of process 'a', must be text, and not empty, not ''"),
    .process("run: [x, '']"),
    .process("run: x, replica: 1", "3:15: error: process 'a' has an unknown key, 'replica'"),
    .process(
      "run: x, replicas: 0", "3:25: error: 'replicas' of process 'a' must be a whole number from 1 to 10000, not '0'"),
    .process("run: x, replicas: '2'"),
    .process(
      "run: x, restart: on_failure",
      "3:24: error: 'restart' of process 'a' must be no, on-failure, on-failure:N or always, not 'on_failure'"),
    .process("run: x, restart: no"),
    .process("run: x, restart: 'on-failure:3'"),
    .process(
      "run: x, restart: 'on-failure:0'",
      "3:24: error: 'restart' of process 'a' must be on-failure:N with a number of restarts, at least 1, not 'on-failure:0'"
    ),
    .process("run: x, restart_delay: 3", "3:30: error: 'restart_delay' of process 'a': duration '3' has no unit"),
    .process(
      "run: x, restart_delay: 0s", "3:30: error: 'restart_delay' of process 'a' must be longer than nothing, not '0s'"),
    .process("run: x, timeout: [1s]", "3:24: error: 'timeout' of process 'a' must be a duration, not a list"),
    .process("run: x, nice: 20", "3:21: error: 'nice' of process 'a' must be a whole number of at most 19, not '20'"),
    .process("run: x, cpus: [0, 4]", "3:25: error: 'cpus' of process 'a': there is no processor 4"),
    .process("run: x, cpus: 2-5", "3:21: error: 'cpus' of process 'a': there is no processor 4"),
    .process("run: x, cpus: 3-1", "3:21: error: 'cpus' of process 'a' must be processors, not '3-1'"),
    .process("run: x, cpus: []", "3:21: error: 'cpus' of process 'a' must be at least one processor, not a list"),
    .process(
      "run: x, stop_signal: SIGTREM", "3:28: error: 'stop_signal' of process 'a' must be a signal, not 'SIGTREM'"),
    .process("run: x, stop_signal: 65", "3:28: error: 'stop_signal' of process 'a' must be a signal, not '65'"),
    .process("run: x, stop_signal: INT"),
    .process(
      "run: x, working_dir: gone", "3:28: error: 'working_dir' of process 'a': there is no folder '/home/ann/t/gone'"),
    .process("run: x, env_file: gone", "3:25: error: 'env_file' of process 'a': '/home/ann/t/gone': no such file"),
    .process("run: x, env_file: [{path: gone, required: false}]"),
    .process("run: x, env_file: [{required: false}]", "3:26: error: 'env_file' of process 'a' lacks 'path'"),
    .process("run: x, environment: {A: [1]}", "3:32: error: variable 'A' must be text, not a list"),
    .process("run: x, environment: [=1]", "3:29: error: 'environment' of process 'a': '' can't name a variable"),
    .process(
      "run: x, environment: text",
      "3:28: error: 'environment' of process 'a' must be a map, or a list of NAME=value, not 'text'"),
    .process("run: x, healthcheck: {interval: 1s}", "3:15: error: 'healthcheck' of process 'a' lacks 'test'"),
    .process(
      "run: x, healthcheck: {test: y, retries: 0}",
      "3:47: error: 'retries' of 'healthcheck' of process 'a' must be a whole number of at least 1, not '0'"),
    .process(
      "run: x, healthcheck: {test: [CMD, x, ping]}",
      "3:35: warning: 'test' of 'healthcheck' of process 'a' runs a program with the name CMD"),
    .process(
      "run: x, healthcheck: {test: [CMD-SHELL, x ping]}",
      "3:35: warning: 'test' of 'healthcheck' of process 'a' runs a program with the name CMD-SHELL"),
    .process(
      "run: x, healthcheck: {test: y}, ready_log_line: z",
      "3:15: error: process 'a' has both 'healthcheck' and 'ready_log_line'"),
    .process(
      "run: x, depends_on: b", "3:27: error: 'depends_on' of process 'a' must be a list of processes, or a map, not 'b'"
    ),
    .process("run: x, depends_on: [b, b]", "3:31: error: process 'a' lists 'b' twice under 'depends_on'"),
    .process(
      "run: x, depends_on: {b: {condition: done}}",
      "3:43: error: 'condition' of the dependency of process 'a' on 'b' must be started, healthy, completed or completed_successfully, not 'done'"
    ),
    .process(
      "run: x, depends_on: {b: started}",
      "3:31: error: the dependency of process 'a' on 'b' must be a map, not 'started'"),
    .process(
      "run: x, depends_on: {b: soon}",
      "3:31: error: the dependency of process 'a' on 'b' must be a map, as in '{condition: completed}', not 'soon'"),
    // Seen to fail: nothing said.
    .process(
      "run: [x, $A, '$B$$C', $1, '${D-d}$']",
      "3:16: warning: '$A' in 'run' of process 'a' stays as it is",
      "3:20: warning: '$B' and '$$C' in 'run' of process 'a' stay as they are"),
    .process("run: 'echo $A'"),
    .process("run: [/bin/sh, -ec, 'echo $A']"),
    .process(
      "run: x, environment: ['A=$B']", "3:29: warning: '$B' in 'environment' of process 'a' stays as it is"),
    .process(
      "run: x, depends_on: {b: {condition: healthy}}",
      "3:28: error: process 'a' waits for 'b' to be healthy, which nothing tells"),
    .process("run: x, depends_on: [c]", "3:28: error: process 'a' depends on 'c', which is no process"),
    .process("run: x, depends_on: [a]", "3:28: error: process 'a' depends on itself"),
    .process("run: x, profiles: {a: 1}", "3:25: error: 'profiles' of process 'a' must be text, not a map"),
    .process(
      "run: x, use: y", "3:15: error: process 'a' has 'use', and a command uses no resources",
      "3:20: error: process 'a' uses 'y', which no resource declares"),
    .process(
      "run: x, with: {format: yaml}", "3:30: error: parameter 'format' of a command must be lines or json, not 'yaml'"),
    .process("run: x, with: {replies: each}", "3:31: error: process 'a': 'replies: each' needs items and answers"),
    .process("run: x, with: 3", "3:21: error: 'with' of process 'a' must be a map of parameters, not '3'"),
  ]

  static let kinds: [DiagnosticCase] = [
    .process("task: slep, with: {}", "3:13: error: process 'a' has an unknown kind, 'slep'"),
    .process("task: sleep", "3:3: error: process 'a' lacks the parameter 'for' of kind 'sleep': how long"),
    .process("task: sleep, with: {}", "3:20: error: process 'a' lacks the parameter 'for' of kind 'sleep': how long"),
    .process("task: sleep, with: {for: 3}", "3:32: error: parameter 'for' of kind 'sleep': duration '3' has no unit"),
    .process("task: sleep, with: {for: 3s, fr: 1}", "3:36: error: kind 'sleep' has no parameter 'fr'"),
    .process(
      "task: sleep, with: {for: 3s}, in: q", "3:37: error: process 'a' has 'in', and kind 'sleep' reads no items",
      "3:41: error: process 'a' reads 'q', which no resource declares"),
    parameter("mode: slow", "2:59: error: parameter 'mode' of kind 'double' must be fast or exact, not 'slow'"),
    parameter("ratio: 1.5", "2:60: error: parameter 'ratio' of kind 'double' must be at most 1.0, not '1.5'"),
    parameter("ratio: .nan", "2:60: error: parameter 'ratio' of kind 'double' must be a finite number, not '.nan'"),
    parameter("on: no", "2:57: error: parameter 'on' of kind 'double' must be true or false, not 'no'"),
    parameter("label: [x]", "2:60: error: parameter 'label' of kind 'double' must be text, not a list"),
    parameter("factors: 3", "2:62: error: parameter 'factors' of kind 'double' must be a list, not '3'"),
    parameter("weight: heavy", "2:61: error: parameter 'weight' of kind 'double' must be a number, not 'heavy'"),
    parameter("mode: exact, ratio: 1, on: false, label: 7, factors: [1], weight: 2.5, extra: {a: 1}"),
    .process(
      "task: increment, with: {times: 2000000}",
      "3:3: error: process 'a' lacks the value 'value' of kind 'increment': is raised",
      "3:38: error: parameter 'times' of kind 'increment' must be at most 1000000, not '2000000'"),
    DiagnosticCase(
      "queues: {q: {external: true}, r: {external: true}}\nprocesses: {a: {task: take, in: q, out: r, replicas: 5}}",
      "2:54: error: process 'a': more than four instances"),
    // What the kind would say of the rest may only follow from the missing queue.
    DiagnosticCase(
      "queues: {r: {external: true}}\nprocesses: {a: {task: take, in: q, out: r, replicas: 5}}",
      "2:33: error: process 'a' reads 'q', which no resource declares"),
  ]

  private static func parameter(_ parameter: String, _ expected: String...) -> DiagnosticCase {
    var test = DiagnosticCase(
      "queues: {q: {external: true}, r: {external: true}}\nprocesses: {a: {task: double, in: q, out: r, with: {\(parameter)}}}"
    )
    test.expected = expected
    return test
  }
}
