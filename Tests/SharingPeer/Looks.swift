import Glibc
import Platform
import Sharing
import Synchronization

private let reader = 0
private let writer = 1
private let waiter = 2
/// This process: it shows waits of its own, to look whether they could end.
private let looker = 3
private let capacity = 4
private let itemCount = 50_000

/// What is looked at without a lock, while others change it as fast as they can, is of one instant: a queue never has
/// more items than it takes, and a wait never what another needs.
func looks() throws {
  let peers = try Peers(workers: 4) { _ in
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
  var (looks, waits) = (0, 0)
  while peers.number(0).pointee.load(ordering: .relaxed) < 2 {
    lookAtQueue(peers.arena)
    waits += lookAtWait(peers.arena.wait(of: waiter)) ? 1 : 0
    looks += 1
  }
  peers.kill(waiter)
  peers.bury(waiter)
  peers.join([reader, writer])
  check(looks > 1000 && waits > 100, "\(looks) looks, \(waits) at a wait")
  say("\(looks) looks, \(waits) at a wait")
}

private func lookAtQueue(_ arena: Arena) {
  let queue = arena.queue(0)!
  check((0...capacity).contains(queue.count), "\(queue.count) items")
  let writer = arena.queueWriter(0, worker: writer)!
  withUnsafeBytes(of: 0) { bytes in
    let record = PendingRecords(bytes, count: 1, payloadByteCount: 8, format: .fixed(byteCount: 8))
    _ = writer.mayHaveRoom(for: record)
  }
  _ = writer.isDrained
  if case .ended = writer.readers { fail("its reader lives") }
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
  check((0...68).contains(arena.pipeReport(1)!.fromA.bytesUnderWay), "\(arena.pipeReport(1)!)")
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

private func wait(_ peers: Peers) {
  let entry = peers.arena.entry(waiter)
  while true {
    entry.beginWait(.read(resource: 0), for: .items(1))
    entry.endWait()
    entry.beginWait(.write(resource: 1), isTimed: true, for: .room(forItemOf: 7))
    entry.endWait()
  }
}

private func fill(_ peers: Peers) {
  let writer = peers.arena.queueWriter(0, worker: writer)!
  let pipe = peers.arena.pipe(1, fromA: true)!
  for number in 0..<itemCount {
    withUnsafeBytes(of: number) { bytes in
      let record = PendingRecords(bytes, count: 1, payloadByteCount: 8, format: .fixed(byteCount: 8))
      while case .full = writer.put(record, willSleep: false) { sched_yield() }
    }
    withUnsafeBytes(of: (UInt32(4), UInt32(truncatingIfNeeded: number))) { bytes in
      let message = PendingRecords(bytes, count: 1, payloadByteCount: 4, format: .framed)
      while !pipe.send(message) { sched_yield() }
    }
  }
  peers.number(0).pointee.add(1, ordering: .relaxed)
}

private func drain(_ peers: Peers) {
  let reader = peers.arena.queueReader(0, worker: reader)!
  let pipe = peers.arena.pipe(1, fromA: true)!
  var (taken, received) = (0, 0)
  while taken < itemCount || received < itemCount {
    if case .taken(let lease) = reader.take(.share, willSleep: false, isWaitUnlimited: false, sleptInVain: false) {
      taken += Int(lease.items)
      reader.advance(
        InputProgress(
          oldPosition: lease.from, newPosition: lease.to, items: Int(lease.items), oldEmitted: lease.emitted,
          newEmitted: 0))
    }
    let messages = pipe.run(limit: 16)
    received += messages.items
    if messages.items > 0 { pipe.advance(to: messages.to) } else { sched_yield() }
  }
  peers.number(0).pointee.add(1, ordering: .relaxed)
}
