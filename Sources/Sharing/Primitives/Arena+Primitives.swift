typealias SemaphorePrimitive = Primitive<SemaphoreState>
typealias ConditionPrimitive = Primitive<ConditionState>
typealias EventPrimitive = Primitive<EventState>
typealias BarrierPrimitive = Primitive<BarrierState>

/// Bytes of each sort, with a part for each user where its state needs one.
enum PrimitiveLayout {
  static func byteCount(_ semaphore: ArenaPlan.Semaphore) -> Int {
    SemaphorePrimitive.byteCount(parts: semaphore.partCount, words: 1)
  }
  /// Each waiter sleeps on a word of its own, so that a notification wakes just those that it is for.
  static func conditionByteCount(users: Int) -> Int { ConditionPrimitive.byteCount(parts: users, words: users) }
  static var eventByteCount: Int { EventPrimitive.byteCount(parts: 0, words: 1) }
  static func barrierByteCount(users: Int) -> Int { BarrierPrimitive.byteCount(parts: users, words: 1) }
}

extension ArenaPlan.Semaphore {
  /// Holdings: an unbounded one's counts belong to nobody.
  var partCount: Int { isBounded ? users.count : 0 }
}

extension Arena {
  /// Before anyone runs.
  func initializePrimitive(_ resource: Int) {
    switch plan.resources[resource] {
    case .semaphore(let semaphore):
      let state = SemaphoreState(initial: Int64(semaphore.initial), isBounded: semaphore.isBounded)
      semaphorePrimitive(resource)?.cell.initialize(state)
    case .condition: conditionPrimitive(resource)?.cell.initialize(ConditionState())
    case .event(let isSet, _): eventPrimitive(resource)?.cell.initialize(EventState(isSet: isSet))
    case .barrier(let parties, let users):
      barrierPrimitive(resource)?.cell.initialize(BarrierState(parties: parties, users: users.count))
    case .value, .array, .queue, .pipe, .lock, .absent: break
    }
    countUsers(ofPrimitive: resource)
  }

  /// After a change of the plan: whose parts everyone is to go over.
  func countUsers(ofPrimitive resource: Int) {
    let count = plan.resources[resource].partCounts.readersOrUsers
    switch plan.resources[resource] {
    case .semaphore: semaphorePrimitive(resource)?.cell.userCount = count
    case .condition: conditionPrimitive(resource)?.cell.userCount = count
    case .barrier: barrierPrimitive(resource)?.cell.userCount = count
    case .event, .value, .array, .queue, .pipe, .lock, .absent: break
    }
  }

  // MARK: As a worker sees them; `nil`: it is no such resource, or the worker does not use it

  package func semaphore(_ resource: Int, worker: Int) -> SharedSemaphore? {
    guard let primitive = semaphorePrimitive(resource), let user = user(worker, of: primitive) else { return nil }
    return SharedSemaphore(primitive: primitive, user: user)
  }

  package func condition(_ resource: Int, worker: Int) -> SharedCondition? {
    guard case .condition(let lockResource, _) = plan.resources[resource],
      let lock = lock(lockResource, worker: worker),
      let primitive = conditionPrimitive(resource), let user = user(worker, of: primitive)
    else { return nil }
    return SharedCondition(primitive: primitive, user: user, lock: lock)
  }

  package func event(_ resource: Int, worker: Int) -> SharedEvent? {
    guard let primitive = eventPrimitive(resource), let user = user(worker, of: primitive) else { return nil }
    return SharedEvent(primitive: primitive, user: user)
  }

  package func barrier(_ resource: Int, worker: Int) -> SharedBarrier? {
    guard let primitive = barrierPrimitive(resource), let user = user(worker, of: primitive) else { return nil }
    return SharedBarrier(primitive: primitive, user: user)
  }

  private func user<State>(_ worker: Int, of primitive: Primitive<State>) -> PrimitiveUser? {
    primitive.slot(of: worker).map { PrimitiveUser(holder: HolderID(worker: worker), entry: entry(worker), slot: $0) }
  }

  // MARK: Where they lie

  func semaphorePrimitive(_ resource: Int) -> SemaphorePrimitive? {
    guard case .semaphore(let semaphore) = plan.resources[resource] else { return nil }
    return primitive(resource, users: semaphore.users)
  }

  func conditionPrimitive(_ resource: Int) -> ConditionPrimitive? {
    guard case .condition(_, let users) = plan.resources[resource] else { return nil }
    return primitive(resource, users: users, hasWordForEach: true)
  }

  func eventPrimitive(_ resource: Int) -> EventPrimitive? {
    guard case .event(_, let users) = plan.resources[resource] else { return nil }
    return primitive(resource, users: users)
  }

  func barrierPrimitive(_ resource: Int) -> BarrierPrimitive? {
    guard case .barrier(_, let users) = plan.resources[resource] else { return nil }
    return primitive(resource, users: users)
  }

  private func primitive<State>(
    _ resource: Int, users: [Int], hasWordForEach: Bool = false
  ) -> Primitive<State> {
    let parts = layout.partCounts[resource].readersOrUsers
    return Primitive(
      resource: resource, users: users,
      in: .init(
        memory: address(ofResource: resource), reserve: reserve(ofResource: resource), spareCount: layout.spareCount,
        parts: parts, words: hasWordForEach ? parts : 1), hasWordForEach: hasWordForEach)
  }
}
