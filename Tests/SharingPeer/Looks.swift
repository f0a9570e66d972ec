import Glibc
import Platform
import Sharing
import Synchronization

private let reader = 0
private let writer = 1
private let waiter = 2
/// Changes a cell of its own.
private let changer = 3
/// This process: it shows waits of its own, to look whether they could end.
private let looker = 4
/// Large, so that one that is being changed is seen often.
private typealias Wide = InlineArray<256, UInt64>
private let capacity = 64
private let lookCount = 600_000

/// What is looked at without a lock, while others change it as fast as they can, is of one instant: a queue never has
/// more items than it takes, and a wait never what another needs.
func looks() throws {
  let peers = try Peers(workers: 5) { _ in
    [
      .queue(
        ArenaPlan.Queue(
          capacity: capacity, byteCount: 4096, format: .fixed(byteCount: 8), readers: [reader], writers: [writer])),
      .pipe(
        ArenaPlan.Pipe(
          byteCount: 64, formatFromA: .framed, formatFromB: .framed, isDuplex: false, holderOfA: writer,
          holderOfB: reader)),
    ]
  }
  try peers.start(reader, drain)
  try peers.start(writer, fill)
  try peers.start(waiter, wait)
  wideCell(peers).initialize(Wide(repeating: 0))
  try peers.start(changer, change)
  var waits = 0
  for look in 0..<lookCount {
    lookAtQueue(peers.arena)
    wideCell(peers).peek { check($0[0] == $0[255] && $0[0] == $0[100], "\($0[0]), \($0[100]), \($0[255])") }
    // Seldom: these take the queue's lock, and hold up who is looked at.
    if look % 100 == 0 { lookAtReports(peers.arena) }
    lookAtDurable(peers.arena.durable(of: waiter))
    waits += lookAtWait(peers.arena.wait(of: waiter)) ? 1 : 0
  }
  let (puts, messages) = (peers.arena.queueReport(0)!.puts, peers.arena.pipeReport(1)!.fromA.messages)
  for worker in peers.living {
    peers.kill(worker)
    peers.bury(worker)
  }
  check(puts > 100 && messages > 100 && waits > 100, "\(puts) puts, \(messages) messages, \(waits) waits seen")
  say("\(puts) puts, \(messages) messages, \(waits) waits seen")
}

private func lookAtQueue(_ arena: Arena) {
  let queue = arena.queue(0)!
  check((0...capacity).contains(queue.count), "\(queue.count) items")
  let writer = arena.queueWriter(0, worker: writer)!
  withUnsafeBytes(of: 0) { bytes in
    let record = PendingRecords(bytes, count: 1, payloadByteCount: 8, format: .fixed(byteCount: 8))
    _ = writer.mayTake(record)
  }
  _ = writer.isDrained
  check((0...68).contains(arena.pipe(1, fromA: true)!.bytesUnderWay), "\(arena.pipeReport(1)!)")
  if case .ended = writer.readers { fail("its reader lives") }
}

private func lookAtReports(_ arena: Arena) {
  for wait: WorkerEntry.Wait in [.read(resource: 0), .write(resource: 0), .join(resource: 0)] {
    let entry = arena.entry(looker)
    entry.beginWait(wait, for: .items(1))
    let published = arena.wait(of: looker)
    check(published.on == wait, "\(published)")
    _ = arena.isUnmet(published, of: looker)
    _ = arena.wakers(of: published, looker)
    entry.endWait()
  }
  let report = arena.queueReport(0)!
  check((0...capacity).contains(report.items) && report.bytes == 8 * report.items, "\(report)")
  check(report.leases.reduce(report.items) { $0 + $1.items } == Int(report.puts - report.finished), "\(report)")
}

private func lookAtDurable(_ durable: Durable) {
  let (first, second) = durable.checkpoint
  check(first == second && durable.state.0 == first && durable.state.7 == first, "\(durable)")
}

/// True: it was one.
private func lookAtWait(_ wait: WorkerEntry.PublishedWait) -> Bool {
  switch wait.on {
  case .none: return false
  case .read(resource: 0): check(wait.need == .items(1) && !wait.isTimed, "\(wait)")
  case .write(resource: 1): check(wait.need == .room(forItemOf: 7) && wait.isTimed, "\(wait)")
  default: fail("\(wait)")
  }
  return true
}

// MARK: Who changes it

private func wideCell(_ peers: Peers) -> Cell<Wide> {
  Cell(at: UnsafeMutableRawPointer(peers.number(0)))
}

private func change(_ peers: Peers) {
  let cell = wideCell(peers)
  var number: UInt64 = 0
  while true {
    number += 1
    cell.update(as: HolderID(worker: changer)) { state, _ in
      state = Wide(repeating: number)
      return (true, ())
    }
  }
}

private func wait(_ peers: Peers) {
  let entry = peers.arena.entry(waiter)
  var stepper = Stepper(arena: peers.arena, worker: waiter)
  while true {
    let number = stepper.durable.checkpoint.0 + 1
    stepper.durable.checkpoint = (number, number)
    (stepper.durable.state.0, stepper.durable.state.7) = (number, number)
    stepper.finish(nil)
    entry.beginWait(.read(resource: 0), for: .items(1))
    entry.endWait()
    entry.beginWait(.write(resource: 1), isTimed: true, for: .room(forItemOf: 7))
    entry.endWait()
  }
}

private func fill(_ peers: Peers) {
  let writer = peers.arena.queueWriter(0, worker: writer)!
  let pipe = peers.arena.pipe(1, fromA: true)!
  var number = 0
  while true {
    withUnsafeBytes(of: number) { bytes in
      let record = PendingRecords(bytes, count: 1, payloadByteCount: 8, format: .fixed(byteCount: 8))
      while case .full = writer.put(record) { sched_yield() }
    }
    withUnsafeBytes(of: (UInt32(4), UInt32(truncatingIfNeeded: number))) { bytes in
      let message = PendingRecords(bytes, count: 1, payloadByteCount: 4, format: .framed)
      _ = pipe.send(message)
    }
    number += 1
  }
}

private func drain(_ peers: Peers) {
  let reader = peers.arena.queueReader(0, worker: reader)!
  let pipe = peers.arena.pipe(1, fromA: true)!
  while true {
    if case .taken(let lease) = reader.take(.share, willSleep: false, isWaitUnlimited: false) {
      reader.advance(
        InputProgress(
          oldPosition: lease.from, newPosition: lease.to, items: Int(lease.items), oldEmitted: lease.emitted,
          newEmitted: 0))
    }
    let messages = pipe.run(limit: 16)
    if messages.items > 0 { pipe.advance(to: messages.to) } else { sched_yield() }
  }
}
