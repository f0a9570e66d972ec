/// The primes up to and including a limit, by Eratosthenes, in segments that fit a core's first cache.
struct PrimeSieve {
  /// Numbers in a segment; a byte stands for an odd one.
  static let segmentLength: UInt64 = 65_536

  let limit: UInt64
  /// The odd primes up to the limit's square root.
  private let basePrimes: [UInt64]
  /// Of the odd numbers of the segment sieved last.
  private var isComposite = [Bool](repeating: false, count: Int(segmentLength / 2))

  /// `limit` is below 2^62.
  init(limit: UInt64) {
    self.limit = limit
    basePrimes = Self.oddPrimes(through: Self.squareRoot(limit))
  }

  var segmentCount: UInt64 { limit / Self.segmentLength + 1 }

  /// Calls `body` with each prime of a segment, in ascending order.
  mutating func forEachPrime(inSegment segment: UInt64, _ body: (UInt64) throws -> Void) rethrows {
    sieve(segment)
    let start = segment * Self.segmentLength
    if segment == 0 && limit >= 2 { try body(2) }
    for index in 0..<oddCount(segment) where !isComposite[index] {
      try body(start + 2 * UInt64(index) + 1)
    }
  }

  mutating func primeCount(inSegment segment: UInt64) -> UInt64 {
    sieve(segment)
    var count: UInt64 = segment == 0 && limit >= 2 ? 1 : 0
    for index in 0..<oddCount(segment) where !isComposite[index] { count += 1 }
    return count
  }

  /// How many odd numbers up to the limit a segment has.
  private func oddCount(_ segment: UInt64) -> Int {
    let numbers = min(Self.segmentLength, limit - segment * Self.segmentLength + 1)
    return Int(numbers / 2)
  }

  private mutating func sieve(_ segment: UInt64) {
    let start = segment * Self.segmentLength
    let end = start + Self.segmentLength
    isComposite.withUnsafeMutableBufferPointer { flags in
      flags.update(repeating: false)
      for prime in basePrimes {
        if prime * prime >= end { break }
        var index = Int((Self.firstOddMultiple(of: prime, from: start) - start) / 2)
        while index < flags.count {
          flags[index] = true
          index += Int(prime)
        }
      }
      if segment == 0 { flags[0] = true }
    }
  }

  /// At least the prime's square: smaller multiples have a smaller prime factor.
  private static func firstOddMultiple(of prime: UInt64, from start: UInt64) -> UInt64 {
    let multiple = max(prime, (start + prime - 1) / prime) * prime
    return multiple.isMultiple(of: 2) ? multiple + prime : multiple
  }

  private static func squareRoot(_ number: UInt64) -> UInt64 {
    var root = UInt64(Double(number).squareRoot())
    while root * root > number { root -= 1 }
    while (root + 1) * (root + 1) <= number { root += 1 }
    return root
  }

  private static func oddPrimes(through limit: UInt64) -> [UInt64] {
    guard limit >= 3 else { return [] }
    var isComposite = [Bool](repeating: false, count: Int(limit) + 1)
    var primes: [UInt64] = []
    for candidate in stride(from: 3, through: Int(limit), by: 2) where !isComposite[candidate] {
      primes.append(UInt64(candidate))
      for multiple in stride(from: candidate * candidate, through: Int(limit), by: 2 * candidate) {
        isComposite[multiple] = true
      }
    }
    return primes
  }
}
