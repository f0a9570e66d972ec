import Testing

@testable import Sharing

/// A living reader gives up the item that it is at.
@Suite struct RejectTests {
  /// Queue 0, read by worker 0 and written by worker 1, with queue 1 for its dead letters, which worker 2 reads.
  private func arena(capacity: Int = 4, deadLetters: Bool = true) throws -> Arena {
    var plan = ArenaPlan()
    plan.workers = (0..<3).map { ArenaPlan.Worker(group: $0) }
    plan.resources = [
      .queue(
        ArenaPlan.Queue(
          capacity: 8, byteCount: 1 << 10, format: .framed, deadLetterQueue: deadLetters ? 1 : nil, readers: [0],
          writers: [1])),
      .queue(ArenaPlan.Queue(capacity: capacity, byteCount: 1 << 10, format: .framed, readers: [2], writers: [])),
    ]
    return try Arena(plan, name: "test")
  }

  private func put(_ texts: [String], _ arena: Arena) {
    var stepper = Stepper(arena: arena, worker: 1)
    let port = OutputPort.queue(arena.queueWriter(0, worker: 1)!)
    _ = framed(texts) { pending in stepper.publish(to: [port], pending: { _ in pending }, until: 0) { _ in nil } }
  }

  private func take(_ resource: Int, _ worker: Int, _ arena: Arena) -> Lease? {
    let take = arena.queueReader(resource, worker: worker)!.take(
      .exactly(3, orFewer: true), willSleep: false, isWaitUnlimited: false)
    if case .taken(let lease) = take { return lease }
    return nil
  }

  private func progress(_ lease: Lease, _ reader: QueueReader) -> InputProgress {
    let run = reader.ring.run(from: lease.from, to: lease.to, limit: 1)
    return InputProgress(
      oldPosition: lease.from, newPosition: run.to, items: 1, oldEmitted: lease.emitted, newEmitted: 0)
  }

  private func rejectFirst(as text: String?, _ arena: Arena) throws -> Stepper.Outcome {
    let reader = arena.queueReader(0, worker: 0)!
    var stepper = Stepper(arena: arena, worker: 0)
    guard let text else { return stepper.reject(progress(reader.lease, reader), of: reader, as: nil) }
    return framed([text]) { record in
      stepper.reject(
        progress(reader.lease, reader), of: reader, as: (arena.queueWriter(1, worker: 0)!, record), until: 0)
    }
  }

  /// Seen to fail: all of the lease given up.
  @Test func theItemIsALetterAndTheOthersStay() throws {
    let arena = try arena()
    put(["a", "b", "c"], arena)
    _ = take(0, 0, arena)
    guard case .done(1) = try rejectFirst(as: "a", arena) else { return #expect(Bool(false)) }
    let state = arena.queue(0)!.cell.snapshot()
    #expect((state.finished, state.givenUp, state.lost) == (1, 1, 0))
    #expect(arena.queueReader(0, worker: 0)!.lease.items == 2)
    #expect(arena.queue(1)!.count == 1)
    #expect(arena.lostItems(ofQueue: 0) == 0)
  }

  /// Seen to fail: finished without a place among the letters.
  @Test func withoutRoomNothingHappens() throws {
    let arena = try arena(capacity: 1)
    put(["a", "b"], arena)
    _ = take(0, 0, arena)
    _ = try rejectFirst(as: "a", arena)
    let before = arena.queue(0)!.cell.snapshot()
    guard case .timedOut = try rejectFirst(as: "b", arena) else { return #expect(Bool(false)) }
    #expect(arena.queue(0)!.cell.snapshot() == before)
    #expect(arena.queueReader(0, worker: 0)!.lease.items == 1)
  }

  /// Seen to fail: counted as finished only.
  @Test func whatNothingTakesIsLostAndCounted() throws {
    let arena = try arena(deadLetters: false)
    put(["a", "b"], arena)
    _ = take(0, 0, arena)
    _ = try rejectFirst(as: nil, arena)
    #expect(arena.lostItems(ofQueue: 0) == 1)
    #expect(arena.queue(0)!.cell.snapshot().givenUp == 1)
    #expect(arena.queueReader(0, worker: 0)!.lease.items == 1)
  }

  /// Seen to fail: the letters' queue locked for ever.
  @Test func aDeadOnesLocksOfTheLettersAreFreed() throws {
    let arena = try arena()
    let (dead, letters) = (HolderID(worker: 0), arena.queue(1)!)
    letters.writersLock.lock(as: dead)
    letters.cell.lock.lock(as: dead)
    _ = arena.scavenge(0)
    #expect(!letters.writersLock.isHeld(by: dead) && !letters.cell.lock.isHeld(by: dead))
  }
}
