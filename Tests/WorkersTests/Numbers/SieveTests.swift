import Testing

@testable import Workers

@Suite struct SieveTests {
  private func primes(through limit: UInt64) -> [UInt64] {
    var sieve = PrimeSieve(limit: limit)
    var primes: [UInt64] = []
    for segment in 0..<sieve.segmentCount { sieve.forEachPrime(inSegment: segment) { primes.append($0) } }
    return primes
  }

  /// Seen to fail: the limit itself left out.
  @Test func findsThePrimesUpToAndIncludingTheLimit() {
    #expect(primes(through: 0).isEmpty)
    #expect(primes(through: 1).isEmpty)
    #expect(primes(through: 2) == [2])
    #expect(primes(through: 3) == [2, 3])
    #expect(primes(through: 9) == [2, 3, 5, 7])
    #expect(primes(through: 30) == [2, 3, 5, 7, 11, 13, 17, 19, 23, 29])
  }

  /// Seen to fail: the limit left out; primes whose square lies within the segment passed over.
  @Test(arguments: [65_535, 65_536, 65_537, 65_538, 131_071, 131_072] as [UInt64])
  func agreesWithTrialDivisionAroundTheEndsOfSegments(_ limit: UInt64) {
    let expected = (2...limit).filter { number in
      var divisor: UInt64 = 2
      while divisor * divisor <= number {
        if number.isMultiple(of: divisor) { return false }
        divisor += 1
      }
      return true
    }
    #expect(primes(through: limit) == expected)
  }

  /// Seen to fail: 2 not counted.
  @Test func countsTheKnownNumbersOfPrimes() {
    for (limit, count) in [(10, 4), (1000, 168), (1_000_000, 78_498), (2_000_000, 148_933)] as [(UInt64, UInt64)] {
      var sieve = PrimeSieve(limit: limit)
      #expect((0..<sieve.segmentCount).reduce(0) { $0 + sieve.primeCount(inSegment: $1) } == count)
    }
  }
}
