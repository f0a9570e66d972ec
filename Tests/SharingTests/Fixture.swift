import Testing

@testable import Sharing

/// An arena whose workers are all this process: every interleaving that a test wants, without forks.
struct Fixture {
  let arena: Arena

  /// One queue, resource 0, with `readers` workers from 0 and `writers` behind them.
  init(
    queueOf capacity: Int = 1024, byteCount: Int = 1 << 16, format: RecordFormat = .framed, readers: Int = 1,
    writers: Int = 1, whenFull: ArenaPlan.WhenFull = .block, maxDeliveries: Int = 5, deadLetters: Bool = false
  ) throws {
    var plan = ArenaPlan()
    plan.workers = (0..<(readers + writers)).map { _ in ArenaPlan.Worker(group: 0) }
    plan.resources = [
      .queue(
        ArenaPlan.Queue(
          capacity: capacity, byteCount: byteCount, format: format, whenFull: whenFull, maxDeliveries: maxDeliveries,
          deadLetterQueue: deadLetters ? 1 : nil, readers: Array(0..<readers),
          writers: Array(readers..<(readers + writers)))),
      .queue(ArenaPlan.Queue(capacity: 2, byteCount: 1 << 12, format: format, readers: [], writers: [])),
    ]
    arena = try Arena(plan, name: "test")
    self.readers = readers
  }
  private let readers: Int

  func reader(_ index: Int = 0) -> QueueReader { arena.queueReader(0, worker: index)! }
  var queue: Queue { arena.queue(0)! }

  /// Puts texts as worker `writer` (from 0). Gives how many were accepted by one publish that does not wait.
  @discardableResult
  func put(_ texts: [String], writer: Int = 0, finishing input: Stepper.Input? = nil) -> Stepper.Outcome {
    var stepper = Stepper(arena: arena, worker: readers + writer)
    let port = OutputPort.queue(arena.queueWriter(0, worker: readers + writer)!)
    return framed(texts) { pending in
      stepper.publish(to: [port], pending: { _ in pending }, until: 0) { _ in input }
    }
  }

  func take(_ reader: Int = 0, _ amount: QueueReader.Amount = .share) -> QueueReader.Take {
    self.reader(reader).take(amount, willSleep: false, isWaitUnlimited: false)
  }

  /// Takes, and gives the texts of the lease; `nil`: nothing there, or the end.
  func takeTexts(_ reader: Int = 0, _ amount: QueueReader.Amount = .share) -> [String]? {
    guard case .taken(let lease) = take(reader, amount) else { return nil }
    return texts(of: lease, reader)
  }

  func texts(of lease: Lease, _ reader: Int = 0) -> [String] {
    let ring = self.reader(reader).ring
    var texts: [String] = []
    var rest = Ring.Run(
      from: lease.from, to: lease.to, items: Int(lease.items), payloadByteCount: Int(lease.payloadByteCount))
    while rest.items > 0 {
      let part = ring.firstPart(of: rest)
      let bytes = ring.bytes(from: part.from, to: part.to)
      var position = 0
      for _ in 0..<part.items {
        let length = Int(bytes.load(fromByteOffset: position, as: UInt32.self))
        texts.append(String(decoding: bytes[(position + 4)..<(position + 4 + length)], as: UTF8.self))
        position += Ring.recordByteCount(payload: length, format: .framed)
      }
      if part.items == rest.items { break }
      rest = ring.rest(of: rest, after: part)
    }
    return texts
  }

  /// Finishes all of the reader's lease.
  func finish(_ reader: Int = 0) {
    let lease = self.reader(reader).lease
    var stepper = Stepper(arena: arena, worker: reader)
    stepper.finish(
      Stepper.Input(
        port: .queue(self.reader(reader)),
        progress: InputProgress(
          oldPosition: lease.from, newPosition: lease.to, items: Int(lease.items), oldEmitted: lease.emitted,
          newEmitted: 0)))
  }
}

/// Texts as pending records of a framed ring.
func framed<Result>(_ texts: [String], _ body: (PendingRecords) -> Result) -> Result {
  var bytes: [UInt8] = []
  for text in texts {
    let utf8 = Array(text.utf8)
    withUnsafeBytes(of: UInt32(utf8.count)) { bytes += $0 }
    bytes += utf8
    while bytes.count % 4 != 0 { bytes.append(0) }
  }
  let payload = texts.reduce(0) { $0 + $1.utf8.count }
  return bytes.withUnsafeBytes {
    body(PendingRecords($0, count: texts.count, payloadByteCount: payload, format: .framed))
  }
}

extension QueueReader {
  var lease: Lease { lease(as: holder) }
}

/// The same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
