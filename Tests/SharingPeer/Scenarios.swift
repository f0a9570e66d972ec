import Glibc
import Platform
import Sharing

/// A killed holder's lock goes to one who sleeps for it, who is told; also if it was held several times.
func locks() throws {
  for isRecursive in [false, true] {
    let peers = try Peers(workers: 3) { _ in [.lock(isRecursive: isRecursive)] }
    try peers.start(1) { peers in
      let lock = peers.arena.lock(0, worker: 1)!
      try lock.acquire()
      if isRecursive { try lock.acquire() }
      peers.number(0).pointee.store(1, ordering: .releasing)
      pause()
    }
    peers.waitUntil("the lock is held") { peers.number(0).pointee.load(ordering: .acquiring) == 1 }
    try peers.start(2) { peers in
      let lock = peers.arena.lock(0, worker: 2)!
      check(try lock.acquire() == .recovered, "the next owner is told")
      try lock.release()
      check(try lock.acquire() == .acquired, "only the next owner is told")
      // Ends holding it.
    }
    peers.waitUntil(2, waitsOn: .lock(resource: 0))
    peers.kill(1)
    check(peers.bury(1) == [.lockFreed(resource: 0)], "the log is told whose lock it was")
    peers.join([2])
    check(peers.repairs.last == .lockFreed(resource: 0), "a lock held at a normal end is freed too")
    check(try peers.arena.lock(0, worker: 0)!.acquire(until: 1) == .recovered, "and the next owner told")
  }
}

/// A released lock goes to one who sleeps for it, and from that one to the next.
func handover() throws {
  let peers = try Peers(workers: 5) { _ in [.lock(isRecursive: false)] }
  let lock = peers.arena.lock(0, worker: 0)!
  try lock.acquire()
  for worker in 1...4 {
    try peers.start(worker) { peers in
      let lock = peers.arena.lock(0, worker: worker)!
      check(try lock.acquire() == .acquired, "its last holder has released it")
      usleep(5_000)
      try lock.release()
    }
  }
  for worker in 1...4 { peers.waitUntil(worker, waitsOn: .lock(resource: 0)) }
  // They have said that they wait; now they do.
  usleep(20_000)
  try lock.release()
  peers.join(1...4)
}

/// A killed taker's count goes to one who sleeps for it.
func semaphores() throws {
  let peers = try Peers(workers: 4) { [.semaphore(initial: 2, isBounded: true, users: $0)] }
  try peers.start(1) { peers in
    let semaphore = peers.arena.semaphore(0, worker: 1)!
    check(semaphore.acquire() && semaphore.acquire(), "two are there")
    peers.number(0).pointee.store(1, ordering: .releasing)
    pause()
  }
  peers.waitUntil("both are taken") { peers.number(0).pointee.load(ordering: .acquiring) == 1 }
  for worker in 2...3 {
    try peers.start(worker) { peers in
      let semaphore = peers.arena.semaphore(0, worker: worker)!
      check(semaphore.acquire(), "one returned")
      try semaphore.release()
    }
  }
  for worker in 2...3 { peers.waitUntil(worker, waitsOn: .primitive(resource: 0)) }
  peers.kill(1)
  check(peers.bury(1) == [.countsReturned(resource: 0, count: 2)], "the log is told")
  peers.join(2...3)
  check(peers.arena.semaphoreReport(0)?.count == 2, "all is given back")
}

/// notify(n) wakes exactly n of those that wait; the dead and the timed-out count for nothing.
func conditions() throws {
  let peers = try Peers(workers: 8) { [.lock(isRecursive: true), .condition(lock: 0, users: $0)] }
  let condition = peers.arena.condition(1, worker: 0)!
  func waitForWaiters(_ count: Int) {
    peers.waitUntil("\(count) wait") { peers.arena.conditionReport(1)!.waiters.count == count }
  }
  var woken: Int { peers.number(0).pointee.load(ordering: .acquiring) }
  for worker in 1...6 {
    try peers.start(worker) { peers in
      let condition = peers.arena.condition(1, worker: worker)!
      try condition.lock.acquire()
      try condition.lock.acquire()
      let waited = try condition.wait()
      check(waited.isNotified && !waited.isLockRecovered, "notified")
      peers.number(0).pointee.add(1, ordering: .relaxed)
      try condition.lock.release()
      try condition.lock.release()
    }
    // One after another, so that their order is known.
    waitForWaiters(worker)
  }
  try peers.start(7) { peers in
    let condition = peers.arena.condition(1, worker: 7)!
    try condition.lock.acquire()
    let start = MonotonicClock.now
    check(try !condition.wait(until: start + 20_000_000).isNotified, "its time is over")
    check(MonotonicClock.now >= start + 20_000_000, "and not before")
    // It has the lock again.
    try condition.lock.release()
  }
  peers.join([7])
  peers.kill(1)
  peers.bury(1)
  check(peers.arena.conditionReport(1)?.waiters == [2, 3, 4, 5, 6], "the dead and the timed-out are gone")
  try condition.lock.acquire()
  try condition.notify(2)
  try condition.lock.release()
  peers.join(2...3)
  usleep(20_000)
  check(woken == 2 && peers.arena.conditionReport(1)?.waiters == [4, 5, 6], "exactly two, who came first")

  // The next to be notified is dead, and nobody has seen it yet.
  peers.kill(4)
  try condition.lock.acquire()
  try condition.notify(1)
  try condition.lock.release()
  check(peers.bury(4) == [.wakeUpPassedOn(resource: 1, to: 5)], "its wake-up goes to a live one")
  peers.join([5])
  try condition.lock.acquire()
  try condition.notifyAll()
  try condition.notifyAll()
  try condition.lock.release()
  peers.join([6])
  check(woken == 4, "each once")
  // No wake-up was kept for who comes later.
  try condition.lock.acquire()
  check(try !condition.wait(until: MonotonicClock.now + 5_000_000).isNotified, "nothing is left over")
}

/// Who gets the lock back after a wait is told that its last holder died.
func recoveredWait() throws {
  let peers = try Peers(workers: 3) { [.lock(isRecursive: false), .condition(lock: 0, users: $0)] }
  try peers.start(1) { peers in
    let condition = peers.arena.condition(1, worker: 1)!
    try condition.lock.acquire()
    let waited = try condition.wait()
    check(waited.isNotified && waited.isLockRecovered, "notified, and told")
    try condition.lock.release()
  }
  peers.waitUntil("one waits") { peers.arena.conditionReport(1)?.waiters == [1] }
  try peers.start(2) { peers in
    let condition = peers.arena.condition(1, worker: 2)!
    try condition.lock.acquire()
    try condition.notify()
    peers.number(0).pointee.store(1, ordering: .releasing)
    pause()
  }
  peers.waitUntil("it is notified") { peers.number(0).pointee.load(ordering: .acquiring) == 1 }
  peers.kill(2)
  peers.bury(2)
  peers.join([1])
}

/// A waiter that was notified and dies before it has the lock passes its wake-up on.
func notifiedDies() throws {
  let peers = try Peers(workers: 3) { [.lock(isRecursive: false), .condition(lock: 0, users: $0)] }
  for worker in 1...2 {
    try peers.start(worker) { peers in
      let condition = peers.arena.condition(1, worker: worker)!
      try condition.lock.acquire()
      check(try condition.wait().isNotified, "notified")
      try condition.lock.release()
    }
    peers.waitUntil("\(worker) waits") { peers.arena.conditionReport(1)!.waiters.count == worker }
  }
  let condition = peers.arena.condition(1, worker: 0)!
  try condition.lock.acquire()
  try condition.notify()
  peers.waitUntil(1, waitsOn: .lock(resource: 0))
  peers.kill(1)
  check(peers.bury(1) == [.wakeUpPassedOn(resource: 1, to: 2)], "passed on")
  try condition.lock.release()
  peers.join([2])
}

/// Who waits for an event passes together, also if it is cleared at once.
func events() throws {
  let peers = try Peers(workers: 6) { [.event(isSet: false, users: $0)] }
  for worker in 1...5 {
    try peers.start(worker) { peers in check(peers.arena.event(0, worker: worker)!.wait(), "it was set") }
  }
  for worker in 1...5 { peers.waitUntil(worker, waitsOn: .primitive(resource: 0)) }
  peers.kill(5)
  peers.bury(5)
  let event = peers.arena.event(0, worker: 0)!
  event.set()
  event.clear()
  peers.join(1...4)
  check(!event.isSet && !event.wait(until: MonotonicClock.now + 1_000_000), "it is cleared")
}

/// Five parties, a thousand passes: nobody is a pass ahead, and exactly one has index 0 at each.
func lockstep() throws {
  let parties = 5
  let passes = 1000
  let peers = try Peers(workers: parties) { [.barrier(parties: parties, users: $0)] }
  for worker in 0..<parties {
    try peers.start(worker) { peers in
      let barrier = peers.arena.barrier(0, worker: worker)!
      for pass in 1...passes {
        peers.number(worker).pointee.store(pass, ordering: .releasing)
        guard case .passed(let index) = barrier.wait() else { fail("pass \(pass) is broken") }
        peers.number(10 + index).pointee.add(1, ordering: .relaxed)
        for other in 0..<parties {
          let theirs = peers.number(other).pointee.load(ordering: .acquiring)
          check(theirs == pass || theirs == pass + 1, "\(worker) is at \(pass), \(other) at \(theirs)")
        }
      }
    }
  }
  peers.join(0..<parties)
  for index in 0..<parties {
    check(peers.number(10 + index).pointee.load(ordering: .acquiring) == passes, "index \(index) once a pass")
  }
}

/// An abort, a time-out and a reset break the barrier for who sleeps at it; a reset lets all pass again.
func barrierBreaks() throws {
  let peers = try Peers(workers: 3) { [.barrier(parties: 3, users: $0)] }
  let barrier = peers.arena.barrier(0, worker: 0)!
  func sleepers(_ expected: @escaping (SharedBarrier.Passage) -> Bool) throws {
    for worker in 1...2 {
      try peers.start(worker) { peers in
        let passage = peers.arena.barrier(0, worker: worker)!.wait()
        check(expected(passage), "worker \(worker): \(passage)")
      }
    }
    for worker in 1...2 { peers.waitUntil(worker, waitsOn: .primitive(resource: 0)) }
  }
  try sleepers { $0 == .broken }
  barrier.abort()
  peers.join(1...2)
  check(barrier.wait() == .broken, "it stays broken")
  barrier.reset()
  try sleepers { $0 == .broken }
  barrier.reset()
  peers.join(1...2)
  try peers.start(1) { check($0.arena.barrier(0, worker: 1)!.wait() == .broken, "the other did not wait") }
  peers.waitUntil(1, waitsOn: .primitive(resource: 0))
  check(barrier.wait(until: MonotonicClock.now + 1_000_000) == .timedOut, "not all have come")
  peers.join([1])
  barrier.reset()
  try sleepers { if case .passed(let index) = $0 { index < 2 } else { false } }
  check(barrier.wait() == .passed(index: 2), "all pass again")
  peers.join(1...2)
}

/// A party that dies waiting and comes back is waited for; one that ends for good breaks the barrier for who wait.
func barrierDeaths() throws {
  let peers = try Peers(workers: 3) { [.barrier(parties: 3, users: $0)] }
  func start(_ worker: Int, _ expected: @escaping (SharedBarrier.Passage) -> Bool) throws {
    try peers.start(worker) { peers in
      let passage = peers.arena.barrier(0, worker: worker)!.wait()
      check(expected(passage), "worker \(worker): \(passage)")
      if case .passed(let index) = passage { peers.number(index).pointee.add(1, ordering: .relaxed) }
    }
    if worker < 2 { peers.waitUntil(worker, waitsOn: .primitive(resource: 0)) }
  }
  let passes = { (passage: SharedBarrier.Passage) in if case .passed = passage { true } else { false } }
  try start(0, passes)
  try start(1, passes)
  peers.kill(0)
  check(peers.bury(0).isEmpty, "it will come back")
  check(peers.arena.barrierReport(0)?.waiters == [1], "the dead does not wait")
  try start(0, passes)
  try start(2, passes)
  peers.join(0...2)
  for index in 0...2 { check(peers.number(index).pointee.load(ordering: .acquiring) == 1, "index \(index) once") }

  try start(0) { $0 == .broken }
  try start(1) { $0 == .broken }
  peers.kill(1)
  check(peers.bury(1, forGood: true) == [.barrierBroken(resource: 0, waiters: 1)], "the one that waited is told")
  peers.join([0])
  let breakage = peers.arena.barrierReport(0)?.breakage
  check(breakage?.cause == .ended && breakage?.worker == 1, "and by whom")
}
