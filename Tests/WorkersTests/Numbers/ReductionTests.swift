import Testing
import Topology

@testable import Workers

@Suite struct ReductionTests {
  private func reduce<State: Reduction>(_ parts: [[Number]], as type: State.Type) throws -> Number {
    let states = parts.map { part in
      var state = State()
      for number in part { state.take(number) }
      return state
    }
    return try State.combining(states).result()
  }

  /// Seen to fail: three words more in a sum.
  @Test func statesFitWhatSharedMemoryKeeps() {
    #expect(MemoryLayout<Summation>.size <= 64)
    #expect(MemoryLayout<Averaging>.size <= 64)
    #expect(MemoryLayout<Extremum<Least>>.size <= 64)
    #expect(MemoryLayout<Multiplication>.size <= 64)
  }

  /// Seen to fail: the carry between the two words left out.
  @Test func sumsIntegersExactlyWhateverTheOrder() throws {
    #expect(try reduce([], as: Summation.self) == .int(0))
    #expect(try reduce([[.int(.max), .int(1)], [.int(-1)]], as: Summation.self) == .int(.max))
    #expect(try reduce([[.int(.min), .int(-1)], [.int(5)]], as: Summation.self) == .int(.min + 4))
    #expect(try reduce([[.int(.max)], [.int(1)]], as: Summation.self) == .unsigned(1 << 63))
    #expect(try reduce([[.int(-3), .int(-4)]], as: Summation.self) == .int(-7))
  }

  /// Seen to fail: a sum that wraps.
  @Test func refusesASumOutOfRange() {
    #expect(throws: KindFailure.self) { try reduce([[.unsigned(.max)], [.int(1)]], as: Summation.self) }
    #expect(throws: KindFailure.self) { try reduce([[.int(.min)], [.int(-1)]], as: Summation.self) }
  }

  /// Seen to fail: nothing carried.
  @Test func carriesWhatFloatsLose() throws {
    #expect(try reduce([[.float(1e100), .float(1)], [.float(-1e100)]], as: Summation.self) == .float(1))
    #expect(try reduce([[.float(0.5), .int(1)]], as: Summation.self) == .float(1.5))
    #expect(try reduce([[.float(.infinity), .float(1)]], as: Summation.self) == .float(.infinity))
    #expect(try reduce([[.float(.nan)], [.float(1)]], as: Summation.self).isNaN)
    #expect(try reduce([[.float(.infinity)], [.float(-.infinity)]], as: Summation.self).isNaN)
  }

  /// Seen to fail: of no numbers NaN instead of an error.
  @Test func meansAreFloats() throws {
    #expect(try reduce([[.int(1), .int(2)], [], [.int(6)]], as: Averaging.self) == .float(3))
    #expect(try reduce([[.int(.max), .int(.max)]], as: Averaging.self) == .float(Double(Int64.max)))
    #expect(throws: KindFailure.self) { try reduce([[]], as: Averaging.self) }
  }

  /// Seen to fail: the last replica's taken for all.
  @Test func findsTheLeastAndTheGreatest() throws {
    let parts: [[Number]] = [[.int(3), .float(2.5)], [], [.unsigned(.max), .int(-1)]]
    for parts in [parts, parts.reversed()] {
      #expect(try reduce(parts, as: Extremum<Least>.self) == .int(-1))
      #expect(try reduce(parts, as: Extremum<Greatest>.self) == .unsigned(.max))
    }
    #expect(throws: KindFailure.self) { try reduce([[], []], as: Extremum<Least>.self) }
  }

  /// Seen to fail: a NaN that comes later passed over.
  @Test func aNaNIsNeverPassedOver() throws {
    for parts: [[Number]] in [[[.float(.nan), .int(1)]], [[.int(1)], [.float(.nan)]], [[.float(1), .float(.nan)]]] {
      #expect(try reduce(parts, as: Extremum<Least>.self).isNaN)
      #expect(try reduce(parts, as: Extremum<Greatest>.self).isNaN)
    }
  }

  /// Seen to fail: the last replica's sign taken for all; an overflow forgotten.
  @Test func multipliesExactlyOrRefuses() throws {
    #expect(try reduce([], as: Multiplication.self) == .int(1))
    #expect(try reduce([[.int(-2), .int(3)], [.int(-4)]], as: Multiplication.self) == .int(24))
    #expect(try reduce([[.int(1 << 62)], [.int(-2)]], as: Multiplication.self) == .int(.min))
    #expect(try reduce([[.int(1 << 62), .int(4)], [.int(0)]], as: Multiplication.self) == .int(0))
    #expect(try reduce([[.float(0.5)], [.int(-3)]], as: Multiplication.self) == .float(-1.5))
    #expect(throws: KindFailure.self) { try reduce([[.int(1 << 62)], [.int(4)]], as: Multiplication.self) }
    #expect(throws: KindFailure.self) {
      try reduce([[.int(.min), .int(-1), .int(-1), .int(-2)]], as: Multiplication.self)
    }
  }
}
