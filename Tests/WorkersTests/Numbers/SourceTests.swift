import Testing

@testable import Workers

@Suite struct SourceTests {
  /// Seen to fail: the rest given to nobody.
  @Test(arguments: [0, 1, 5, 7, 1000] as [UInt64], [1, 2, 3, 7])
  func slicesAreTheWholeInOrder(_ count: UInt64, _ replicas: Int) {
    let slices = (1...replicas).map { ReplicaSlice(of: count, replica: $0, replicas: replicas) }
    #expect(slices.flatMap { Array($0.lower..<$0.upper) } == Array(0..<count))
    let sizes = slices.map(\.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  private func integers(_ start: Int64, _ stop: Int64, _ step: Int64) -> [Int64] {
    let sequence = ArithmeticSequence(start: start, stop: stop, step: step)
    return (0..<sequence.count).map { sequence[$0] }
  }

  /// Seen to fail: one more where the last step ends at `stop`.
  @Test func sequencesEndBeforeStop() {
    #expect(integers(0, 5, 1) == [0, 1, 2, 3, 4])
    #expect(integers(1, 10, 3) == [1, 4, 7])
    #expect(integers(5, 0, -2) == [5, 3, 1])
    #expect(integers(5, 5, 1) == [])
    #expect(integers(5, 0, 1) == [])
    #expect(integers(0, 5, -1) == [])
  }

  /// Seen to fail: the distance as an int64.
  @Test func sequencesSpanTheWholeRangeOfInt64() {
    let all = ArithmeticSequence(start: .min, stop: .max, step: 1)
    #expect(all.count == .max)
    #expect(all[all.count - 1] == .max - 1)
    #expect(integers(.min, .max, .max) == [.min, -1, .max - 1])
    #expect(integers(.max, .min, .min) == [.max, -1])
  }
}
