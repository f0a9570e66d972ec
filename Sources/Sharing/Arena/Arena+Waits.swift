/// Who can let a waiter go on.
package enum Wakers: Sendable, Equatable {
  /// Itself after some time, or somebody outside of the topology.
  case anyone
  /// Any of these workers, and nobody else. In parts, so that lists that exist are not copied.
  case workers([[Int]])
}

/// What a wait looks like to others: for the search for deadlocks. Nobody is stopped for it.
extension Arena {
  /// What the worker shows that it waits on; nothing, where that names what is not there.
  package func wait(of worker: Int) -> WorkerEntry.PublishedWait {
    var wait = entry(worker).wait
    if !isThere(wait.on) { wait.on = .none }
    return wait
  }

  /// How long a worker has waited for what, in all its lives; not counting the wait that it is in.
  package func waited(by worker: Int) -> [(on: WorkerEntry.Wait, nanoseconds: UInt64)] {
    entry(worker).waited.filter { isThere($0.on) }
  }

  /// Another process has written the index.
  private func isThere(_ wait: WorkerEntry.Wait) -> Bool {
    switch wait {
    case .none, .timer, .standardInput, .command: true
    case .turn(let group): groupIndices.contains(group)
    case .read(let resource), .write(let resource), .readAny(let resource), .join(let resource), .lock(let resource),
      .primitive(let resource):
      plan.resources.indices.contains(resource)
    }
  }

  /// Who could let the worker go on: every worker that may do it at some time, whatever it does now.
  package func wakers(of wait: WorkerEntry.PublishedWait, _ worker: Int) -> Wakers {
    if wait.isTimed { return .anyone }
    switch wait.on {
    case .none, .timer, .standardInput, .command: return .anyone
    case .read(let resource):
      return queue(resource).map(wakersOfReader) ?? pipeWakers(resource, of: worker, reads: true)
    case .write(let resource):
      return queue(resource).map(wakersOfWriter) ?? pipeWakers(resource, of: worker, reads: false)
    case .join(let resource): return queue(resource).map(wakersOfWriter) ?? .anyone
    case .readAny: return .workers([awaitedDirections(wait, worker).compactMap(writer)])
    case .lock(let resource): return .workers([[lock(resource, worker: nil)?.holderID].compactMap(workerIndex)])
    case .turn(let group): return .workers([[self.group(group).claimLock.holder].compactMap(workerIndex)])
    case .primitive(let resource): return .workers([primitive(resource)?.wakers(of: worker, as: supervisor) ?? []])
    }
  }

  private func workerIndex(_ holder: HolderID?) -> Int? {
    holder.flatMap(worker)
  }

  // MARK: Queues

  /// Who writes; who has taken what may come back, or keeps the end of the stream from being seen; and of a dead-letter
  /// queue those that read the queues that it serves.
  private func wakersOfReader(_ queue: Queue) -> Wakers {
    if queue.plan.isExternal { return .anyone }
    if let servants = servants(answeringInto: queue) { return .workers([servants]) }
    var parts = [present(queue.plan.writers, of: queue, Departures.End.writer), leaseHolders(of: queue)]
    for case .queue(let served) in plan.resources
    where served.deadLetterQueue == queue.resource || served.repliesToGivenUp.contains(queue.resource) {
      parts.append(served.readers)
    }
    return .workers(parts)
  }

  /// Of a caller that waits for answers: who is at one of its requests, and, where nobody is at another, all who could
  /// take that. `nil`: the queue has no answers in it, or no request is under way.
  private func servants(answeringInto replies: Queue) -> [Int]? {
    guard let requests = requests(answeredInto: replies.resource) else { return nil }
    // Under the lock nobody takes, finishes or puts any. Nothing is changed.
    let (holders, isForAll) = requests.update(as: supervisor, orIfDamaged: ([], false)) {
      state, next -> (Bool, ([Int], Bool)) in
      var isForAll = asks(for: replies, requests, from: state.next, to: state.tail, items: state.untaken)
      var holders: [Int] = []
      for (index, worker) in ([nil] + requests.plan.readers.map(Optional.some)).enumerated()
      where worker != ArenaPlan.nobody {
        let lease = requests.slot(index).lease(committed: next &- 1)
        guard asks(for: replies, requests, from: lease.from, to: lease.to, items: Int(lease.items)) else { continue }
        if let worker, !lease.isOrphaned { holders.append(worker) } else { isForAll = true }
      }
      return (false, (holders, isForAll))
    }
    if isForAll { return holders + present(requests.plan.readers, of: requests, Departures.End.reader) }
    return holders.isEmpty ? nil : holders
  }

  private func requests(answeredInto replies: Int) -> Queue? {
    plan.resources.indices.lazy.compactMap { self.queue($0) }.first { $0.plan.repliesToGivenUp.contains(replies) }
  }

  /// Whether one of these requests is to be answered there.
  private func asks(for replies: Queue, _ requests: Queue, from: UInt64, to: UInt64, items: Int) -> Bool {
    var position = from
    for _ in 0..<items {
      guard let run = requests.run(from: position, to: to, limit: 1, as: supervisor), run.items == 1 else {
        return false
      }
      if replyQueue(of: requests, to: requests.ring.payload(of: run)) == replies.resource { return true }
      position = run.to
    }
    return false
  }

  private func wakersOfWriter(_ queue: Queue) -> Wakers {
    if queue.plan.isExternal { return .anyone }
    return .workers([present(queue.plan.readers, of: queue, Departures.End.reader), leaseHolders(of: queue)])
  }

  /// Those that have not closed their end.
  private func present(_ workers: [Int], of queue: Queue, _ end: (Int) -> Departures.End) -> [Int] {
    let committed = queue.cell.committedVersion
    func isPresent(_ index: Int) -> Bool { !queue.departures.hasLeft(end(index), committed: committed) }
    // Places that nobody has count for nothing where the list is gone through.
    return workers.indices.allSatisfy(isPresent) ? workers : workers.indices.filter(isPresent).map { workers[$0] }
  }

  private func leaseHolders(of queue: Queue) -> [Int] {
    if queue.cell.peek(\.outstandingLeases) == 0 { return [] }
    // Under the lock: who has none does not change it meanwhile. Nothing is changed.
    return queue.update(as: supervisor, orIfDamaged: []) { _, next -> (Bool, [Int]) in
      let holders = queue.plan.readers.filter { worker in
        guard worker != ArenaPlan.nobody, let slot = queue.slotIndex(ofReader: worker) else { return false }
        let lease = queue.slot(slot).lease(committed: next &- 1)
        return !lease.isEmpty && !lease.isOrphaned
      }
      return (false, holders)
    }
  }

  /// Whether anybody may still read what is put into a queue, or sent from that end of a pipe.
  package func hasReaders(_ resource: Int, fromA: Bool = true) -> Bool {
    if let queue = queue(resource) { return queue.cell.peek(\.liveReaders) > 0 }
    return pipe(resource, fromA: fromA).map { !$0.ends.contains(.readerEnded) } ?? true
  }

  // MARK: Pipes

  private func pipeWakers(_ resource: Int, of worker: Int, reads: Bool) -> Wakers {
    .workers([[direction(resource, of: worker, reads: reads)].compactMap { $0.flatMap(reads ? writer : reader) }])
  }

  private func plan(ofPipe resource: Int) -> ArenaPlan.Pipe? {
    if case .pipe(let pipe) = plan.resources[resource] { pipe } else { nil }
  }

  private func writer(_ direction: PipeDirection) -> Int? {
    plan(ofPipe: direction.resource).flatMap { isFromA(direction) ? $0.holderOfA : $0.holderOfB }
  }
  private func reader(_ direction: PipeDirection) -> Int? {
    plan(ofPipe: direction.resource).flatMap { isFromA(direction) ? $0.holderOfB : $0.holderOfA }
  }

  private func isFromA(_ direction: PipeDirection) -> Bool {
    pipe(direction.resource, fromA: true)?.index == direction.index
  }

  /// Of a duplex pipe one process may hold both ends; then the one in which it sleeps can't be told, and neither can it
  /// be woken by anyone else.
  private func direction(_ resource: Int, of worker: Int, reads: Bool) -> PipeDirection? {
    [true, false].compactMap { pipe(resource, fromA: $0) }.first { (reads ? reader($0) : writer($0)) == worker }
  }

  private func awaitedDirections(_ wait: WorkerEntry.PublishedWait, _ worker: Int) -> [PipeDirection] {
    entry(worker).awaitedEnds.list(Int(truncatingIfNeeded: wait.need.first)).compactMap(pipeDirection(checked:))
  }

  /// The resources of `readAny`, each once.
  package func awaitedPipes(_ wait: WorkerEntry.PublishedWait, _ worker: Int) -> [Int] {
    Set(awaitedDirections(wait, worker).map(\.resource)).sorted()
  }

  // MARK: Whether it is true

  /// Whether what the worker waits for is still missing: if it is not, the worker will go on by itself as soon as it runs.
  package func isUnmet(_ wait: WorkerEntry.PublishedWait, of worker: Int) -> Bool {
    let need = wait.need
    switch wait.on {
    case .none, .timer, .standardInput, .command: return false
    case .read(let resource):
      if let queue = queue(resource) { return lacksItems(queue, need) }
      return direction(resource, of: worker, reads: true).map { !$0.hasNews(since: need.first) } ?? true
    case .write(let resource):
      if let queue = queue(resource) { return lacksRoom(queue, need) }
      return direction(resource, of: worker, reads: false)
        .map { !$0.hasRoom(for: need) && !$0.ends.contains(.readerEnded) } ?? true
    case .join(let resource): return queue(resource).map { !$0.cell.peek(\.isDrained) } ?? false
    case .readAny: return awaitedDirections(wait, worker).allSatisfy { !$0.hasNews(since: $0.head) }
    case .lock(let resource):
      return lock(resource, worker: nil)?.holderID.map { $0 != HolderID(worker: worker) } ?? false
    case .turn(let group):
      return self.group(group).claimLock.holder.map { $0 != HolderID(worker: worker) } ?? false
    case .primitive(let resource):
      return primitive(resource)?.isUnmet(need, of: worker, as: supervisor) ?? false
    }
  }

  /// Of a wait for a queue's items: as many as it takes at least.
  package func itemsAwaited(_ wait: WorkerEntry.PublishedWait) -> Int { Int(clamping: wait.need.first) }

  private func lacksItems(_ queue: Queue, _ need: WaitNeed) -> Bool {
    let wanted = Int(clamping: need.first)
    return queue.cell.peek { state in
      if state.isClosed { return state.untaken == 0 && !state.isDrained && state.orphans == 0 }
      return !queue.holdsAsManyAsItCan(upTo: wanted, state) && state.orphans == 0
    }
  }

  private func lacksRoom(_ queue: Queue, _ need: WaitNeed) -> Bool {
    // Under the lock: what leases keep is to be seen with the state. Nothing is changed.
    queue.update(as: supervisor, orIfDamaged: false) { state, _ in
      let isOver = state.isClosed || state.liveReaders == 0
      return (false, !isOver && !queue.hasRoom(forItemOf: Int(clamping: need.first), in: state))
    }
  }
}
