internal import Limits

extension ArenaPlan {
  /// What a plan must keep to, whoever makes it: `Limit`, of which `check` has told the user before, and itself. Past
  /// this point nothing of it is looked at again.
  func requireBounds() {
    for resource in resources { requireBounds(resource) }
  }

  private func requireBounds(_ resource: Resource) {
    switch resource {
    case .value(let elementByteCount):
      precondition(Limit.elementByteCount.contains(elementByteCount), "an element of \(elementByteCount) bytes")
    case .array(let elementByteCount, let count):
      precondition(Limit.elementByteCount.contains(elementByteCount), "an element of \(elementByteCount) bytes")
      precondition(Limit.arrayLength.contains(count), "an array of \(count) elements")
    case .queue(let queue): requireBounds(queue)
    case .pipe(let pipe):
      precondition(Limit.byteCount.contains(pipe.byteCount), "a pipe of \(pipe.byteCount) bytes")
      requireWorkers([pipe.holderOfA, pipe.holderOfB].compactMap(\.self), areDistinct: false)
    case .primitive(let primitive):
      primitive.initial.requireBounds(self)
      requireWorkers(primitive.users)
    case .lock, .absent: break
    }
  }

  private func requireBounds(_ queue: Queue) {
    precondition(Limit.count.contains(queue.capacity), "a queue of \(queue.capacity) items")
    precondition(Limit.byteCount.contains(queue.byteCount), "a queue of \(queue.byteCount) bytes")
    precondition(Limit.count.contains(queue.maxDeliveries), "\(queue.maxDeliveries) deliveries")
    if case .fixed(let byteCount) = queue.format {
      precondition([1, 2, 4, 8].contains(byteCount), "a number of \(byteCount) bytes")
    }
    for target in queue.repliesToGivenUp + [queue.deadLetterQueue].compactMap(\.self) {
      guard case .queue = resources[target] else { preconditionFailure("what is given up goes to what is no queue") }
    }
    requireWorkers(queue.readers)
    requireWorkers(queue.writers)
  }

  private func requireWorkers(_ list: [Int], areDistinct: Bool = true) {
    let present = list.filter { $0 != Self.nobody }
    precondition(present.allSatisfy(workers.indices.contains), "a worker that the plan has not")
    precondition(!areDistinct || Set(present).count == present.count, "a worker that stands twice in one list")
  }
}
