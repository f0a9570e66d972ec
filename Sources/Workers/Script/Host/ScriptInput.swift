#if Lua
  internal import Platform
  internal import Sharing
  internal import Topology

  /// The reading side of a queue for a script: one item after the other.
  ///
  /// An item is finished when the next is asked for, when it is acknowledged, or at a good end. Items that were taken
  /// together are finished one by one too, without a commit for each: the worker's entry says how far it is.
  final class ScriptInput {
    let type: ScriptItemType
    let reader: QueueReader
    @exclusivity(unchecked) private var input: ItemInput
    // Unsafe: the host keeps the context longer than every object.
    private unowned(unsafe) let context: ScriptContext
    /// `nil`: of a service, whose items nobody rejects.
    private let rejections: Rejections?

    /// What the queue says that this reader has, as of the last commit: items from `from` to `to`.
    private var held = HeldItems.none
    /// Of these, moved past.
    private var passed = 0
    /// Given to the script and not finished.
    private var current: Ring.Run?
    /// Behind the current item.
    private var nextPosition: UInt64 = 0

    private(set) var isClosed: Bool
    private var unacknowledged = 0
    /// Items that a loop takes at once: more, the faster it goes through them.
    private var batchLimit = 1
    private var batchBegan: UInt64 = 0

    init(_ reader: QueueReader, type: ItemType, context: ScriptContext, rejections: Rejections? = nil) {
      self.reader = reader
      input = ItemInput(.queue(reader), of: context.entry, spin: context.spin)
      self.rejections = rejections
      self.type = ScriptItemType(type)
      self.context = context
      isClosed = reader.isClosedHere
    }

    enum Next {
      /// Its payload stays in place until the next call.
      case item(UnsafeRawBufferPointer)
      case none(ScriptReason)
    }

    /// Taken and not begun.
    var unreadCount: Int { held.run.items - passed - (current == nil ? 0 : 1) }

    /// The next item, after the current one is finished. `inLoop`: several may be taken at once.
    func next(inLoop: Bool, until deadline: UInt64?) -> Next {
      if unreadCount > 0 { return .item(moveOn()) }
      return take(inLoop: inLoop, until: deadline)
    }

    // MARK: Within what it has

    private func moveOn() -> UnsafeRawBufferPointer {
      if !context.ownsBatch(self) { context.beginBatch(of: self) }
      if current != nil { passed += 1 }
      let run = reader.ring.run(from: nextPosition, to: held.run.to, limit: 1)
      context.entry.cursor = run.from
      context.entry.reading = .init(resource: reader.queue.resource, isBetweenItems: false)
      return begin(run)
    }

    private func begin(_ run: Ring.Run) -> UnsafeRawBufferPointer {
      current = run
      nextPosition = run.to
      unacknowledged += 1
      context.entry.add(1, to: .itemsIn)
      context.entry.add(UInt64(run.payloadByteCount), to: .bytesIn)
      return reader.payload(of: run)
    }

    // MARK: Taking more

    private func take(inLoop: Bool, until deadline: UInt64?) -> Next {
      let progress = progressBeforeTaking()
      clear()
      let take = input.take(
        .atMost(inLoop ? adaptedBatchLimit() : 1), until: deadline, finishing: progress
      ) { context.prepareToWait() }
      switch take {
      case .taken(let held): return .item(hold(held))
      case .ended(let failed): return .none(ended(failed: failed))
      case .nothing: return .none(.timeout)
      }
    }

    /// What is finished by the same commit as the next take; of a batch, all is finished before, since the entry's words
    /// must not speak of another lease.
    private func progressBeforeTaking() -> InputProgress? {
      guard held.run.items > 0 else { return nil }
      if context.ownsBatch(self) {
        finish(all: true)
        return nil
      }
      return progress(all: true)
    }

    private func hold(_ held: HeldItems) -> UnsafeRawBufferPointer {
      self.held = held
      nextPosition = held.run.from
      if held.run.items > 1 { return moveOn() }
      return begin(reader.ring.run(from: held.run.from, to: held.run.to, limit: 1))
    }

    private func clear() {
      held = .none
      passed = 0
      current = nil
    }

    private func ended(failed: Bool) -> ScriptReason {
      context.sawEndOfInput = true
      if failed { context.sawIncompleteInput = true }
      return failed ? .failed : .closed
    }

    /// Doubles where the last batch took less than a millisecond, so that little is kept from others.
    private func adaptedBatchLimit() -> Int {
      let now = MonotonicClock.now
      batchLimit = now - batchBegan < 1_000_000 ? min(batchLimit * 2, 256) : max(batchLimit / 2, 1)
      batchBegan = now
      return batchLimit
    }

    // MARK: Finishing

    /// The current item is done; false: there is none.
    func acknowledge() -> Bool {
      guard unacknowledged > 0 else { return false }
      unacknowledged -= 1
      guard current != nil else { return true }
      if context.ownsBatch(self) {
        context.entry.reading = .init(resource: reader.queue.resource, isBetweenItems: true)
      }
      finish(all: true)
      return true
    }

    /// The current item is given up, as a dead letter or for good; `nil`: there is none.
    func reject(because reason: String?, until deadline: UInt64?) -> Rejections.Outcome? {
      guard unacknowledged > 0, let rejections, current != nil else { return nil }
      context.prepareToWait()
      // Then the item is the first of the lease.
      finish(all: false)
      let isOfBatch = context.ownsBatch(self)
      // Killed from here on, it was not at fault, whether the step has happened by then or not.
      if isOfBatch { context.entry.reading = .init(resource: reader.queue.resource, isBetweenItems: true) }
      let progress = progress(all: true)!
      let outcome = rejections.reject(
        reader.payload(of: current!), progress, at: context.callPlace(), because: reason,
        by: &context.stepper, until: deadline)
      switch outcome {
      case .deadLettered, .lost:
        unacknowledged -= 1
        didFinish(progress, all: true)
      case .full, .timedOut:
        if isOfBatch { context.entry.reading = .init(resource: reader.queue.resource, isBetweenItems: false) }
      }
      return outcome
    }

    /// Commits what was moved past; `all`: the current item too.
    private func finish(all: Bool) {
      guard let progress = progress(all: all) else { return }
      reader.advance(progress)
      didFinish(progress, all: all)
    }

    private func didFinish(_ progress: InputProgress, all: Bool) {
      held.advance(progress)
      passed = 0
      if all { current = nil }
      if held.run.items == 0, context.ownsBatch(self) {
        context.entry.reading = nil
        context.endBatch(of: self)
      }
    }

    private func progress(all: Bool) -> InputProgress? {
      let items = passed + (all && current != nil ? 1 : 0)
      guard items > 0 else { return nil }
      return held.progress(items, upTo: all ? nextPosition : current?.from ?? nextPosition)
    }

    /// Others get what is not begun.
    func giveBackRest() {
      guard unreadCount > 0 else { return }
      finish(all: false)
      if let given = reader.giveBackRest(behind: nextPosition, keeping: current == nil ? 0 : 1) {
        held.run.to = nextPosition
        held.run.items -= given
      }
      if unreadCount == 0 {
        context.entry.reading = nil
        context.endBatch(of: self)
      }
    }

    /// Another input has the entry's words from now on.
    func settle() {
      giveBackRest()
      finish(all: false)
      context.entry.reading = nil
      context.endBatch(of: self)
    }

    /// At a good end.
    func conclude() {
      finish(all: true)
      input.giveBack()
    }

    /// As at a good end; nothing can be got any more.
    func close() {
      conclude()
      clear()
      reader.close()
      isClosed = true
    }
  }
#endif
