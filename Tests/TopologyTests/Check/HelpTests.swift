import Testing
import Topology

/// What is told to do about a mistake, not only what it is.
@Suite struct HelpTests {
  private static let idle = "\nprocesses: {idle: {task: sleep, with: {for: 1s}}}"

  // Seen to fail: a resource of any sort suggested; a key's summary, or all keys, for what to do.
  @Test(arguments: [
    (
      "conditions: {g: nope}\npools: {pe: {task: double, size: 1}}" + idle,
      "condition 'g' names 'nope', which no resource declares", "the file declares no locks"
    ),
    (
      "conditions: {g: lockk}\nlocks: [locks, lock]" + idle, "condition 'g' names 'lockk', which no resource declares",
      "did you mean 'locks' (line 2)?"
    ),
    (
      "queues: [q]\nlocks: [qt]\nprocesses: {a: {task: discard, in: qq}}",
      "process 'a' reads 'qq', which no resource declares", "it could be 'q'"
    ),
    (
      "processes: {a: {task: sleep, with: {for: 1s}, stop_grace: 1s}}",
      "process 'a' has an unknown key, 'stop_grace'", "did you mean 'stop_grace_period'?"
    ),
    (
      "locks: [l]\nprocesses: {a: {script: x, use: {a b: l}}}",
      "'a b' can't name a resource inside of process 'a'", "a name is a letter and then letters, digits, '_' and '-'"
    ),
    (
      "queues: [q]\nprocesses: {a: {run: x, out: q}, b: {task: sum, in: q}}",
      "process 'b' takes float64 or int64 from 'q', which gets string",
      "give it a type of numbers, such as 'type: int64': each line that a command prints is a number then"
    ),
    ("conditions: {x: {}}" + idle, "condition 'x' lacks 'lock'", "write 'lock: …': lock that its waiters hold"),
    (
      "managed: {x: {}}" + idle, "managed object 'x' lacks 'type'",
      "write 'type: …', which is list, dict or namespace"
    ),
    (
      "values: {x: {initial: 1}}" + idle, "value 'x' lacks 'type'",
      "write 'type: …', which is bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32 or float64"
    ),
    (
      "arrays: {a: int32[4]}" + idle, "'[' inside of '{…}' or '[…]' begins a list or map",
      "quote a text that holds it: \"int32[4]\"; or put a ',' before it"
    ),
  ])
  func saysWhatToDo(text: String, message: String, help: String) {
    let diagnostic = Loading(text).result().diagnostics.first { $0.message == message }
    #expect(diagnostic?.help == help, "\(Loading.report(text))")
  }
}
