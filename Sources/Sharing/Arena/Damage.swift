internal import Synchronization

/// A part of the arena that can't be what the program has written: a stray store of a worker's, or of whoever has its
/// memory. What it guards is not to be trusted any more; the supervisor goes on, and ends the run by name.
package enum Damage: Hashable, Sendable {
  /// `lastWriter`: a worker; `nil`: of a resource that has none, or nobody knows.
  case resource(Int, lastWriter: Int?)
  /// What the instances of a process share beside resources, of whom this worker is one.
  case group(member: Int)
}

extension Arena {
  /// What is damaged and was not told before.
  package func takeDamage() -> [Damage] { rescue.takeDamage() }

  /// Looks at what all depend on, without stopping anyone: states that can't be, and locks whose holder is none. To be
  /// called now and then, with nothing of the supervisor's under way.
  package func audit() {
    for queue in queues.compactMap(\.self) {
      if !queue.isSoundNow { tellDamage(of: queue) }
      let version = queue.cell.committedVersion
      audit(queue.cell.lock, version, isHeldForAMoment: true) { tellDamage(of: queue) }
      audit(queue.writersLock, version, isHeldForAMoment: false) { tellDamage(of: queue) }
    }
    for primitive in primitives {
      if !primitive.isSoundNow { rescue.tell(.resource(primitive.resource, lastWriter: nil)) }
      audit(primitive.lock, primitive.version, isHeldForAMoment: true) {
        rescue.tell(.resource(primitive.resource, lastWriter: nil))
      }
    }
    for (member, group) in groups {
      audit(group.cell.lock, group.cell.committedVersion, isHeldForAMoment: true) {
        rescue.tell(.group(member: member))
      }
    }
    suspects = suspects.filter { $0.value.lastRound == auditRound }
    auditRound &+= 1
  }

  private func tellDamage(of queue: Queue) { rescue.tell(queue.damage) }

  /// A lock whose holder is nobody, or one that is asleep, and so not in it, round after round in which nothing was
  /// committed. `version`: of what it guards.
  private func audit(_ lock: HolderLock, _ version: UInt64, isHeldForAMoment: Bool, _ tell: () -> Void) {
    guard let holder = lock.holder else { return }
    let standing = rescue.standing(of: holder)
    if case .nobody = standing { tell() }
    guard case .asleep = standing, isHeldForAMoment || showsWait(holder) else { return }
    let address = UInt(bitPattern: lock.futex.word)
    let before = suspects[address].flatMap { $0.holder == holder && $0.version == version ? $0.rounds : nil } ?? 0
    suspects[address] = Suspect(holder: holder, version: version, rounds: before + 1, lastRound: auditRound)
    if before + 1 >= Self.roundsOfSuspicion { tell() }
  }

  /// Who stages in several queues may sleep for one of them; but then it says of no resource that it waits for it.
  private func showsWait(_ holder: HolderID) -> Bool {
    worker(of: holder).map { wait(of: $0).on != .none } ?? false
  }

  /// `nil`: none that the plan has.
  func worker(of holder: HolderID) -> Int? {
    let worker = Int(holder.rawValue) - 1
    return plan.workers.indices.contains(worker) && plan.workers[worker] != nil ? worker : nil
  }

  private static let roundsOfSuspicion = 5

  /// A lock whose holder may be none.
  struct Suspect {
    var holder: HolderID
    var version: UInt64
    var rounds: Int
    var lastRound: Int
  }
}

extension Queue {
  var damage: Damage {
    let writer = Int(lastWriter) - 1
    return .resource(resource, lastWriter: plan.writers.contains(writer) && writer >= 0 ? writer : nil)
  }

  /// As `isSound`, of one commit and its leases. Where commits come too quickly to look in between, all is well.
  var isSoundNow: Bool {
    for _ in 0..<3 {
      let version = cell.committedVersion
      let areSound =
        isSound(cell.snapshot()) && (0..<slotCount).allSatisfy { isSound(slot($0).lease(committed: version)) }
      // The leases are read before it is asked whether they were those of that commit.
      atomicMemoryFence(ordering: .acquiring)
      if areSound || cell.committedVersion == version { return areSound }
    }
    return true
  }

  /// What every commit leaves.
  func isSound(_ state: QueueState) -> Bool {
    state.isSound && [state.head, state.next, state.tail].allSatisfy(ring.isPlace)
      && state.tail - state.head <= ring.byteCount
      && isSound(items: state.puts &- state.takes &- state.droppedOld, in: state.tail - state.next)
      && state.untakenByteCount <= state.tail - state.next && state.outstandingLeases <= slotCount
      && cell.userCount == plan.readers.count
  }

  func isSound(_ lease: Lease) -> Bool {
    lease.isEmpty
      || ring.isPlace(lease.from) && ring.isPlace(lease.to) && lease.from < lease.to
        && lease.to - lease.from <= ring.byteCount
        && isSound(items: UInt64(lease.items), in: lease.to - lease.from)
  }

  /// Behind the tail.
  func isSound(_ staged: StagedRecords, in state: QueueState) -> Bool {
    ring.isPlace(staged.newTail) && staged.oldTail <= staged.newTail && staged.newTail - state.head <= ring.byteCount
      && isSound(items: UInt64(staged.items), in: staged.newTail - staged.oldTail)
      && staged.payloadByteCount <= staged.newTail - staged.oldTail
  }

  /// So many records may lie in so many bytes: none in none.
  private func isSound(items: UInt64, in byteCount: UInt64) -> Bool {
    switch plan.format {
    case .fixed(let stride): items.multipliedReportingOverflow(by: UInt64(stride)) == (byteCount, false)
    case .framed: items == 0 ? byteCount == 0 : items <= byteCount / UInt64(Ring.headerByteCount)
    }
  }
}

extension QueueState {
  /// Whatever the ring. Far below where arithmetic ends: no run counts so far.
  fileprivate var isSound: Bool {
    head <= next && next <= tail && orphans <= outstandingLeases
      && [tail, puts, takes, finished, droppedNew, droppedOld, givenUp, lost, redelivered].allSatisfy { $0 < 1 << 62 }
      && [liveWriters, liveReaders, sleepingReaders, sleepingWriters, waitingMembers].allSatisfy { $0 < 1 << 30 }
  }
}
