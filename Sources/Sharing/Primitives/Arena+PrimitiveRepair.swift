/// What the scavenger does at a primitive of any sort.
protocol RepairablePrimitive {
  var users: [Int] { get }
  func breakLock(heldBy dead: HolderID)
  func repair(after slot: Int, as supervisor: HolderID) -> [Repair]
}

extension Primitive: RepairablePrimitive {}

extension Arena {
  /// The primitives that a worker uses, with its index in each.
  func usedPrimitives(_ worker: Int) -> [(primitive: any RepairablePrimitive, slot: Int)] {
    plan.resources.indices.compactMap { resource in
      guard let primitive = repairable(resource), let slot = primitive.users.firstIndex(of: worker) else { return nil }
      return (primitive, slot)
    }
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
      let told = barrier.update(as: supervisor) { state, parties in state.end(slot, &parties) }
      barrier.wake(.max)
      return told > 0 ? .barrierBroken(resource: resource, waiters: told) : nil
    }
  }

  func reopenBarriers(_ worker: Int, _ links: WorkerLinks) {
    for resource in links.uses {
      guard let barrier = barrierPrimitive(resource), barrier.slot(of: worker) != nil else { continue }
      barrier.update(as: supervisor) { state, _ in state.reopen() }
    }
  }
}
