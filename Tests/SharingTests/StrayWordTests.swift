import Glibc
import Testing

@testable import Sharing

/// Random words anywhere in the arena: whatever the supervisor then does comes to an end, and none of it ends the
/// supervisor.
@Suite struct StrayWordTests {
  /// Seen to fail, in the first ten seeds each: arithmetic on a queue's counts, a record's length that leads out of the
  /// ring, a wait for a resource that there is not, a lock held by nobody, a barrier's count below zero. In the first
  /// thousand: a request's length that leads out of the ring, a head behind the tail for a tap, bytes below zero.
  @Test func noneStopsTheSupervisor() async {
    await #expect(processExitsWith: .success) {
      let seeds = getenv("MPORCH_SEEDS").flatMap { Int(String(cString: $0)) } ?? 300
      for seed in 0..<seeds {
        alarm(30)
        if let wanted = getenv("MPORCH_SEED"), Int(String(cString: wanted)) != seed { continue }
        if getenv("MPORCH_SEEDS") != nil { _ = "\(seed)\n".withCString { write(2, $0, strlen($0)) } }
        var scribbled = try Scribbled(seed: UInt64(seed))
        try scribbled.superviseToTheEnd()
      }
    }
  }
}

/// An arena with something of everything under way, and stray words in it.
private struct Scribbled {
  private static let workers = 6
  private let arena: Arena
  private var taps: [QueueTap] = []
  private var random: SeededGenerator

  init(seed: UInt64) throws {
    random = SeededGenerator(seed: seed)
    let users = Array(0..<Self.workers)
    var plan = ArenaPlan()
    plan.workers = users.map { ArenaPlan.Worker(group: $0 / 3) }
    plan.spareWorkers = 4
    func queue(
      _ format: RecordFormat, _ whenFull: ArenaPlan.WhenFull, letters: Int? = nil, replies: [Int] = []
    ) -> ArenaPlan.Resource {
      var queue = ArenaPlan.Queue(
        capacity: 64, byteCount: 1 << 10, format: format, whenFull: whenFull, maxDeliveries: 1,
        deadLetterQueue: letters, readers: [0, 1, 2], writers: [2, 3, 4])
      queue.repliesToGivenUp = replies
      return .queue(queue)
    }
    plan.resources = [
      queue(.framed, .block, letters: 1), queue(.framed, .dropOld), queue(.fixed(byteCount: 8), .dropNew, letters: 1),
      .pipe(
        ArenaPlan.Pipe(
          byteCount: 512, formatFromA: .framed, formatFromB: .framed, isDuplex: true, holderOfA: 0, holderOfB: 1)),
      .lock(isRecursive: true), .semaphore(initial: 3, isBounded: true, users: users),
      .condition(lock: 4, users: users), .event(isSet: false, users: users), .barrier(parties: 3, users: users),
      .value(elementByteCount: 8), .array(elementByteCount: 4, count: 64),
      // Requests, and the answers to them.
      queue(.framed, .block, replies: [12]), queue(.framed, .block),
    ]
    arena = try Arena(plan, name: "test")
    arena.rescueLocks { $0 % 2 == 0 ? .dead : .nobody }
    for worker in users { arena.begin(worker, processID: 1) }
    taps = arena.queues.compactMap(\.self).map(QueueTap.init)
    try work()
    scribble()
  }

  private mutating func work() throws {
    for text in ["a", "poison", String(repeating: "x", count: 300), "b", "\u{3}\0client"] {
      for writer in [0, 1, 11].map({ arena.queueWriter($0, worker: 3)! }) {
        framed([text]) { if case .full = writer.put($0) { _ = writer.prepareSleep(for: $0) } }
      }
    }
    for queue in [0, 1, 2, 11] {
      for reader in 0..<2 {
        _ = arena.queueReader(queue, worker: reader)!.take(
          .exactly(.random(in: 1...2, using: &random), orFewer: true), willSleep: true, isWaitUnlimited: true)
      }
    }
    try arena.lock(4, worker: 2)!.acquire()
    _ = arena.semaphore(5, worker: 4)!.acquire()
    arena.entry(0).beginWait(.read(resource: 0), for: .items(3))
    arena.entry(1).beginWait(.turn(group: 1))
    arena.entry(5).beginWait(.primitive(resource: 8))
    // One died in the middle of a step.
    let redo = arena.entry(2).redo
    var header = Redo.Header()
    (header.outputs, header.hasInput, header.hasClaim) = (1, true, true)
    redo.header.pointee = header
    redo.output(0).pointee = Redo.Output(
      resource: 1, isPipe: false, direction: 0, dropped: 0,
      staged: framed(["c"]) { arena.queueWriter(1, worker: 2)!.stage($0) })
    redo.arm()
  }

  /// Words of what is laid out: any bits, or small numbers, which are more often taken for something.
  private mutating func scribble() {
    let words = arena.contents.bindMemory(to: UInt32.self)
    let count = arena.layout.byteCount / 4
    for _ in 0..<Int.random(in: 1...400, using: &random) {
      // Where nothing is there is nothing to harm: each page begins with what counts.
      let page = Int.random(in: 0..<count / 1024, using: &random)
      let place = page * 1024 + Int.random(in: 0..<(Bool.random(using: &random) ? 256 : 1024), using: &random)
      words[place] =
        Bool.random(using: &random) ? .random(in: 0...9, using: &random) : .random(in: 0 ... .max, using: &random)
    }
  }

  /// All that a supervisor does with it.
  mutating func superviseToTheEnd() throws {
    for round in 0..<2 {
      arena.audit()
      tap()
      look()
      converse()
      for worker in 0..<Self.workers {
        _ = arena.scavenge(worker)
        arena.begin(worker, processID: 1)
        if round == 1 { _ = (arena.retire(worker), arena.endForGood(worker, failed: worker == 1)) }
        look()
      }
    }
    var links = WorkerLinks()
    links.reads = [0]
    links.writes = [1]
    links.uses = [5, 6, 8]
    if let newcomer = try? arena.admit(group: 0, links) { arena.remove(newcomer) }
    arena.reopen(0)
    _ = arena.takeDamage()
    for tap in taps { tap.deallocate() }
  }

  /// As the supervisor asks a service, and takes its answers.
  private func converse() {
    for index in 0..<2 {
      _ = framed(["\u{3}\0question"]) { arena.ownWriter(ofQueue: index)!.put($0) }
      let reader = arena.ownReader(ofQueue: index)!
      while case .taken(let lease) = reader.take(.exactly(1, orFewer: true), willSleep: false, isWaitUnlimited: false) {
        guard reader.firstPayload(of: lease) != nil else { break }
        reader.advance(
          InputProgress(
            oldPosition: lease.from, newPosition: lease.to, items: 1, oldEmitted: lease.emitted, newEmitted: 0))
      }
    }
  }

  private mutating func tap() {
    for index in taps.indices { _ = (taps[index].look(itemLimit: 9, cut: 64), taps[index].skip()) }
  }

  private func look() {
    for worker in 0..<Self.workers {
      let wait = arena.wait(of: worker)
      _ = (arena.wakers(of: wait, worker), arena.isUnmet(wait, of: worker), arena.awaitedPipes(wait, worker))
      _ = (arena.waited(by: worker), arena.entry(worker).counters, arena.entry(worker).verdict)
      _ = (arena.durable(of: worker), arena.group(of: worker)?.liveCount, arena.entry(worker).itemsOfThisLife)
    }
    for resource in arena.plan.resources.indices {
      for wait in [WorkerEntry.Wait.read(resource: resource), .write(resource: resource), .join(resource: resource)] {
        let wait = WorkerEntry.PublishedWait(on: wait, since: 0, isTimed: false, epoch: 1, need: .items(.max))
        _ = (arena.wakers(of: wait, 0), arena.isUnmet(wait, of: 0))
      }
    }
    for resource in arena.plan.resources.indices {
      _ = (arena.queueReport(resource), arena.head(ofQueue: resource, itemCount: 9), arena.lockReport(resource))
      _ = (arena.semaphoreReport(resource), arena.conditionReport(resource), arena.eventReport(resource))
      _ = (arena.barrierReport(resource), arena.pipeReport(resource), arena.bytes(of: resource, upTo: 64))
    }
  }
}
