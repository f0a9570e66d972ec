import Glibc
import Platform
import Sharing
import Synchronization

private let workers = 5
private let killCount = 400

/// Workers use every primitive at random and are killed at random: what must hold always holds at each look, nobody
/// waits for ever, and in the end all is free.
func kills() throws {
  let peers = try Peers(workers: workers) { users in
    [
      .lock(isRecursive: false), .lock(isRecursive: true), .semaphore(initial: 3, isBounded: true, users: users),
      .condition(lock: 1, users: users), .event(isSet: false, users: users), .barrier(parties: 3, users: users),
      .semaphore(initial: 0, isBounded: false, users: users), .readWriteLock(users: users),
    ]
  }
  var random = SystemRandomNumberGenerator()
  for worker in 0..<workers { try peers.start(worker) { try work($0, worker) } }
  for _ in 0..<killCount {
    usleep(.random(in: 0..<2000, using: &random))
    let victim = Int.random(in: 0..<workers, using: &random)
    peers.kill(victim)
    // Another may have died before the first is repaired.
    let second = Bool.random(using: &random) ? (victim + 1) % workers : nil
    if let second { peers.kill(second) }
    peers.bury(victim)
    if let second { peers.bury(second) }
    checkState(peers)
    for worker in [victim, second].compactMap(\.self) { try peers.start(worker) { try work($0, worker) } }
  }
  peers.number(0).pointee.store(1, ordering: .releasing)
  peers.join(0..<workers)
  checkEnd(peers)
  say("\(peers.repairs.count) repairs")
}

private func checkState(_ peers: Peers) {
  let report = peers.arena.semaphoreReport(2)!
  let held = report.holders.map(\.count).reduce(0, +)
  check(report.count + held == 3, "\(report.count) left and \(held) held are not 3")
  let barrier = peers.arena.barrierReport(5)!
  check(barrier.waiters.count < barrier.parties, "all have come and nobody passes")
  let lock = peers.arena.readWriteLockReport(7)!
  check(lock.writer == nil || lock.readers.isEmpty, "one writes while others read")
}

private func checkEnd(_ peers: Peers) {
  for lock in 0...1 { check(peers.arena.lockReport(lock)?.holder == nil, "lock \(lock) is free") }
  check(peers.arena.semaphoreReport(2)?.count == 3, "all counts are back")
  check(peers.arena.conditionReport(3)?.waiters == [], "nobody waits at the condition")
  check(peers.arena.barrierReport(5)?.waiters == [], "nobody waits at the barrier")
  let lock = peers.arena.readWriteLockReport(7)
  check(lock?.writer == nil && lock?.readers == [] && lock?.waiters == [], "the read-write lock is free")
}

private func work(_ peers: Peers, _ worker: Int) throws {
  var random = SystemRandomNumberGenerator()
  while peers.number(0).pointee.load(ordering: .acquiring) == 0 {
    let soon = MonotonicClock.now + .random(in: 0..<300_000, using: &random)
    switch Int.random(in: 0..<7, using: &random) {
    case 0: try excludeOthers(peers, worker)
    case 1: try count(peers, worker, soon)
    case 2: try meet(peers, worker, soon, &random)
    case 3: pass(peers, worker, soon)
    case 4: signal(peers, worker, soon)
    case 5: try readOrWrite(peers, worker, soon, &random)
    default: line(up: peers, worker, soon)
    }
  }
}

/// Without a time-out: only the scavenger can free it of a dead holder.
private func excludeOthers(_ peers: Peers, _ worker: Int) throws {
  let lock = peers.arena.lock(0, worker: worker)!
  try lock.acquire()
  peers.number(1).pointee.store(worker, ordering: .relaxed)
  for _ in 0..<100 {
    check(peers.number(1).pointee.load(ordering: .relaxed) == worker, "two hold the lock")
  }
  try lock.release()
}

private func count(_ peers: Peers, _ worker: Int, _ soon: UInt64) throws {
  let semaphore = peers.arena.semaphore(2, worker: worker)!
  guard semaphore.acquire(until: soon) else { return }
  // Held for a while, so that many die with it.
  while MonotonicClock.now < soon { spinPause() }
  try semaphore.release()
}

private func meet(
  _ peers: Peers, _ worker: Int, _ soon: UInt64, _ random: inout some RandomNumberGenerator
) throws {
  let condition = peers.arena.condition(3, worker: worker)!
  try condition.lock.acquire()
  try condition.lock.acquire()
  if Bool.random(using: &random) {
    _ = try condition.wait(until: soon)
  } else {
    try condition.notify(.random(in: 1...3, using: &random))
  }
  try condition.lock.release()
  try condition.lock.release()
}

private func pass(_ peers: Peers, _ worker: Int, _ soon: UInt64) {
  let event = peers.arena.event(4, worker: worker)!
  if event.wait(until: soon) { event.clear() } else { event.set() }
}

/// Each gives one and takes one without a time-out, so that there is always one to come; those who die on the way
/// only leave more.
private func signal(_ peers: Peers, _ worker: Int, _ soon: UInt64) {
  let semaphore = peers.arena.semaphore(6, worker: worker)!
  do { try semaphore.release() } catch { fail("\(error)") }
  check(semaphore.acquire(), "an acquire without a time-out succeeds")
}

/// Without a time-out mostly: only who holds it, or the scavenger, lets it go on.
private func readOrWrite(
  _ peers: Peers, _ worker: Int, _ soon: UInt64, _ random: inout some RandomNumberGenerator
) throws {
  let lock = peers.arena.readWriteLock(7, worker: worker)!
  let writes = Int.random(in: 0..<3, using: &random) == 0
  let deadline = Int.random(in: 0..<4, using: &random) == 0 ? soon : nil
  if try lock.acquire(to: writes ? .write : .read, until: deadline) == .timedOut { return }
  if writes { peers.number(2).pointee.store(worker, ordering: .relaxed) }
  for _ in 0..<100 where writes {
    check(peers.number(2).pointee.load(ordering: .relaxed) == worker, "two write")
  }
  try lock.release()
}

private func line(up peers: Peers, _ worker: Int, _ soon: UInt64) {
  let barrier = peers.arena.barrier(5, worker: worker)!
  if case .broken = barrier.wait(until: soon) { barrier.reset() }
}
