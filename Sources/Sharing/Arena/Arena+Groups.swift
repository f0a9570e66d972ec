extension Arena {
  /// The instances of a worker's process, those that came later and those that have left their state to the others
  /// included: ascending. As shared memory has them, not as this process's plan does.
  package func members(ofGroupOf worker: Int) -> [Int] {
    guard let group = group(of: worker) else { return [worker] }
    var members: [Int] = []
    var next = group.firstMember
    // Bounded, whatever another process has written there.
    while next != 0, Int(next) <= workerLimit, members.count < workerLimit {
      members.append(Int(next) - 1)
      next = entry(Int(next) - 1).nextInGroup
    }
    return members.sorted()
  }

  /// The supervisor's part of an admission, before the worker runs.
  func joinGroup(_ worker: Int) {
    guard let group = group(of: worker) else { return }
    // Of one that is alone its entry is left untouched: it would be a page of memory.
    if group.firstMember != 0 { entry(worker).nextInGroup = group.firstMember }
    group.firstMember = UInt32(worker) + 1
    group.setLiveCount(group.liveCount + 1)
  }

  /// `keepingState`: it counts for the group's answer still.
  func leaveGroup(_ worker: Int, keepingState: Bool) {
    guard let group = group(of: worker) else { return }
    group.setLiveCount(max(0, group.liveCount - 1))
    if keepingState { return }
    let next = entry(worker).nextInGroup
    if group.firstMember == UInt32(worker) + 1 {
      group.firstMember = next
    } else if let before = members(ofGroupOf: worker).first(where: { entry($0).nextInGroup == UInt32(worker) + 1 }) {
      entry(before).nextInGroup = next
    }
  }

  /// Most workers that there can be.
  package var workerLimit: Int { layout.workerCount + layout.spareCount }
}
