import Topology

/// `monte-carlo-pi`: estimates pi by random points; replicas share the samples.
struct MonteCarloPiKind: Kind {
  static let signature = KindSignature(
    "monte-carlo-pi",
    "estimates pi by random points in a square: to out, into a value, or to the log; replicas share the samples",
    answers: .none, splitsByReplica: true,
    outputs: [.init("out", [.float64], required: false, "the estimate")],
    uses: [.answerValue],
    parameters: [
      .init("samples", .int(1...1_000_000_000_000_000), default: .int(10_000_000), "points of all replicas together"),
      .init(
        "seed", .int(.min ... .max), default: .int(1),
        "the same seed and samples give the same estimate, by any number of replicas"),
    ])

  private let sampling: PiSampling

  init(_ arguments: Arguments) throws {
    sampling = PiSampling(
      samples: UInt64(arguments.int("samples") ?? 10_000_000), seed: UInt64(bitPattern: arguments.int("seed") ?? 1))
  }

  func run(_ worker: Worker) throws {
    let blocks = ReplicaSlice(of: sampling.blockCount, for: worker)
    worker.progressTotal = blocks.count
    var inside: UInt64 = 0
    for block in blocks.lower..<blocks.upper {
      inside += sampling.countInside(block: block)
      worker.progressDone = block - blocks.lower + 1
    }
    worker.absorb(inside)
    guard let counts = try worker.lastReplicaStates(as: UInt64.self) else { return }
    try worker.answer(.float(4 * Double(counts.reduce(0, +)) / Double(sampling.samples)))
  }
}

/// Points in blocks, each with a random stream of its own, so that who does which block changes nothing.
struct PiSampling {
  static let blockLength: UInt64 = 65_536

  let samples: UInt64
  let seed: UInt64

  var blockCount: UInt64 { (samples + Self.blockLength - 1) / Self.blockLength }

  /// How many of a block's points lie inside the quarter circle.
  func countInside(block: UInt64) -> UInt64 {
    var generator = Xoshiro256(seed: seed, stream: block)
    var inside: UInt64 = 0
    for _ in 0..<min(Self.blockLength, samples - block * Self.blockLength) {
      // Two coordinates of 32 bits; beyond the circle of radius 2^32 the sum of squares overflows.
      let bits = generator.next()
      let x = bits >> 32
      let y = bits & 0xffff_ffff
      if !(x * x).addingReportingOverflow(y * y).overflow { inside += 1 }
    }
    return inside
  }
}
