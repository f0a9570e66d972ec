import Testing

/// Numbers at the edges of 64 bits and of float32, by every way that a user sees them.
@Suite(.serialized) struct WideNumberTests {
  private static let most = "18446744073709551615"

  /// Seen to fail: no line of the value, rounded floats by way of JSON, "an integer above 2^63-1" between queues.
  @Test func aUInt64ComesThroughDigitForDigit() throws {
    let outcome = try World.run(
      topology: """
        values: {u: {type: uint64, initial: \(Self.most)}}
        arrays: {a: {type: uint64, initial: [\(Self.most), 1]}}
        queues: {wide: {type: uint64}, any: , back: {type: uint64}, texts: {type: uint64}, lines: }
        processes:
          value: {task: print, use: {value: u}}
          items: {task: items, with: {items: [\(Self.most)]}, out: wide}
          convert: {task: take, with: {count: 1}, in: wide, out: any}
          json: {run: cat, with: {format: json}, in: any, out: back}
          text: {run: cat, in: back, out: texts}
          show: {task: print, in: texts}
          scan: {task: scan, use: {array: a}, out: lines}
          most: {task: max, in: lines}
        """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.lines.sorted() == [Self.most, Self.most, Self.most], "\(outcome.lines)")
  }

  /// Seen to fail: 1.8446744073709552e+19 and 1.2345678901234568e+20, exit 0.
  @Test(arguments: [
    (#"{"id": 123456789012345678901}"#, "an integer beyond 64 bits"), ("1e309", "out of the range of float64"),
    (#""\ud800""#, "half of a surrogate pair"), ("NaN", "NaN and infinities are none"),
  ])
  func whatNoItemHoldsFailsItsCommand(line: String, words: String) throws {
    try World.with { world in
      _ = try world.write("lines", line + "\n")
      let file = try world.write(
        "t.yaml",
        """
        queues: [q]
        processes:
          c: {run: [cat, lines], with: {format: json}, out: q}
          p: {task: print, in: q}
        """)
      let outcome = try world.run("up", "--no-log-prefix", file)
      #expect(outcome.status == 1)
      #expect((outcome.text + outcome.errors).contains(words), "\(outcome)")
    }
  }

  /// Seen to fail: by way of a float a digit less, or infinite.
  @Test(arguments: [
    ("int64", "-9223372036854775809", false), ("int64", "9007199254740993.0", true), ("uint64", "1e19", true),
    ("float64", "1e309", false), ("float64", "inf", true), ("float32", "1e39", false), ("uint8", "256", false),
  ])
  func aLineIsTheNumberOrNone(type: String, text: String, isTaken: Bool) throws {
    let outcome = try World.run(
      topology: """
        queues: {q: {type: \(type)}}
        processes:
          c: {run: [echo, "\(text)"], out: q}
          p: {task: print, in: q}
        """)
    #expect((outcome.status == 0) == isTaken, "\(outcome)")
    if text.hasSuffix("93.0") { #expect(outcome.lines == ["9007199254740993"]) }
  }

  /// Seen to fail: an infinity, or "out of its range" of what is in it.
  @Test(arguments: ["racing", "atomic", "locked"]) func incrementIsExactOrFails(mode: String) throws {
    let outcome = try World.run(
      topology: """
        values:
          u: {type: uint64, initial: 9223372036854775807}
          d: {type: uint64, initial: \(Self.most)}
          w: {type: uint64, initial: 1}
          f: {type: float32, initial: 3.0e+38}
        locks: [a, b, c, e]
        processes:
          up: {task: increment, with: {mode: \(mode)}, use: {value: u, lock: a}}
          down: {task: increment, with: {by: -1, mode: \(mode)}, use: {value: d, lock: b}}
          wide: {task: increment, with: {by: 18446744073709551614, mode: \(mode)}, use: {value: w, lock: c}}
          over: {task: increment, with: {by: 3.0e+38, mode: \(mode)}, use: {value: f, lock: e}}
          show:
            task: print
            use: {value: u}
            depends_on: {up: {condition: completed_successfully}}
          shown:
            task: print
            use: {value: d}
            depends_on: {down: {condition: completed_successfully}}
          all:
            task: print
            use: {value: w}
            depends_on: {wide: {condition: completed_successfully}}
          f:
            task: print
            use: {value: f}
            depends_on: {over: {condition: completed}}
        """)
    #expect(outcome.status == 1)
    #expect(
      outcome.lines.filter { !$0.contains(" ") }.sorted() == [
        "18446744073709551614", Self.most, "3e+38", "9223372036854775808",
      ], "\(outcome.lines)")
    #expect((outcome.text + outcome.errors).contains("value 'f' holds float32, and"), "\(outcome.text)")
  }

  /// Seen to fail: infinite, and a sum given that was not the value.
  @Test func aScriptsFloat32IsWhatIsStored() throws {
    let outcome = try World.run(
      topology: """
        values: {f: float32, u: uint64}
        arrays: {a: "float32[1]"}
        queues: {q: {type: float32}}
        processes:
          s:
            use: [f, u, a]
            in: {i: q}
            out: {o: q}
            script: |
              HELPERS
              f:set(3e38) a[1] = 3e38
              raises("3e%+38 is out of the range of float32", function() f:add(3e38) end)
              raises("out of the range of float32", function() a:add(1, 3e38) end)
              raises("out of the range of float32", function() f:set(1e39) end)
              f:set(0) print(f:add(0.1) == f:get(), f:get() == a:add(1, -3e38) or a[1] < 1e32)
              u:set(1e19)
              raises("above 2^63%-1", function() return u:get() end)
              u:set(2^53) print(u:add(-1))
              u:set(math.maxinteger)
              raises("out of the range of int64", function() u:add(1) end) print(u:get() == math.maxinteger)
              for _, wrong in ipairs{-1, 'x', 0/0} do
                raises("a time%-out", o.put, o, 1, wrong) raises("a time%-out", i.get, i, wrong)
              end
        """)
    #expect(outcome.status == 0, "\(outcome.errors) \(outcome.text)")
    #expect(outcome.lines == ["true\ttrue", "9007199254740991", "true"])
  }

  /// Seen to fail: 0.10000000149011612.
  @Test func aFloat32ShowsAsItsOwnShortestText() throws {
    let outcome = try World.run(
      topology: """
        values: {v: {type: float32, initial: 0.1}}
        arrays: {a: {type: float32, initial: [0.1]}}
        queues: {p: {type: float32}, s: {type: float32}, m: {type: float32}}
        processes:
          i: {task: items, with: {items: [0.1]}, out: [p, s, m]}
          value: {task: print, use: {value: v}}
          print: {task: print, in: p}
          sort: {task: sort, in: s}
          max: {task: max, in: m}
          scan: {task: scan, use: {array: a}}
          reduce: {task: reduce, with: {operation: max}, use: {array: a}}
        """)
    #expect(outcome.lines == Array(repeating: "0.1", count: 6))
  }

  /// Seen to fail: an end five seconds late, an hour with `every: 1h`.
  @Test func tickEndsWithItsLastTickWhicheverReplicaHasIt() throws {
    let outcome = try World.run(
      topology: """
        queues: [q]
        processes:
          t: {task: tick, with: {every: 1h, count: 3}, replicas: 3, out: q}
          p: {task: print, in: q}
        """, within: 60)
    #expect(outcome.status == 0)
    #expect(outcome.lines.sorted() == ["1", "2", "3"])
  }
}
