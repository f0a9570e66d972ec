internal import Platform
internal import Sharing
internal import Topology

/// What a worker waits for, in words: the resource, where the file declares it, and who has it or could give it.
struct WaitWords {
  let topology: Topology
  let arena: Arena
  let nameOfWorker: (Int) -> String

  /// After `waits`; `isPlaced`: with the places in the file.
  func words(for wait: WorkerEntry.PublishedWait, _ worker: Int, isPlaced: Bool) -> String {
    func name(_ index: Int) -> String { self.name(index, isPlaced: isPlaced) }
    func others(_ one: String, _ many: String) -> String { self.others(wait, worker, one, many) }
    return switch wait.on {
    case .none: "for nothing"
    case .timer: "for a timer"
    case .standardInput: "for standard input"
    case .command: "for its command"
    case .read(let index) where arena.queue(index) == nil: "for a message of \(name(index))\(others("sends", "send"))"
    case .read(let index): "for \(items(wait, index, isPlaced: isPlaced))\(others("puts into it", "put into it"))"
    case .write(let index):
      "for room in \(name(index)), which is full\(fullness(index))\(others("takes from it", "take from it"))"
    case .readAny:
      "for a message of \(arena.awaitedPipes(wait, worker).map(name).joined(separator: ", "))\(others("sends", "send"))"
    case .join(let index): "until all items of \(name(index)) are finished: \(unfinished(index))"
    case .turn: "for its turn among the instances of its process\(holder(wait, worker, ", which % has"))"
    case .lock(let index): "for \(name(index))\(holder(wait, worker, ", which % holds"))"
    case .primitive(let index):
      primitiveWait(index, isPlaced: isPlaced).map { own in
        own.words + (own.isForUsers ? others("uses it", "use it") : "")
      } ?? "for nothing"
    }
  }

  // MARK: Resources

  private func name(_ index: Int, isPlaced: Bool) -> String {
    let resource = topology.resources[index]
    let noun = isOfService(index) ? "" : resource.kind.noun + " "
    return "\(noun)'\(resource.name)'\(isPlaced ? " (\(resource.place))" : "")"
  }

  /// A queue of requests or replies, which the file does not have as a queue.
  private func isOfService(_ index: Int) -> Bool {
    topology.services.contains { $0.requests.index == index || $0.clients.contains { $0.replies.index == index } }
  }

  private func items(_ wait: WorkerEntry.PublishedWait, _ index: Int, isPlaced: Bool) -> String {
    let name = name(index, isPlaced: isPlaced)
    if isOfService(index) { return name }
    let count = arena.itemsAwaited(wait)
    if count < 2 { return "an item of \(name)" }
    return "\(count) items of \(name), which has \(arena.queue(index)?.count ?? 0)"
  }

  private func fullness(_ index: Int) -> String {
    guard let queue = arena.queueReport(index) else { return "" }
    if queue.items < queue.capacity { return " (\(queue.bytes) of \(queue.byteCount) bytes)" }
    // Items that came back from a reader are over and above.
    return " (\(queue.capacity) of \(queue.capacity) items)"
  }

  private func unfinished(_ index: Int) -> String {
    guard let queue = arena.queueReport(index) else { return "" }
    let leases = queue.leases.compactMap { lease in
      lease.worker.map { "\(lease.items) that '\(nameOfWorker($0))' has taken" }
    }
    return ((queue.items > 0 ? ["\(queue.items) that nobody has taken"] : []) + leases).joined(separator: " and ")
      + " still"
  }

  private func primitiveWait(_ index: Int, isPlaced: Bool) -> PrimitiveWait? {
    topology.resources[index].kind.primitive?.wait(at: name(index, isPlaced: isPlaced), index, self)
  }

  // MARK: Who has it, who could give it

  private func candidates(_ wait: WorkerEntry.PublishedWait, _ worker: Int) -> [Int] {
    guard case .workers(let parts) = arena.wakers(of: wait, worker) else { return [] }
    return Set(parts.joined()).subtracting([worker]).sorted()
  }

  /// `%` stands for who has it.
  private func holder(_ wait: WorkerEntry.PublishedWait, _ worker: Int, _ pattern: String) -> String {
    let workers = candidates(wait, worker)
    return workers.isEmpty ? "" : pattern.replacing("%", with: list(workers))
  }

  /// What one of them does, or several do.
  private func others(
    _ wait: WorkerEntry.PublishedWait, _ worker: Int, _ one: String, _ many: String
  ) -> String {
    if case .anyone = arena.wakers(of: wait, worker) { return "" }
    let workers = candidates(wait, worker)
    if workers.isEmpty { return "; nobody else \(one)" }
    return "; \(list(workers)) \(workers.count == 1 ? one : many)"
  }

  private func list(_ workers: [Int]) -> String { Deadlock.list(workers.map(nameOfWorker)) }

  // MARK: What would help

  func remedy(for wait: WorkerEntry.PublishedWait) -> Deadlock.Remedy? {
    switch wait.on {
    case .lock: return .lockOrder
    case .primitive(let index): return primitiveWait(index, isPlaced: false)?.isForLock == true ? .lockOrder : nil
    case .write(let index):
      guard let queue = arena.queueReport(index) else { return nil }
      let name = topology.resources[index].name
      return .moreRoom(
        queue.items < queue.capacity
          ? "'\(name)' takes \(queue.byteCount) bytes: more of them ('bytes: \(queue.byteCount * 2)') give room"
          : "'\(name)' takes \(queue.capacity) items: more of them ('capacity: \(queue.capacity * 2)') give room")
    default: return nil
    }
  }
}

extension WorkerEntry.Wait {
  /// As `ps` has it: `get lines`, `lock ledger`, `timer`.
  func words(in topology: Topology) -> String? {
    func isPipe(_ index: Int) -> Bool {
      if case .pipe = topology.resources[index].kind { true } else { false }
    }
    return switch self {
    case .none: nil
    case .read(let index), .readAny(let index): "\(isPipe(index) ? "receive" : "get") \(topology.resources[index].name)"
    case .write(let index): "\(isPipe(index) ? "send" : "put") \(topology.resources[index].name)"
    case .lock(let index), .primitive(let index):
      "\(topology.resources[index].kind.noun) \(topology.resources[index].name)"
    case .join(let index): "join \(topology.resources[index].name)"
    case .turn: "turn"
    case .timer: "timer"
    case .standardInput: "stdin"
    case .command: "command"
    }
  }
}
