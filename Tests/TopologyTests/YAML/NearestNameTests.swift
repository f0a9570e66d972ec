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

  /// Seen to fail: with the bits of the row before left out of a swap.
  @Test func theBitsOfAWordComputeTheTableOfDistances() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<3000 {
      let (left, right) = (Self.word(&generator), Self.word(&generator))
      let limit = max(left.count, right.count) < 3 ? 0 : (max(left.count, right.count) + 2) / 3
      let isNear = Self.distance(Array(left), Array(right)) <= limit && left != right
      let isLonger = left.count > 2 && right.count > left.count && right.hasPrefix(left)
      #expect((nearest(to: left, among: [right]) != nil) == (isNear || isLonger), "\(left) \(right)")
    }
  }

  private static func word(_ generator: inout SystemRandomNumberGenerator) -> String {
    String((0..<Int.random(in: 1...9, using: &generator)).map { _ in "abé".randomElement(using: &generator)! })
  }

  /// Optimal string alignment, as its recursion says.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var table = (0...left.count).map { row in (0...right.count).map { row == 0 ? $0 : $0 == 0 ? row : 0 } }
    for row in left.indices {
      for column in right.indices {
        var best = min(table[row][column + 1], table[row + 1][column]) + 1
        best = min(best, table[row][column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, table[row - 1][column - 1] + 1)
        }
        table[row + 1][column + 1] = best
      }
    }
    return table[left.count][right.count]
  }

  /// Each of many wrong names in one question; what is asked of past all reason gets no answer, and ends.
  @Test func manyQuestionsHaveTheirAnswers() {
    let names = (0..<400).map { "queue_\($0)_of_many" }
    let near = NearNames(names)
    for index in 0..<400 { #expect(near.nearest(to: "quuee_\(index)_of_many") == index) }
    #expect(near.nearest(to: "queue_7_of_many") { $0 != 7 } != 7)
  }

  @Test func longNamesCostNothing() {
    let long = String(repeating: "x", count: 1_000_000)
    #expect(nearest(to: long, among: [long + "y"]) == nil)
  }
}
