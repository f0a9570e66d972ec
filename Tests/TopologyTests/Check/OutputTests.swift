import Testing

@testable import Topology

@Suite struct OutputTests {
  static let everything = #"""
    name: all
    fail_fast: true
    logging: {max_size: 1MB, max_files: 3}
    environment: {TOP: 't $${X}', A: top, GONE: top}
    values: {v: int8, w: {type: float64, initial: .5}, u: {type: uint64, initial: 18446744073709551615}}
    arrays: {a: 'int32[4]', b: {type: bool, initial: [true, false]}}
    queues: {q: 7, r: {bytes: 64KiB, type: int64, on_full: drop_old, max_deliveries: 2, dead_letter: d}, d: , ext: {external: true}}
    pipes: {p: , s: simplex, t: {duplex: false, bytes: 1KiB, type: bytes}}
    locks: [l, {}]
    """#.replacingLast("[l, {}]", with: "{l: , m: {recursive: true}}") + #"""

      semaphores: {sem: 3, sig: {initial: 0, bounded: false}}
      conditions: {c: l}
      events: {e: true, f: {initial: false}}
      barriers: {bar: 2}
      managed: {list: {type: list, initial: [1, two, {three: [null, 4.5]}]}, ns: namespace}
      pools: {pool: {size: 2, script: "return function(x)\n  return x end", with: {k: '$${HOME}'}, use: [m]}, tasks: {task: double, max_tasks_per_worker: 9}}
      processes:
        tick: {task: tick, with: {every: 1m0.5s}, out: [q, r]}
        add:
          task: sum
          in: r
          use: w
        one: {task: echo, in: p.a, out: p.a}
        two:
          script: |2
              -- starts indented, ${NOT} a variable
            wait{p}

            print("…\t")
          use: {p: p.b, sem: sem, sig: sig, c: c, e: e, ev: f, bar: bar, things: list, ns: ns, pool: pool, tasks: tasks}
          with: {text: "a: #b\n\u0001 'c' \"d\" \\", list: [1, -2.5e300, .inf, true, ~, '7', '~', ''], map: {'1': {}}}
          replicas: 1
        three:
          run: [echo, '', "two words", '$${X}']
          in: q
          out: {output: [s, ext]}
          with: {replies: each}
          depends_on: {tick: , two: {condition: completed_successfully}}
          restart: on-failure:3
          restart_delay: 1500us
          environment: {A: 1, B: '', C: 'x ${V:-y}', GONE: }
          working_dir: /data
          cpus: 0-2
          nice: -3
          timeout: 2h
          healthcheck: {test: 'true', interval: 2s, timeout: 1s, retries: 1, start_period: 3s}
          stop_signal: 10
          stop_grace_period: 0
        four: {script: x, in: {left: d, right: s}, out: t, use: [v, u, a, b], ready_log_line: '^up \d+$', restart: always}
        five: {task: discard, in: ext, replicas: 2, profiles: [x]}
        six: {task: discard, in: t}
        seven: {script: 'wait(bar)', use: bar}
      """#

  @Test func resolvedFileReadsBackAsAnEqualTopology() throws {
    var loading = Loading(Self.everything)
    loading.request.profiles = ["x"]
    #expect(loading.report == "")
    let topology = try #require(loading.result().topology)
    let text = ResolvedTopology.text(of: topology, signatures: TestCatalogue.signatures)
    var again = Loading(text)
    again.request.profiles = ["x"]
    #expect(again.report == "")
    let other = try #require(again.result().topology)
    #expect(ResolvedTopology.text(of: other, signatures: TestCatalogue.signatures) == text)
    #expect(other.resources.map(\.withoutPlaces) == topology.resources.map(\.withoutPlaces))
    #expect(other.processes.map(\.withoutPlaces) == topology.processes.map(\.withoutPlaces))
    #expect(other.name == topology.name && other.logging == topology.logging && other.failFast)
  }

  @Test func resolvedFileIsInCanonicalLongForm() throws {
    let topology = try #require(Loading(ContractTests.wordCount).result().topology)
    let text = ResolvedTopology.text(of: topology, signatures: TestCatalogue.signatures)
    #expect(
      text.hasPrefix(
        """
        name: wordcount
        fail_fast: false
        logging:
          max_size: 10485760
          max_files: 10
        queues:
          lines:
            capacity: 1024
            bytes: 1048576
            type: any
            on_full: block
            max_deliveries: 5
            external: false

        """))
    #expect(
      text.hasSuffix(
        """
          top:
            task: write-lines
            in:
              input: counts
            with:
              path: "-"
            replicas: 1
            restart: no
            restart_delay: 100ms
            stop_signal: SIGTERM
            stop_grace_period: 10s

        """))
  }

  @Test(arguments: [
    "a\n", "a", "\n a\n\n", "a\r\nb", "  x\n y", "a\u{85}b", "\t", " ", "x\n   \ny\n", "#", "- a", "a\u{2028}",
  ])
  func scriptsKeepEachCharacter(_ source: String) throws {
    let tree = YAMLTree.map([("processes", .map([("a", .map([("script", .script(source))]))]))])
    let topology = try #require(Loading(tree.rendered()).result().topology)
    guard case .script(let read)? = topology.process("a")?.work else {
      Issue.record("no script")
      return
    }
    #expect(read.source == source)
  }

  @Test(arguments: [
    "", "~", "no", "true", "1", "1.0", "0x1F", "- a", "-", "a: b", "a #b", "${X}", "$${X}", "$$", "ä\"\\", "\u{7F}\0",
    "<<", "=", "...", "---", "'", "%", "@x", " x ", "a,b", "[x]", "\u{1F600}", "\r\n",
  ])
  func textsKeepEachCharacter(_ text: String) throws {
    let with = YAMLTree.map([("k", .list([.text(text)]))])
    let tree = YAMLTree.map([("processes", .map([("a", .map([("script", .script("x")), ("with", with)]))]))])
    let topology = try #require(Loading(tree.rendered()).result().topology)
    #expect(topology.process("a")?.arguments["k"] == .list([.string(text)]))
  }

  // MARK: Graphs

  private var pictured: Topology {
    get throws {
      let text = #"""
        queues: [q, r]
        pipes: [p]
        locks: [l]
        processes:
          a: {run: ['say', '"hi" \ <b> #1'], out: [q, r]}
          b: {task: discard, in: q, replicas: 3, depends_on: {a: {condition: completed}}}
          c: {script: x, in: {one: r}, use: {guard: l, link: p.a}}
          d: {task: echo, use: p.b}
        """#
      return try #require(Loading(text).result().topology)
    }
  }

  @Test func drawsDOT() throws {
    #expect(
      try pictured.dot == #"""
        digraph "t" {
          rankdir=LR;
          node [fontname="sans-serif"];
          edge [fontname="sans-serif", fontsize=10];
          r0 [shape=cds, label="q\nqueue of string"];
          r1 [shape=cds, label="r\nqueue of string"];
          r2 [shape=larrow, label="p\nduplex pipe"];
          r3 [shape=diamond, label="l\nlock"];
          p0 [shape=box, label="a\nsay \"hi\" \\ <b> #1"];
          p1 [shape=box, label="b ×3\ndiscard"];
          p2 [shape=box, label="c\nscript"];
          p3 [shape=box, label="d\necho"];
          p0 -> r0;
          p0 -> r1;
          r0 -> p1;
          r1 -> p2;
          p2 -> r3 [dir=none, label="guard"];
          p2 -> r2 [dir=both, label="link (a)"];
          p3 -> r2 [dir=both, label="pipe (b)"];
          p1 -> p0 [style=dashed, constraint=false, label="completed"];
        }

        """#)
  }

  @Test func drawsMermaid() throws {
    #expect(
      try pictured.mermaid == #"""
        ---
        title: t
        ---
        flowchart LR
          r0[/"q<br/>queue of string"/]
          r1[/"r<br/>queue of string"/]
          r2>"p<br/>duplex pipe"]
          r3{"l<br/>lock"}
          p0["a<br/>say #quot;hi#quot; \ #lt;b#gt; #35;1"]
          p1["b ×3<br/>discard"]
          p2["c<br/>script"]
          p3["d<br/>echo"]
          p0 --> r0
          p0 --> r1
          r0 --> p1
          r1 --> p2
          p2 ---|"guard"| r3
          p2 <-->|"link (a)"| r2
          p3 <-->|"pipe (b)"| r2
          p1 -.->|"completed"| p0

        """#)
  }
}

// Places differ between a file and its resolved form; all else must not.

private let nowhere = Place(file: "", line: 0, column: 0, endColumn: 0)

extension Resource {
  fileprivate var withoutPlaces: Resource {
    var resource = self
    resource.place = nowhere
    if case .pool(var pool) = kind {
      pool.work = pool.work.withoutPlaces
      pool.parameters = pool.parameters.map { Argument(name: $0.name, value: $0.value, place: nowhere) }
      pool.uses = pool.uses.map(\.withoutPlaces)
      resource.kind = .pool(pool)
    }
    return resource
  }
}

extension ProcessDeclaration {
  fileprivate var withoutPlaces: ProcessDeclaration {
    var process = self
    process.replicasPlace = nil
    process.place = nowhere
    process.keyPlaces = [:]
    process.work = work.withoutPlaces
    process.inputs = inputs.map { PortBinding(port: $0.port, target: $0.target.withoutPlace) }
    process.outputs = outputs.map { PortBinding(port: $0.port, target: $0.target.withoutPlace) }
    process.uses = uses.map(\.withoutPlaces)
    process.parameters = parameters.map { Argument(name: $0.name, value: $0.value, place: nowhere) }
    process.dependencies = dependencies.map { .init(process: $0.process, condition: $0.condition, place: nowhere) }
    return process
  }
}

extension UseBinding {
  fileprivate var withoutPlaces: UseBinding { UseBinding(name: name, target: target.withoutPlace) }
}

extension ResourceReference {
  fileprivate var withoutPlace: ResourceReference { ResourceReference(resource: resource, end: end, place: nowhere) }
}

extension ProcessDeclaration.Work {
  fileprivate var withoutPlaces: ProcessDeclaration.Work {
    switch self {
    case .kind(let name, _): .kind(name: name, place: nowhere)
    case .script(let script): .script(Script(script.source, at: nowhere))
    case .command(let words, _): .command(words, place: nowhere)
    }
  }
}
