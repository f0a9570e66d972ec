package import Platform

/// A worker's reading end of a queue or a pipe, and the rule by which items are had, whoever wants them: take; where
/// none is there, look for a while; say what is waited for; sleep; take again.
///
/// Who must not sleep here, since it waits for other things too, asks for the sleep instead (`takeOrAnnounce`), or gives
/// a deadline and comes back: in between it counts as asleep as long as nothing has woken it.
package struct ItemInput {
  package let port: InputPort
  /// Where the port is one.
  package let pipe: PipeReader?
  private let entry: WorkerEntry
  private var spin: SpinBudget
  /// By it, others count this reader as asleep since it last took.
  private var announced: FutexWait?

  /// `spin`: how long it looks before it sleeps. An end of a pipe is to be given back by `deallocate`.
  package init(_ port: InputPort, of entry: WorkerEntry, spin: SpinBudget) {
    self.port = port
    self.entry = entry
    self.spin = spin
    if case .pipe(let direction) = port { pipe = PipeReader(direction, spin: spin) } else { pipe = nil }
  }

  package func deallocate() { pipe?.deallocate() }

  package enum Take {
    case taken(HeldItems)
    /// Nothing comes any more. `failed`: a writer has, so this may not be all.
    case ended(failed: Bool)
    /// Nothing, or not enough, in time.
    case nothing
  }

  /// Waits until there is as much as `amount` wants, until the stream's end, or until `deadline`, a time of the monotonic
  /// clock in nanoseconds: one that has passed is no wait, `nil` no limit.
  ///
  /// - `linger`: so many nanoseconds after the first came, it takes what is there.
  /// - `progress`: what of the items that it has is finished by the same commit; only of a queue.
  /// - `beforeSleep`: called each time before it sleeps.
  package mutating func take(
    _ amount: QueueReader.Amount, until deadline: UInt64? = nil, linger: UInt64? = nil,
    finishing progress: InputProgress? = nil, beforeSleep: () -> Void = {}
  ) -> Take {
    let wish = Wish(amount: amount, deadline: deadline, linger: linger, isUnlimited: deadline == nil && linger == nil)
    return switch port {
    case .queue(let reader): take(wish, from: reader, finishing: progress, beforeSleep)
    case .pipe: take(wish, from: pipe!, beforeSleep)
    }
  }

  /// Without waiting. `nothing`: this reader counts as asleep, and `sleep` is what ends that. `isWaitUnlimited`: it can do
  /// nothing before something comes.
  package mutating func takeOrAnnounce(isWaitUnlimited: Bool) -> Take {
    if let announced, !announced.isOver { return .nothing }
    let wish = Wish(amount: .share, isUnlimited: isWaitUnlimited)
    switch port {
    case .queue(let reader): return look(wish, reader, willSleep: true) ?? .nothing
    case .pipe:
      announced = nil
      let look = look(wish, pipe!)
      if let take = look.take { return take }
      announced = pipe!.pipe.prepareSleep(.reader) { pipe!.pipe.hasNews(since: look.tail) }
      return .nothing
    }
  }

  /// That `takeOrAnnounce` has announced; `nil`: none, it is to be called again.
  package var sleep: FutexWait? { announced }

  /// What it waits for, for others to see.
  package var need: WaitNeed { pipe.map { .news(since: $0.pipe.head) } ?? .items(1) }

  /// It was woken for items that it does not take now: others may sleep that do.
  package mutating func passOnWakeUp() {
    if let announced, announced.isOver { stopWaiting() }
  }

  /// It waits no more.
  package mutating func stopWaiting() {
    guard announced.take() != nil, case .queue(let reader) = port else { return }
    reader.stopSleeping()
  }

  /// What is taken and not finished goes to others, in its old order. A message of a pipe stays where it is.
  package func giveBack() {
    if case .queue(let reader) = port { reader.giveBack() }
  }

  /// What a call of `take` waits for, and how long.
  private struct Wish {
    var amount: QueueReader.Amount
    var deadline: UInt64?
    var linger: UInt64?
    /// When it takes what is there, once there is anything.
    private(set) var lingerEnd: UInt64?
    /// It never gives up by itself.
    var isUnlimited: Bool
    var isOver: Bool { MonotonicClock.hasPassed(deadline) }
    var hasLingered: Bool { MonotonicClock.hasPassed(lingerEnd) }
    /// Until when it may sleep.
    var wakeTime: UInt64? {
      guard let lingerEnd else { return deadline }
      return min(lingerEnd, deadline ?? .max)
    }

    /// Some are there, but not as many as it wants.
    mutating func beginLingering() {
      if lingerEnd == nil, let linger { lingerEnd = MonotonicClock.now &+ linger }
    }
  }

  // MARK: Queues

  private mutating func take(
    _ wish: Wish, from reader: QueueReader, finishing progress: InputProgress?, _ beforeSleep: () -> Void
  ) -> Take {
    var (wish, progress) = (wish, progress)
    while true {
      let version = reader.version
      if let take = look(wish, reader, willSleep: false, finishing: progress) { return take }
      progress = nil
      if wish.isOver { return .nothing }
      if wish.linger != nil, case .exactly(let count, _) = wish.amount, reader.available > 0 {
        wish.beginLingering()
        if wish.hasLingered { wish.amount = .exactly(count, orFewer: true) }
      }
      if spin.run(until: { reader.version != version }) { continue }
      beforeSleep()
      if let take = look(wish, reader, willSleep: true) { return take }
      entry.beginWait(
        .read(resource: reader.queue.resource), isTimed: wish.wakeTime != nil, for: .items(wish.amount.leastCount))
      announced?.sleep(until: wish.wakeTime)
      entry.endWait()
      // Those that want several are not counted, and all of them are woken.
      if wish.amount.wantsSeveral { announced = nil }
    }
  }

  /// `nil`: nothing is there. `willSleep`: then this reader counts as asleep.
  private mutating func look(
    _ wish: Wish, _ reader: QueueReader, willSleep: Bool, finishing progress: InputProgress? = nil
  ) -> Take? {
    let take = reader.take(
      wish.amount, willSleep: willSleep, isWaitUnlimited: wish.isUnlimited, after: announced.take(),
      finishing: progress)
    switch take {
    case .taken(let lease): return .taken(HeldItems(lease))
    case .ended(let failed): return .ended(failed: failed)
    case .empty(let sleep):
      if willSleep { announced = sleep }
      return nil
    }
  }

  // MARK: Pipes

  private func take(_ wish: Wish, from reader: PipeReader, _ beforeSleep: () -> Void) -> Take {
    var wish = wish
    while true {
      let (take, tail, hasSome) = look(wish, reader)
      if let take { return take }
      if wish.isOver { return .nothing }
      if hasSome { wish.beginLingering() }
      if reader.look(since: tail) { continue }
      beforeSleep()
      reader.sleep(since: tail, hasSome: hasSome, until: wish.wakeTime, showingIn: entry)
    }
  }

  /// `take` is `nil`: not enough is there; `tail`: what is there ends there.
  private func look(_ wish: Wish, _ reader: PipeReader) -> (take: Take?, tail: UInt64, hasSome: Bool) {
    let pipe = reader.pipe
    // Before the look at what is there: nothing comes after it.
    let isEnded = pipe.writerHasEnded
    let isFull = pipe.writerSleeps
    let wanted = wish.amount.leastCount
    let run = pipe.run(limit: wish.amount.mostCount, wrapping: wanted > 1)
    if run.items == 0 {
      return (isEnded ? .ended(failed: pipe.ends.contains(.writerFailed)) : nil, pipe.head, false)
    }
    let isEnough = run.items >= wanted || isEnded || isFull || wish.hasLingered
    return (isEnough ? .taken(HeldItems(run, emitted: pipe.emitted)) : nil, run.to, true)
  }
}

/// What a reader has taken and not finished: records that lie one behind another.
package struct HeldItems {
  package var run: Ring.Run
  /// Answers to the first of them that are published.
  package private(set) var emitted: UInt64

  package static let none = HeldItems(Ring.Run(from: 0, to: 0, items: 0, payloadByteCount: 0), emitted: 0)

  package init(_ run: Ring.Run, emitted: UInt64) {
    self.run = run
    self.emitted = emitted
  }

  init(_ lease: Lease) {
    self.init(
      Ring.Run(
        from: lease.from, to: lease.to, items: Int(lease.items), payloadByteCount: Int(lease.payloadByteCount)),
      emitted: lease.emitted)
  }

  /// What changes when the first `items` are finished, which end at `position`, and `emitted` answers to the one there are
  /// published.
  package func progress(_ items: Int, upTo position: UInt64, emitted newEmitted: UInt64 = 0) -> InputProgress {
    InputProgress(
      oldPosition: run.from, newPosition: position, items: items, oldEmitted: emitted, newEmitted: newEmitted)
  }

  /// That has happened, or will before anything else of them does.
  package mutating func advance(_ progress: InputProgress) {
    run.from = progress.newPosition
    run.items -= Int(progress.items)
    emitted = progress.newEmitted
  }
}
