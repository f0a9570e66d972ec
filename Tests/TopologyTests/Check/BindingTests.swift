import Testing
import Topology

@Suite struct BindingTests {
  private func topology(_ text: String, _ change: (inout Loading) -> Void = { _ in }) throws -> Topology {
    var loading = Loading(text)
    change(&loading)
    #expect(loading.report == "")
    return try #require(loading.result().topology)
  }

  @Test func argumentsAreCompleteAndInTheFormThatWorkersTake() throws {
    let topology = try topology(
      "queues: {q: {external: true}}\nprocesses: {a: {task: tick, with: {every: 250ms}, out: q}}")
    let process = try #require(topology.process("a"))
    #expect(process.arguments.float("every") == 0.25)
    #expect(process.arguments.int("limit") == 1024)
    #expect(process.arguments.int("signal") == 9)
    #expect(process.parameters.map(\.name) == ["every", "limit", "signal"])
  }

  @Test func pathsBecomeAbsolute() throws {
    let text =
      "queues: [q]\nprocesses: {a: {task: read-lines, with: {path: [./x, /y/*, '-', ../z]}, out: q}, b: {task: discard, in: q}}"
    let topology = try topology(text)
    #expect(
      topology.process("a")?.arguments.strings("path") == ["/home/ann/t/x", "/y/*", "-", "/home/ann/t/../z"])
  }

  @Test func pathsStartAtTheFirstFile() throws {
    var loading = Loading("")
    loading.files["sub/m.yaml"] =
      "queues: [q]\nprocesses: {a: {task: read-lines, with: {path: x}, out: q}, b: {task: discard, in: q}}"
    loading.request.files = ["sub/m.yaml"]
    let topology = try #require(loading.result().topology)
    #expect(topology.directory == "/home/ann/t/sub")
    #expect(topology.process("a")?.arguments.string("path") == "/home/ann/t/sub/x")
  }

  @Test func rolesAreFoundBySort() throws {
    let topology = try topology(
      "values: {v: int64}\nlocks: [l]\nprocesses: {a: {task: increment, use: [l, v]}, b: {task: increment, use: v}}")
    #expect(topology.process("a")?.uses.map(\.name) == ["lock", "value"])
    #expect(topology.process("a")?.uses.map(\.target.resource) == [ResourceID(1), ResourceID(0)])
    #expect(topology.process("b")?.uses.map(\.name) == ["value"])
  }

  @Test func endsOfPipesFitPortsAndRoles() throws {
    let topology = try topology(
      """
      pipes: {p: , s: simplex}
      queues: {q: {external: true}}
      processes:
        a: {task: take, use: p.a}
        b: {task: echo, in: p.b, out: p.b}
        c: {task: take, in: q, out: s}
        d: {task: discard, in: s}
      """)
    #expect(topology.process("a")?.inputs.map(\.port) == ["input"])
    #expect(topology.process("a")?.outputs.map(\.target.end) == [.a])
    #expect(topology.process("b")?.uses.map(\.name) == ["pipe"])
    #expect(topology.process("b")?.inputs.isEmpty == true)
    #expect(topology.process("c")?.outputs.map(\.target.end) == [.a])
    #expect(topology.process("d")?.inputs.map(\.target.end) == [.b])
  }

  @Test func scriptsKnowPortsByTheirNames() throws {
    let topology = try topology(
      "queues: [q, r]\nprocesses: {a: {script: x, in: {one: q, two: r}, out: {all: [q, r]}}}")
    #expect(topology.process("a")?.inputs.map(\.port) == ["one", "two"])
    #expect(topology.process("a")?.outputs.map(\.port) == ["all", "all"])
  }

  @Test func storesTheExactTypeOfAllWriters() throws {
    let topology = try topology(
      """
      queues: {ints: , mixed: , loop: , dead: , source: {dead_letter: dead}, script: , outside: {external: true}}
      pipes: {s: simplex, d: duplex}
      processes:
        a: {task: range, with: {stop: 1}, out: [ints, mixed, source, outside, s]}
        b: {task: read-lines, with: {path: x}, out: mixed}
        c: {task: take, in: ints, out: loop}
        d: {task: take, in: loop, out: loop}
        e: {script: x, in: source, out: [script, dead]}
        f: {task: discard, in: mixed}
        g: {task: discard, in: script}
        h: {task: take, in: s, out: d.a}
        i: {task: echo, use: d.b}
        j: {task: take, in: dead, out: dead}
      """)
    #expect(topology.queue("ints")?.storedType == .int64)
    #expect(topology.queue("mixed")?.storedType == .any)
    #expect(topology.queue("loop")?.storedType == .int64)
    #expect(topology.queue("source")?.storedType == .int64)
    #expect(topology.queue("dead")?.storedType == .any)
    #expect(topology.queue("script")?.storedType == .any)
    #expect(topology.queue("outside")?.storedType == .any)
    #expect(topology.queue("ints")?.itemType == .any)
    #expect(topology.pipe("s")?.storedTypeFromA == .int64)
    #expect(topology.pipe("d")?.storedTypeFromA == .int64)
    #expect(topology.pipe("d")?.storedTypeFromB == .any)
  }

  @Test func profilesChooseProcesses() throws {
    let text =
      "processes: {a: {script: x}, b: {script: x, profiles: [p]}, c: {script: x, profiles: [q], env_file: gone}}"
    #expect(try topology(text).processes.map(\.name) == ["a"])
    #expect(try topology(text) { $0.request.profiles = ["p"] }.processes.map(\.name) == ["a", "b"])
  }

  @Test func scaleReplacesReplicas() throws {
    let text = "processes: {a: {script: x, replicas: 2}}"
    #expect(try topology(text) { $0.request.scale = ["a": 5] }.processes.map(\.replicas) == [5])
    var loading = Loading(text)
    loading.request.scale = ["b": 1]
    #expect(loading.lines == ["error: '--scale' names 'b', which is no process"])
    loading.request.scale = ["a": 0]
    #expect(loading.lines == ["error: '--scale a=0' must be from 1 to 10000"])
  }

  @Test func environmentIsThatOfFilesThenOfTheProcess() throws {
    let text = """
      processes:
        a: {script: x, env_file: a.env, environment: {B: 2, C: , D: }}
        b: {script: x, env_file: [a.env, {path: gone, required: false}], environment: [B=x=y, C, 'E=']}
      """
    let topology = try topology(text) {
      $0.files["/home/ann/t/a.env"] = "A=1\nB=1\nC=1\n"
      $0.request.environment = ["D": "outer"]
    }
    let variables = topology.processes.map { $0.environment.map { "\($0.name)=\($0.value)" } }
    #expect(variables == [["A=1", "B=2", "D=outer"], ["A=1", "B=x=y", "E="]])
  }

  /// Seen to fail: the top's `environment` over a process's own file.
  @Test func environmentOfTheTopIsThatOfEachProcessUnderItsOwn() throws {
    let text = """
      env_file: top.env
      environment: {B: top, C: top, D: top, E: top}
      processes:
        a: {script: x}
        b: {script: x, env_file: a.env, environment: {D: own, E: }}
      """
    let topology = try topology(text) {
      $0.files["/home/ann/t/top.env"] = "A=file\nB=file\n"
      $0.files["/home/ann/t/a.env"] = "C=own file\n"
    }
    let variables = topology.processes.map { $0.environment.map { "\($0.name)=\($0.value)" } }
    #expect(
      variables == [["A=file", "B=top", "C=top", "D=top", "E=top"], ["A=file", "B=top", "C=own file", "D=own"]])
  }

  @Test func formsOfCommandsAreOne() throws {
    let topology = try topology("processes: {a: {run: 'a | b'}, b: {run: [a, '', b c]}}")
    #expect(
      topology.processes.map(\.work.words) == [["/bin/sh", "-c", "a | b"], ["a", "", "b c"]])
  }

  @Test func shortAndLongFormsAreOne() throws {
    let short = """
      values: {v: int64}
      arrays: {a: 'int32[4]'}
      queues: {q: 1024, r: }
      pipes: {p: duplex, s: simplex}
      locks: [l]
      semaphores: [one]
      conditions: {c: l}
      events: [e]
      barriers: {b: 1}
      managed: {m: dict}
      """
    let long = """
      values: {v: {type: int64, initial: 0}}
      arrays: {a: {type: int32, length: 4}}
      queues: {q: {capacity: 1024, bytes: 1MiB, type: any, on_full: block, max_deliveries: 5, external: false}, r: {}}
      pipes: {p: {duplex: true, bytes: 64KiB, type: any}, s: {duplex: false}}
      locks: {l: {recursive: false}}
      semaphores: {one: {initial: 1, bounded: true}}
      conditions: {c: {lock: l}}
      events: {e: {initial: false}}
      barriers: {b: {parties: 1}}
      managed: {m: {type: dict}}
      """
    let processes =
      "\nprocesses: {a: {script: x, in: q, out: [q, r, s], use: [v, a, p.a, l, one, c, e, b, m]}, z: {script: x, in: {r: r, s: s}, use: p.b}}"
    let kinds = try [short, long].map { try topology($0 + processes).resources.map(\.kind) }
    #expect(kinds[0] == kinds[1])
  }

  @Test func suggestsTheNearestName() {
    #expect(Loading.report("queues: {q: {capcity: 3}}").contains("= help: did you mean 'capacity'?"))
    #expect(Loading.report("processes: {a: {task: rnage}}").contains("= help: did you mean 'range'?"))
    #expect(Loading.report("processes: {a: {task: sleep, with: {fro: 1s}}}").contains("= help: did you mean 'for'?"))
    #expect(
      Loading.report("processes: {a: {script: x, depends_on: [bb]}, bbb: {script: x}}").contains(
        "did you mean 'bbb' (line 1)?"))
  }

  @Test func explainsTypesAtTheWriter() {
    let text = "queues: [q]\nprocesses:\n  a: {task: read-lines, with: {path: x}, out: q}\n  b: {task: sum, in: q}\n"
    #expect(
      Loading.report(text) == """
        t.yaml:4:22: error: process 'b' takes float64 or int64 from 'q', which gets string
            4 |   b: {task: sum, in: q}
              |                      ^
              = help: let 'b' read another queue, or put a kind between that turns one into the other
        t.yaml:3:47: note: process 'a' puts string
            3 |   a: {task: read-lines, with: {path: x}, out: q}
              |                                               ^

        """)
  }
}

extension ProcessDeclaration.Work {
  fileprivate var words: [String]? {
    if case .command(let words, _) = self { words } else { nil }
  }
}
