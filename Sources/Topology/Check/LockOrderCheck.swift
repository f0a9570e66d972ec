/// Warns of two locks that scripts take in opposite orders: each may get one of them and wait for the other for ever.
struct LockOrderCheck {
  let scope: Scope

  private struct Taking {
    var owner: String
    var isAlone: Bool
    var place: Place
    var all: Set<ResourceID>
  }

  /// By the lock that is held and the one that is taken.
  private struct Order: Hashable {
    var held: ResourceID
    var taken: ResourceID
    var reversed: Order { Order(held: taken, taken: held) }
  }

  func run(_ processes: [BoundProcess]) {
    var takings: [Order: [Taking]] = [:]
    for process in processes where process.isEnabled {
      let declaration = process.declaration
      add(declaration.work, declaration.uses, process.owner, isAlone: declaration.replicas == 1, to: &takings)
    }
    for resource in scope.resources {
      guard case .pool(let pool) = resource.kind else { continue }
      add(pool.work, pool.uses, "pool '\(resource.name)'", isAlone: pool.size == 1, to: &takings)
    }
    for order in takings.keys.sorted(by: { ($0.held, $0.taken) < ($1.held, $1.taken) }) where order.held < order.taken {
      warn(order, takings[order] ?? [], takings[order.reversed] ?? [])
    }
  }

  private func add(
    _ work: ProcessDeclaration.Work, _ uses: [UseBinding], _ owner: String, isAlone: Bool,
    to takings: inout [Order: [Taking]]
  ) {
    guard case .script(let script) = work else { return }
    var locks: [Substring: ResourceID] = [:]
    for use in uses {
      if case .lock = scope[use.target.resource].kind {
        locks[LuaNames.identifier(of: use.name)[...]] = use.target.resource
      }
    }
    guard locks.count > 1 else { return }
    for pair in LockNesting(script.onLinesOfFile, locks: Set(locks.keys)).pairs {
      guard let held = locks[pair.held], let taken = locks[pair.taken], held != taken else { continue }
      let at = script.place(ofLine: pair.line + 1, near: pair.taken)
      takings[Order(held: held, taken: taken), default: []].append(
        Taking(owner: owner, isAlone: isAlone, place: at, all: Set(pair.all.compactMap { locks[$0] })))
    }
  }

  private func warn(_ order: Order, _ takings: [Taking], _ reverse: [Taking]) {
    for first in takings {
      for second in reverse where mayMeet(first, second, order) {
        let (held, taken) = (scope[order.held].name, scope[order.taken].name)
        scope.findings.warning(
          at: second.place,
          "\(second.owner) takes lock '\(held)' while it has '\(taken)', and \(first.owner) takes them in the other order",
          help: "each may get one and wait for the other for ever: take '\(held)' first in both, or give a time-out",
          notes: [
            Diagnostic.Note(place: first.place, message: "here \(first.owner) takes '\(taken)' while it has '\(held)'")
          ])
        return
      }
    }
  }

  /// A third lock that both have keeps them apart, and so does it that one instance does both.
  private func mayMeet(_ first: Taking, _ second: Taking, _ order: Order) -> Bool {
    let common = first.all.intersection(second.all).subtracting([order.held, order.taken])
    return common.isEmpty && !(first.owner == second.owner && first.isAlone)
  }
}
