import Topology

/// `primes`: finds primes, or counts them; each replica sieves a slice.
struct PrimesKind: Kind {
  static let signature = KindSignature(
    "primes", "puts the primes up to a limit, or adds their number to a value, or prints it; replicas share the sieve",
    answers: .source, splitsByReplica: true,
    outputs: [.init("out", [.int64], required: false, "the primes, ascending within each replica's slice")],
    uses: [.init("value", .value, elementTypes: .numbers, required: false, "the number of primes is added to it")],
    parameters: [
      .init("limit", .int(0...100_000_000_000_000), required: true, "the largest number looked at")
    ])

  private let limit: UInt64

  init(_ arguments: Arguments) throws {
    limit = UInt64(arguments.int("limit") ?? 0)
  }

  func run(_ worker: Worker) throws {
    var sieve = PrimeSieve(limit: limit)
    let segments = ReplicaSlice(of: sieve.segmentCount, for: worker)
    worker.progressTotal = segments.count
    if let output = worker.output { try put(segments, &sieve, output, worker) }
    if worker.output == nil || worker.value("value") != nil { try count(segments, &sieve, worker) }
  }

  /// The checkpoint is: segments of the slice that are published whole, primes of the next one that are.
  private func put(_ segments: ReplicaSlice, _ sieve: inout PrimeSieve, _ output: Outlet, _ worker: Worker) throws {
    let (finished, published) = worker.checkpoint
    var skipped = published
    var segment = segments.lower + min(finished, segments.count)
    while segment < segments.upper {
      var index: UInt64 = 0
      try sieve.forEachPrime(inSegment: segment) { prime in
        if index >= skipped {
          // Before the append, since that may publish what was appended so far, and only that.
          worker.checkpoint = (segment - segments.lower, index)
          try output.append(Int64(prime))
        }
        index += 1
      }
      skipped = 0
      segment += 1
      worker.checkpoint = (segment - segments.lower, 0)
      worker.progressDone = segment - segments.lower
    }
  }

  private func count(_ segments: ReplicaSlice, _ sieve: inout PrimeSieve, _ worker: Worker) throws {
    var count: UInt64 = 0
    for segment in segments.lower..<segments.upper {
      count += sieve.primeCount(inSegment: segment)
      worker.progressDone = segment - segments.lower + 1
    }
    worker.absorb(count)
    guard let counts = try worker.lastReplicaStates(as: UInt64.self) else { return }
    let total = Int64(counts.reduce(0, +))
    let isStored: Void? = try worker.storing(into: "value") { value in
      if value.type.isFloatingPoint {
        try value.addFloat(Double(total))
      } else {
        try value.addInt(total)
      }
    }
    if isStored == nil { try worker.print("\(total)") }
  }
}
