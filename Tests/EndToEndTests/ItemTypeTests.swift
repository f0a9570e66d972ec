import Testing

/// What the built-in kinds say of the types of their items, against what comes to them.
@Suite struct ItemTypeTests {
  // Seen to fail: an input that lists `any` taken for one of every type.
  @Test func aKindIsNotGivenWhatItCanNotTake() throws {
    #expect(
      try Self.errors(
        """
        queues: {n: {type: int64}, s: {type: string}, b: {type: bytes}, c: {}, u: {}, w: {}}
        processes:
          numbers: {task: range, with: {stop: 3}, out: [n, u]}
          words: {task: count-words, in: n, out: c}
          split: {task: split-words, in: u, out: s}
          sum: {task: sum, in: s}
          merge: {task: merge-counts, in: n, out: w}
          upper: {task: compute, with: {function: upper}, in: n, out: w}
          lower: {task: compute, with: {function: lower}, in: b, out: w}
          square: {task: compute, with: {function: square}, in: s, out: w}
          gather: {task: batch, with: {size: 3}, in: n, out: n}
          counts: {task: count-words, in: s, out: s}
          two: {task: take, with: {count: 2}, in: u, out: w}
          words2: {task: count-words, in: w, out: c}
        """) == [
          "4:34: process 'words' takes bytes or string from 'n', which holds int64",
          "5:34: process 'split' takes bytes or string from 'u', which gets int64",
          "6:24: process 'sum' takes numbers from 's', which holds string",
          "7:35: process 'merge' takes lists or maps from 'n', which holds int64",
          "8:55: process 'upper' takes string from 'n', which holds int64",
          "9:55: process 'lower' takes string from 'b', which holds bytes",
          "10:57: process 'square' takes numbers from 's', which holds string",
          "11:54: process 'gather' puts lists or maps into 'n', which holds int64",
          "12:43: process 'counts' puts lists or maps into 's', which holds string",
          "14:35: process 'words2' takes bytes or string from 'w', which gets int64",
        ])
  }

  /// Of a queue of any items, of unknown ones and of such as may be what is due, nothing is known.
  @Test func whatMayFitIsLetThrough() throws {
    #expect(
      try Self.errors(
        """
        queues: {n: {type: int8}, s: {type: string}, a: {}, e: {external: true}, m: {}, l: {}, c: {}, o: {}}
        processes:
          lua: {script: "output:put(1)", out: a}
          sum: {task: sum, in: a}
          words: {task: count-words, in: e, out: c}
          merge: {task: merge-counts, in: c}
          mixed: {task: items, with: {items: [1, x, 2.5]}, out: m}
          sum2: {task: sum, in: m}
          split: {task: split-words, in: m, out: s}
          length: {task: compute, with: {function: length}, in: l, out: o}
          gather: {task: batch, with: {size: 3}, in: n, out: l}
          few: {task: items, with: {items: [-128, 127, 2.0]}, out: n}
          sort: {task: sort, in: s}
          all: {task: print, in: o}
        """) == [])
  }

  // Seen to fail: literals not compared with the type of their queue.
  @Test func aListedItemMustFitItsQueue() throws {
    #expect(
      try Self.errors(
        """
        queues: {n: {type: int8}, s: {type: string}, f: {type: float32}, u: {type: uint64}, b: {type: bool}, o: {}}
        processes:
          n: {task: items, with: {items: [1, 300, x, 1.5, 2.0, [1], null, true]}, out: n}
          s: {task: items, with: {items: [x, 1, '1']}, out: s}
          f: {task: items, with: {items: [1, 1.5, 1e300]}, out: f}
          u: {task: items, with: {items: [1e19, -1]}, out: u}
          b: {task: items, with: {items: [true, 1]}, out: b}
          o:
            task: items
            with:
              items:
                - 1
                - [2, {deep: 9223372036854775808}]
            out: o
          all: {task: split-words, in: o, out: s}
        """) == [
          "3:38: process 'n' puts 300 into 'n', which holds int8",
          "3:43: process 'n' puts 'x' into 'n', which holds int8",
          "3:46: process 'n' puts 1.5 into 'n', which holds int8",
          "3:56: process 'n' puts a list into 'n', which holds int8",
          "3:61: process 'n' puts null into 'n', which holds int8",
          "3:67: process 'n' puts true into 'n', which holds int8",
          "4:38: process 's' puts 1 into 's', which holds string",
          "5:43: process 'f' puts 1e+300 into 'f', which holds float32",
          "6:41: process 'u' puts -1 into 'u', which holds uint64",
          "7:41: process 'b' puts 1 into 'b', which holds bool",
        ])
  }

  /// `line:column: message` of each error of a check.
  private static func errors(_ text: String) throws -> [String] {
    var errors: [String] = []
    try World.with { world in
      let check = try world.run("check", try world.write("t.yaml", text))
      #expect(check.errors == "")
      errors = check.lines.compactMap { line in
        guard let found = line.wholeMatch(of: /.*t\.yaml:(\d+:\d+): error: (.*)/) else { return nil }
        return "\(found.1): \(found.2)"
      }
    }
    return errors
  }
}
