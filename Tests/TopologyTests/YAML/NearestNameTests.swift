import Testing

@testable import Topology

@Suite struct NearestNameTests {
  /// Seen to fail: a swap counted as two edits.
  @Test(arguments: [
    ("linez", ["counts", "lines"], "lines"), ("repilcas", ["replicas", "restart"], "replicas"),
    ("Count", ["read", "count"], "count"), ("fail-fast", ["fail_fast", "name"], "fail_fast"),
    ("proceses", ["processes", "pipes"], "processes"), ("int46", ["int32", "int64"], "int64"),
    ("lin", ["line", "lint"], "line"), ("tak", ["task"], "task"),
  ])
  func findsTheOneMostLikelyMeant(name: String, candidates: [String], expected: String) {
    #expect(nearest(to: name, among: candidates) == expected)
  }

  /// Seen to fail: names of a letter or two compared too.
  @Test(arguments: [
    ("banana", ["lines", "counts"]), ("a", ["b", "c"]), ("q1", ["q2"]), ("", ["a"]), ("x", []), ("lines", ["lines"]),
  ])
  func saysNothingWhereNothingIsNear(name: String, candidates: [String]) {
    #expect(nearest(to: name, among: candidates) == nil)
  }

  @Test func longNamesCostNothing() {
    let long = String(repeating: "x", count: 1_000_000)
    #expect(nearest(to: long, among: [long + "y"]) == nil)
  }
}
