extension Arena {
  /// `nil`: the resource is none.
  func primitive(_ resource: Int) -> (any AnyPrimitive)? {
    guard case .primitive(let plan) = plan.resources[resource] else { return nil }
    func place<State: PrimitiveState>(_: State) -> any AnyPrimitive {
      primitive(resource, users: plan.users) as Primitive<State>
    }
    return place(plan.initial)
  }

  /// `nil`: it is none of that sort.
  func primitive<State: PrimitiveState>(_ resource: Int, of _: State.Type) -> Primitive<State>? {
    guard case .primitive(let plan) = plan.resources[resource], plan.initial is State else { return nil }
    return primitive(resource, users: plan.users)
  }

  /// The state that it began with, which no stray word changes.
  func initial<State: PrimitiveState>(_ resource: Int, of _: State.Type) -> State? {
    if case .primitive(let plan) = plan.resources[resource] { plan.initial as? State } else { nil }
  }

  private func primitive<State>(_ resource: Int, users: [Int]) -> Primitive<State> {
    let parts = layout.partCounts[resource].readersOrUsers
    return Primitive(
      resource: resource, users: users,
      in: .init(
        memory: address(ofResource: resource), reserve: reserve(ofResource: resource), spareCount: layout.spareCount,
        parts: parts, words: State.hasWordForEach ? parts : 1))
  }

  var primitives: [any AnyPrimitive] { plan.resources.indices.compactMap(primitive) }

  /// The primitives that a worker uses, with its index in each.
  func usedPrimitives(_ worker: Int) -> [(primitive: any AnyPrimitive, slot: Int)] {
    primitives.compactMap { primitive in primitive.slot(of: worker).map { (primitive, $0) } }
  }

  /// Before anyone runs.
  func initializePrimitive(_ resource: Int, _ initial: any PrimitiveState) {
    primitive(resource)?.initialize(initial)
    countUsers(ofPrimitive: resource)
  }

  /// After a change of the plan.
  func countUsers(ofPrimitive resource: Int) {
    primitive(resource)?.count(users: plan.resources[resource].partCounts.readersOrUsers)
  }

  /// The worker will not come to these any more.
  func endAtPrimitives(_ worker: Int, _ links: WorkerLinks) -> [Repair] {
    links.uses.sorted().flatMap { primitive($0)?.end(worker, as: supervisor) ?? [] }
  }

  func reopenPrimitives(_ worker: Int, _ links: WorkerLinks) {
    for resource in links.uses { primitive(resource)?.reopen(worker, as: supervisor) }
  }

  /// For a worker; `nil`: it is no such resource, or the worker does not use it.
  func use<State>(_ resource: Int, by worker: Int) -> (primitive: Primitive<State>, user: PrimitiveUser)? {
    guard let primitive = primitive(resource, of: State.self), let slot = primitive.slot(of: worker) else { return nil }
    return (primitive, PrimitiveUser(holder: HolderID(worker: worker), entry: entry(worker), slot: slot))
  }

  /// Who shows that it waits at it.
  func waiters(at primitive: any AnyPrimitive) -> [Int] {
    primitive.users.filter {
      $0 != ArenaPlan.nobody && self.wait(of: $0).on == .primitive(resource: primitive.resource)
    }
  }
}
