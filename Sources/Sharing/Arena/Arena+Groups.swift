/// The instances of a process, as shared memory has them, not as this process's plan does: those that came later are
/// members too, and those that are gone and have left what they had absorbed to the others.
///
/// The list of members, and which of them are complete, change with the commits of the group's cell alone.
extension Arena {
  /// Ascending. Under the lock.
  private func members(_ state: GroupState) -> [Int] {
    var members: [Int] = []
    var next = state.firstMember
    // Bounded, whatever is written there.
    while next != 0, Int(next) <= workerLimit, members.count < workerLimit {
      members.append(Int(next) - 1)
      next = entry(Int(next) - 1).nextInGroup
    }
    return members.sorted()
  }

  // MARK: The worker's

  /// Said by a worker whose input has ended, once all that it has absorbed is in its durable state. Who speaks for all
  /// gets the members whose states make up the answer, the others `nil`. Another life may ask again.
  package func complete(_ worker: Int) -> [Int]? {
    guard let group = group(of: worker) else { return [worker] }
    let (holder, entry) = (HolderID(worker: worker), entry(worker))
    return group.cell.update(as: holder) { state, next in
      let isOpen = !entry.isComplete(committed: next &- 1)
      if isOpen {
        state.complete(holder)
        entry.completion = next
      }
      return (isOpen, state.speaks(holder) ? members(state) : nil)
    }
  }

  // MARK: The supervisor's

  /// A part of an admission, before the worker runs.
  func joinGroup(_ worker: Int) {
    guard let group = group(of: worker) else { return }
    group.cell.update(as: supervisor) { state, _ in
      // Of one that is alone its entry is left untouched: it would be a page of memory.
      if state.firstMember != 0 { entry(worker).nextInGroup = state.firstMember }
      state.firstMember = UInt32(worker) + 1
      state.join()
      return (true, ())
    }
  }

  /// The worker, which does not live at the moment, is to leave while others of its group stay. False: it must not, since
  /// its group's answer can come from nobody else. True: from now on what it has absorbed counts as all that it had to.
  package func retire(_ worker: Int) -> Bool {
    guard let group = group(of: worker) else { return true }
    let (holder, entry) = (HolderID(worker: worker), entry(worker))
    return group.cell.update(as: supervisor) { state, next in
      guard !entry.isComplete(committed: next &- 1) else {
        return (false, !state.speaks(holder) || durable(of: worker).hasAnswered)
      }
      let mayLeave = state.retire()
      if mayLeave { entry.completion = next }
      return (mayLeave, mayLeave)
    }
  }

  /// `keepingState`: it counts for the group's answer still.
  func leaveGroup(_ worker: Int, keepingState: Bool) {
    guard let group = group(of: worker) else { return }
    let entry = entry(worker)
    group.cell.update(as: supervisor) { state, next in
      let isOpen = !entry.isComplete(committed: next &- 1)
      state.leave(isOpen: isOpen)
      if isOpen { entry.completion = next }
      if !keepingState { remove(worker, from: &state) }
      return (true, ())
    }
  }

  private func remove(_ worker: Int, from state: inout GroupState) {
    let next = entry(worker).nextInGroup
    if state.firstMember == UInt32(worker) + 1 {
      state.firstMember = next
    } else if let before = members(state).first(where: { entry($0).nextInGroup == UInt32(worker) + 1 }) {
      entry(before).nextInGroup = next
    }
  }

  /// The worker's next life goes on absorbing, though its part was whole. If the answer is out already, or it was this
  /// worker that gave it, it is given once more.
  func reopenInGroup(_ worker: Int) {
    guard let group = group(of: worker) else { return }
    let entry = entry(worker)
    group.cell.update(as: supervisor) { state, next in
      guard entry.isComplete(committed: next &- 1) else { return (false, ()) }
      let speaker = Int(state.speaker) - 1
      let isOut = speaker == worker || !members(state).contains(speaker) || durable(of: speaker).hasAnswered
      state.reopen(answersAnew: isOut)
      entry.completion = 0
      return (true, ())
    }
  }

  /// The scavenger's: frees the lock that a dead one held, whose change has not happened.
  func breakGroupLock(of worker: Int, heldBy dead: HolderID) {
    guard let cell = group(of: worker)?.cell else { return }
    if cell.lock.isHeld(by: dead) {
      // The next commit gets the same number, so no trace of it may stay.
      let committed = cell.committedVersion
      for member in members(cell.snapshot()) where !entry(member).isComplete(committed: committed) {
        entry(member).completion = 0
      }
    }
    cell.lock.breakIfHeld(by: dead)
  }

  /// Most workers that there can be.
  package var workerLimit: Int { layout.workerCount + layout.spareCount }
}
