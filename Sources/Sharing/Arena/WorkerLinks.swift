/// What one worker touches: resources by index.
package struct WorkerLinks: Sendable, Equatable {
  /// Queues.
  package var reads: Set<Int> = []
  package var writes: Set<Int> = []
  /// Primitives; of others nothing is kept for each user.
  package var uses: Set<Int> = []
  /// Pipes; of a simplex one its writer holds end a, its reader end b.
  package var holdsA: Set<Int> = []
  package var holdsB: Set<Int> = []

  package init() {}

  func subtracting(_ other: WorkerLinks) -> WorkerLinks {
    var links = WorkerLinks()
    links.reads = reads.subtracting(other.reads)
    links.writes = writes.subtracting(other.writes)
    links.uses = uses.subtracting(other.uses)
    links.holdsA = holdsA.subtracting(other.holdsA)
    links.holdsB = holdsB.subtracting(other.holdsB)
    return links
  }

  package func intersection(_ other: WorkerLinks) -> WorkerLinks { subtracting(subtracting(other)) }

  var resources: Set<Int> { reads.union(writes).union(uses).union(holdsA).union(holdsB) }
}

extension ArenaPlan {
  package func links(of worker: Int) -> WorkerLinks {
    var links = WorkerLinks()
    for (index, resource) in resources.enumerated() {
      switch resource {
      case .queue(let queue):
        if queue.readers.contains(worker) { links.reads.insert(index) }
        if queue.writers.contains(worker) { links.writes.insert(index) }
      case .pipe(let pipe):
        if pipe.holderOfA == worker { links.holdsA.insert(index) }
        if pipe.holderOfB == worker { links.holdsB.insert(index) }
      case .primitive(let primitive):
        if primitive.users.contains(worker) { links.uses.insert(index) }
      case .value, .array, .lock, .absent: break
      }
    }
    return links
  }

  /// Enters a worker where it is not yet: in the place of one that has left, or behind the others.
  package mutating func connect(_ worker: Int, to links: WorkerLinks) {
    change(links) { Self.take(&$0, worker) }
    for index in links.holdsA { changePipe(index) { $0.holderOfA = worker } }
    for index in links.holdsB { changePipe(index) { $0.holderOfB = worker } }
  }

  mutating func disconnect(_ worker: Int, from links: WorkerLinks) {
    change(links) { Self.replace(worker, by: Self.nobody, in: &$0) }
    for index in links.holdsA { changePipe(index) { $0.holderOfA = nil } }
    for index in links.holdsB { changePipe(index) { $0.holderOfB = nil } }
  }

  private static func take(_ places: inout [Int], _ worker: Int) {
    if !replace(nobody, by: worker, in: &places) { places.append(worker) }
  }

  @discardableResult
  private static func replace(_ old: Int, by new: Int, in places: inout [Int]) -> Bool {
    guard let place = places.firstIndex(of: old) else { return false }
    places[place] = new
    return true
  }

  /// The lists that the links speak of.
  private mutating func change(_ links: WorkerLinks, _ body: (inout [Int]) -> Void) {
    for index in links.reads.union(links.writes) {
      guard case .queue(var queue) = resources[index] else { continue }
      resources[index] = .absent
      if links.reads.contains(index) { body(&queue.readers) }
      if links.writes.contains(index) { body(&queue.writers) }
      resources[index] = .queue(queue)
    }
    for index in links.uses {
      guard case .primitive(var primitive) = resources[index] else { continue }
      body(&primitive.users)
      resources[index] = .primitive(primitive)
    }
  }

  private mutating func changePipe(_ index: Int, _ body: (inout Pipe) -> Void) {
    guard case .pipe(var pipe) = resources[index] else { return }
    body(&pipe)
    resources[index] = .pipe(pipe)
  }
}
