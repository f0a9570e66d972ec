/// Workers that come and go while the run lives. All of it is the supervisor's.
///
/// Its own plan changes first, then the shared state, then the newcomer is forked, with the plan as it is now. Workers
/// that run already have an older one: of others they know only what shared memory says.
extension Arena {
  /// A place in the worker table for one more worker, whose ends are open from now on. `group`: of its process's
  /// instances; `nil`: it belongs to none.
  package func admit(group: Int?, _ links: WorkerLinks) throws(AdmissionRefusal) -> Int {
    guard let worker = freeWorker else { throw .noRoom(limit: layout.spareCount) }
    try check(links, for: worker)
    if worker == plan.workers.count { plan.workers.append(nil) }
    plan.workers[worker] = ArenaPlan.Worker(group: group)
    entry(worker).clear()
    joinGroup(worker)
    connect(worker, to: links)
    open(links, of: worker)
    return worker
  }

  /// Of a worker that has ended for good: nothing is known of it any more, and another may have its place.
  ///
  /// `keepingState`: what it has absorbed counts for its group's answer, so its place stays its own.
  package func remove(_ worker: Int, keepingState: Bool = false) {
    endForGood(worker, failed: false)
    disconnect(worker, from: plan.links(of: worker))
    leaveGroup(worker, keepingState: keepingState)
    if !keepingState { plan.workers[worker] = nil }
  }

  /// Of a worker that does not live at the moment: what it will touch from its next life on. Ends that it had and has
  /// no more are closed, new ones are opened; the others stay as they are.
  package func relink(_ worker: Int, to links: WorkerLinks) throws(AdmissionRefusal) {
    let old = plan.links(of: worker)
    let (left, new) = (old.subtracting(links), links.subtracting(old))
    try check(new, for: worker)
    let isOpen = !entry(worker).hasEndedForGood
    if isOpen { close(left, of: worker, failed: false) }
    disconnect(worker, from: left)
    connect(worker, to: new)
    if isOpen { open(new, of: worker) }
  }

  /// Of a worker that does not live at the moment: its next life begins with nothing of what earlier ones did.
  package func forgetDurable(of worker: Int) {
    reopenInGroup(worker)
    entry(worker).forgetDurable()
  }

  /// While none of the worker's group lives: the numbers that they have claimed can be claimed again.
  package func forgetClaims(ofGroupOf worker: Int) { group(of: worker)?.setClaimed(0) }

  /// Workers that can be admitted now.
  package var freePlaceCount: Int { workerLimit - plan.workers.count { $0 != nil } }

  /// For the instances of a process that is new.
  package func openGroup() throws(AdmissionRefusal) -> Int {
    let taken = Set(plan.workers.compactMap { $0?.group })
    guard let free = groupIndices.first(where: { !taken.contains($0) }) else {
      throw .noRoom(limit: layout.spareCount)
    }
    group(free).clear()
    return free
  }

  // MARK: Room

  private var freeWorker: Int? {
    if let free = plan.workers.firstIndex(where: { $0 == nil }) { return free }
    return plan.workers.count < workerLimit ? plan.workers.count : nil
  }

  private func check(_ links: WorkerLinks, for worker: Int) throws(AdmissionRefusal) {
    for resource in links.reads where !hasPlace(resource, { $0.readers }, laidOut: \.readersOrUsers) {
      throw .noRoom(limit: layout.spareCount)
    }
    for resource in links.writes where !hasPlace(resource, { $0.writers }, laidOut: \.writers) {
      throw .noRoom(limit: layout.spareCount)
    }
    for resource in links.uses {
      guard case .primitive(let primitive) = plan.resources[resource] else { continue }
      let users = primitive.users
      let laidOut = layout.partCounts[resource].readersOrUsers
      guard users.contains(ArenaPlan.nobody) || users.count < laidOut + layout.spareCount else {
        throw .noRoom(limit: layout.spareCount)
      }
    }
    for resource in links.holdsA.union(links.holdsB) {
      guard case .pipe(let pipe) = plan.resources[resource] else { continue }
      let holders = [
        links.holdsA.contains(resource) ? pipe.holderOfA : nil, links.holdsB.contains(resource) ? pipe.holderOfB : nil,
      ]
      for case let holder? in holders where holder != worker { throw .endIsHeld(pipe: resource, by: holder) }
    }
  }

  private func hasPlace(
    _ resource: Int, _ places: (ArenaPlan.Queue) -> [Int], laidOut: KeyPath<ArenaPlan.PartCounts, Int>
  ) -> Bool {
    guard case .queue(let queue) = plan.resources[resource] else { return false }
    let places = places(queue)
    return places.contains(ArenaPlan.nobody)
      || places.count < layout.partCounts[resource][keyPath: laidOut] + layout.spareCount
  }

  // MARK: Plan and shared state

  private func connect(_ worker: Int, to links: WorkerLinks) {
    plan.connect(worker, to: links)
    follow(links)
  }

  private func disconnect(_ worker: Int, from links: WorkerLinks) {
    plan.disconnect(worker, from: links)
    follow(links)
  }

  private func follow(_ links: WorkerLinks) {
    for resource in links.resources {
      if case .queue(let queue) = plan.resources[resource] { replan(queue, ofResource: resource) }
      countUsers(ofPrimitive: resource)
    }
  }
}

/// Why a worker can't be had, or can't touch what it is to touch, while the run lives.
package enum AdmissionRefusal: Error, Equatable {
  /// The reserve is `limit` workers.
  case noRoom(limit: Int)
  case endIsHeld(pipe: Int, by: Int)
}
