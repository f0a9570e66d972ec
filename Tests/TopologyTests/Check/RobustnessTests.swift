import Testing
import Topology

@Suite struct RobustnessTests {
  private static let oddValues = [
    "", "~", "[]", "{}", "[[]]", "[~]", "{~: ~}", "{a: {b: c}}", "[{a: b}]", "''", "-1", "1e400",
    "99999999999999999999",
    ".nan", "true", "p.a", "a.b.c", "[q, q]", "{input: [q], output: q}", "*x", "&x", "\"\\0\"", "${X}", "!!int x",
    "- -",
  ]

  /// Whatever stands in the place of a value, there is a diagnostic or a topology, and never both an error and one.
  @Test func takesAnythingAnywhere() {
    let lines = OutputTests.everything.split(separator: "\n", omittingEmptySubsequences: false)
    var turn = 0
    for (position, line) in lines.enumerated() {
      for colon in line.indices where line[colon] == ":" {
        // A few at each place, in turn, so that the whole is quick and each meets every sort of place.
        for _ in 0..<5 {
          var changed = lines.map(String.init)
          changed[position] = line[...colon] + " " + Self.oddValues[turn % Self.oddValues.count]
          check(changed)
          turn += 1
        }
      }
      check(lines.enumerated().filter { $0.offset != position }.map { String($0.element) })
    }
  }

  private func check(_ lines: [String]) {
    let result = Loading(lines.joined(separator: "\n")).result()
    #expect(result.diagnostics.hasErrors == (result.topology == nil))
    if let topology = result.topology {
      let text = ResolvedTopology.text(of: topology, signatures: TestCatalogue.signatures)
      let again = Loading(text).result()
      #expect(again.topology != nil, "\(DiagnosticRenderer(sources: again.sources).render(again.diagnostics))\n\(text)")
      #expect(!topology.dot.isEmpty && !topology.mermaid.isEmpty)
    }
  }

  @Test func takesLongChains() throws {
    let count = 2000
    var text = "queues:\n" + (0...count).map { "  q\($0): {}\n" }.joined() + "processes:\n"
    text += "  sink: {task: discard, in: q0}\n"
    // Consumers before producers: types flow against the order of the file.
    for index in 0..<count {
      let dependency = index > 0 ? ", depends_on: [p\(index - 1)]" : ""
      text += "  p\(index): {task: take, in: q\(index + 1), out: q\(index)\(dependency)}\n"
    }
    text += "  source: {task: range, with: {stop: 1}, out: q\(count)}\n"
    let result = Loading(text).result()
    #expect(result.diagnostics.isEmpty)
    #expect(result.topology?.queue("q0")?.storedType == .int64)
  }
}
