/// What the ends of a worker mean to others: that it may still write, read, or come to a barrier.
extension Arena {
  /// The worker will not be started again: what it alone could still do to its queues, pipes and barriers is over.
  @discardableResult
  package func endForGood(_ worker: Int, failed: Bool) -> [Repair] {
    guard !entry(worker).hasEndedForGood else { return [] }
    entry(worker).hasEndedForGood = true
    return close(plan.links(of: worker), of: worker, failed: failed)
  }

  /// A worker that had ended for good is started again by a command: its ends are open again.
  package func reopen(_ worker: Int) {
    guard entry(worker).hasEndedForGood else { return }
    entry(worker).hasEndedForGood = false
    forgetAnswer(of: worker)
    open(plan.links(of: worker), of: worker)
  }

  /// A worker with a table begins anew, unless it ended before its answer was out: then it goes on. Others go on.
  private func forgetAnswer(of worker: Int) {
    reopenInGroup(worker)
    var durable = durable(of: worker)
    if plan.workers[worker]?.regionByteCount ?? 0 > 0 {
      if durable.hasAnswered { durable = Durable() }
    } else {
      durable.isComplete = false
      durable.hasAnswered = false
    }
    entry(worker).durable.replace(by: durable)
  }

  /// The ends of these links only; the worker has them still.
  @discardableResult
  func close(_ links: WorkerLinks, of worker: Int, failed: Bool) -> [Repair] {
    for resource in links.reads.union(links.writes).sorted() {
      guard let queue = queue(resource) else { continue }
      end(worker, of: queue, links, failed: failed)
    }
    for resource in links.holdsA { endPipe(resource, isA: true, failed: failed) }
    for resource in links.holdsB { endPipe(resource, isA: false, failed: failed) }
    return endAtPrimitives(worker, links)
  }

  func open(_ links: WorkerLinks, of worker: Int) {
    reopenPrimitives(worker, links)
    for resource in links.reads.union(links.writes).sorted() {
      guard let queue = queue(resource) else { continue }
      reopen(queue, of: worker, links)
    }
    for resource in links.holdsA { reopenPipe(resource, isA: true) }
    for resource in links.holdsB { reopenPipe(resource, isA: false) }
  }

  // MARK: Queues

  private func end(_ worker: Int, of queue: Queue, _ links: WorkerLinks, failed: Bool) {
    let readerEnd = links.reads.contains(queue.resource) ? queue.readerEnd(of: worker) : nil
    let writerEnd = links.writes.contains(queue.resource) ? queue.writerEnd(of: worker) : nil
    // An end that the worker has closed itself is counted already.
    let endsReader = readerEnd.map { !queue.hasLeft($0) } ?? false
    let endsWriter = writerEnd.map { !queue.hasLeft($0) } ?? false
    let isServed = queue.update(as: supervisor, orIfDamaged: false) { state, _ -> (Bool, Bool) in
      if endsReader { state.endReader(failed: failed) }
      if endsWriter { state.endWriter(failed: failed) }
      state.sleepingReaders = 0
      state.sleepingWriters = 0
      let isServed = readerEnd != nil && state.liveReaders == 0 && !state.hasEndedDeadLetters
      if isServed { state.hasEndedDeadLetters = true }
      return (true, isServed)
    }
    queue.wakeEveryone()
    if isServed, let target = queue.plan.deadLetterQueue, let dead = self.queue(target) { endWriter(of: dead) }
  }

  /// Nobody from outside will write to an external queue any more.
  package func endOutside(ofQueue resource: Int) {
    if let queue = queue(resource), queue.plan.isExternal { endWriter(of: queue) }
  }

  private func endWriter(of queue: Queue) {
    queue.update(as: supervisor, orIfDamaged: ()) { state, _ in
      state.endWriter(failed: false)
      return (true, ())
    }
    queue.wakeEveryone()
  }

  private func reopen(_ queue: Queue, of worker: Int, _ links: WorkerLinks) {
    let readerEnd = links.reads.contains(queue.resource) ? queue.readerEnd(of: worker) : nil
    let writerEnd = links.writes.contains(queue.resource) ? queue.writerEnd(of: worker) : nil
    let isServedAgain = queue.update(as: supervisor, orIfDamaged: false) { state, _ in
      if let readerEnd {
        state.liveReaders += 1
        queue.departures.comeBack(readerEnd)
      }
      if let writerEnd {
        state.liveWriters += 1
        state.isClosed = false
        queue.departures.comeBack(writerEnd)
      }
      let isServedAgain = readerEnd != nil && state.hasEndedDeadLetters
      if isServedAgain { state.hasEndedDeadLetters = false }
      return (true, isServedAgain)
    }
    guard isServedAgain, let target = queue.plan.deadLetterQueue, let dead = self.queue(target) else { return }
    dead.update(as: supervisor, orIfDamaged: ()) { state, _ in
      state.liveWriters += 1
      state.isClosed = false
      return (true, ())
    }
  }

  // MARK: Pipes

  /// A holds the writing side of what goes from a, and the reading side of what comes back.
  private func endPipe(_ resource: Int, isA: Bool, failed: Bool) {
    // In this order: who has seen the end of what comes finds that nobody takes what it sends.
    pipe(resource, fromA: !isA)?.end(failed ? [.readerEnded, .readerFailed] : .readerEnded)
    pipe(resource, fromA: isA)?.end(failed ? [.writerEnded, .writerFailed] : .writerEnded)
  }

  private func reopenPipe(_ resource: Int, isA: Bool) {
    pipe(resource, fromA: isA)?.reopen([.writerEnded, .writerFailed])
    pipe(resource, fromA: !isA)?.reopen([.readerEnded, .readerFailed])
  }
}
