/// What the scavenger does at a primitive of any sort.
protocol RepairablePrimitive {
  var resource: Int { get }
  var users: [Int] { get }
  var lock: HolderLock { get }
  var version: UInt64 { get }
  var isSoundNow: Bool { get }
  func breakLock(heldBy dead: HolderID)
  func repair(after slot: Int, as supervisor: HolderID) -> [Repair]
}

extension Primitive: RepairablePrimitive {}

extension Arena {
  var primitives: [any RepairablePrimitive] { plan.resources.indices.compactMap(repairable) }

  /// The primitives that a worker uses, with its index in each.
  func usedPrimitives(_ worker: Int) -> [(primitive: any RepairablePrimitive, slot: Int)] {
    primitives.compactMap { primitive in primitive.users.firstIndex(of: worker).map { (primitive, $0) } }
  }

  private func repairable(_ resource: Int) -> (any RepairablePrimitive)? {
    switch plan.resources[resource] {
    case .semaphore: semaphorePrimitive(resource)
    case .condition: conditionPrimitive(resource)
    case .event: eventPrimitive(resource)
    case .barrier: barrierPrimitive(resource)
    case .value, .array, .queue, .pipe, .lock, .absent: nil
    }
  }

  /// The worker will not come to these barriers again.
  func endAtBarriers(_ worker: Int, _ links: WorkerLinks) -> [Repair] {
    links.uses.sorted().compactMap { resource in
      guard let barrier = barrierPrimitive(resource), let slot = barrier.slot(of: worker) else { return nil }
      let told = barrier.update(as: supervisor, orIfDamaged: 0) { state, parties in state.end(slot, &parties) }
      barrier.wake(.max)
      return told > 0 ? .barrierBroken(resource: resource, waiters: told) : nil
    }
  }

  func reopenBarriers(_ worker: Int, _ links: WorkerLinks) {
    for resource in links.uses {
      guard let barrier = barrierPrimitive(resource), barrier.slot(of: worker) != nil else { continue }
      barrier.update(as: supervisor, orIfDamaged: ()) { state, _ in state.reopen() }
    }
  }
}
