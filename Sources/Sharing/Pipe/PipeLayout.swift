/// How a pipe lies in the arena: a page of what its ends tell each other, then a ring for each direction.
struct PipeLayout {
  /// On lines of their own, the same for both directions.
  enum Word: Int {
    /// Set by who sleeps, read by who may have to wake it.
    case readerWaits, writerWaits
    /// Who has ended: the supervisor's.
    case ends
    /// The writer's own.
    case notes
  }

  private static let pageByteCount = 4096
  private static let linesByteCount = 2 * PipeLine.byteCount
  private static let wordsByteCount = 4 * PipeLine.byteCount

  private let plan: ArenaPlan.Pipe

  init(_ plan: ArenaPlan.Pipe) { self.plan = plan }

  var byteCount: Int {
    Self.pageByteCount + ringByteCount(fromA: true) + (plan.isDuplex ? ringByteCount(fromA: false) : 0)
  }

  /// With room for a message that its reader has taken and not finished, beside all that may be under way.
  func ringByteCount(fromA: Bool) -> Int {
    let format = fromA ? plan.formatFromA : plan.formatFromB
    let heads = if case .framed = format { Ring.headerByteCount } else { 0 }
    return Ring.byteCount(holding: (3 * Ring.framedByteCount(payload: plan.byteCount) + 1) / 2 + heads)
  }

  func line(ofA: Bool, in memory: UnsafeMutableRawPointer) -> PipeLine {
    PipeLine(at: memory + (ofA ? 0 : PipeLine.byteCount))
  }

  func word(_ word: Word, fromA: Bool, in memory: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    memory + Self.linesByteCount + (fromA ? 0 : Self.wordsByteCount) + word.rawValue * PipeLine.byteCount
  }

  func ring(fromA: Bool, in memory: UnsafeMutableRawPointer) -> Ring {
    Ring(
      base: memory + Self.pageByteCount + (fromA ? 0 : ringByteCount(fromA: true)),
      byteCount: ringByteCount(fromA: fromA), format: fromA ? plan.formatFromA : plan.formatFromB)
  }
}
