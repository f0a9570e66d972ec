import Supervisor

/// Live resources for people.
enum ResourceText {
  /// A line for each.
  static func list(_ resources: [ResourceStatus], width: Int?) -> String {
    var table = Table(columns: [
      .init(title: "RESOURCE"), .init(title: "SORT"), .init(title: "STATE", canShrink: true),
    ])
    table.rows = resources.map { [$0.name, sort(of: $0.detail), state(of: $0.detail)] }
    return table.render(width: width)
  }

  /// All that is known of one.
  static func page(_ resource: ResourceStatus) -> String {
    let facts = [("sort", sort(of: resource.detail))] + facts(of: resource.detail)
    let width = facts.map(\.0.count).reduce(0, max)
    return resource.name + "\n"
      + facts.map { name, value in
        "  " + name + String(repeating: " ", count: width - name.count) + "  " + value + "\n"
      }.joined()
  }

  static func sort(of detail: ResourceStatus.Detail) -> String {
    switch detail {
    case .value(let type, _): "value \(type)"
    case .array(let type, let length, _): "array \(type)[\(length)]"
    case .queue: "queue"
    case .pipe(_, let fromB): fromB == nil ? "simplex pipe" : "duplex pipe"
    case .lock: "lock"
    case .semaphore(let semaphore): semaphore.isBounded ? "bounded semaphore" : "unbounded semaphore"
    case .condition: "condition"
    case .event: "event"
    case .barrier: "barrier"
    }
  }

  private static func state(of detail: ResourceStatus.Detail) -> String {
    switch detail {
    case .value(_, let value): "\(value)"
    case .array(_, let length, let head): elements(head, of: length)
    case .queue(let queue): state(of: queue)
    case .pipe(let fromA, let fromB):
      (["a→b " + state(of: fromA)] + (fromB.map { ["b→a " + state(of: $0)] } ?? [])).joined(separator: ", ")
    case .lock(let holder, _, let waiters): (holder.map { "held by \($0)" } ?? "free") + awaited(by: waiters)
    case .semaphore(let semaphore):
      (semaphore.isBounded ? "\(semaphore.count)/\(semaphore.initial) left" : "\(semaphore.count)")
        + (semaphore.holders.isEmpty ? "" : ", held by \(holders(of: semaphore))") + awaited(by: semaphore.waiters)
    case .condition(let lock, let waiters): "with lock \(lock)" + awaited(by: waiters)
    case .event(let isSet, let waiters): (isSet ? "set" : "not set") + awaited(by: waiters)
    case .barrier(let parties, let waiters, let broken):
      "\(waiters.count)/\(parties) parties" + awaited(by: waiters) + (broken.map { ", broken: \($0)" } ?? "")
    }
  }

  private static func awaited(by waiters: [String]) -> String {
    waiters.isEmpty ? "" : ", awaited by \(waiters.joined(separator: ", "))"
  }

  private static func holders(of semaphore: ResourceStatus.Semaphore) -> String {
    semaphore.holders.sorted { $0.key < $1.key }.map { $1 == 1 ? $0 : "\($0) (\($1))" }.joined(separator: ", ")
  }

  private static func state(of queue: ResourceStatus.Queue) -> String {
    var words = ["\(queue.items)/\(queue.capacity) items", "\(Quantity.count(queue.rate))/s"]
    let unfinished = queue.unfinished.values.reduce(0, +)
    if unfinished > 0 { words.append("\(unfinished) unfinished") }
    let dropped = queue.droppedNew + queue.droppedOld
    if dropped > 0 { words.append("\(dropped) dropped") }
    if queue.deadLettered > 0 { words.append("\(queue.deadLettered) given up") }
    if queue.isClosed { words.append("closed") }
    return words.joined(separator: ", ")
  }

  private static func state(of direction: ResourceStatus.Direction) -> String {
    "\(Quantity.count(Double(direction.messages))) messages, \(Quantity.bytes(UInt64(direction.bytesUnderWay))) under way"
      + (direction.isClosed ? ", closed" : "")
  }

  private static func elements(_ head: [ResourceStatus.Number], of length: Int) -> String {
    "[" + head.map { "\($0)" }.joined(separator: ", ") + (head.count < length ? ", …]" : "]")
  }

  private static func facts(of detail: ResourceStatus.Detail) -> [(String, String)] {
    switch detail {
    case .value(_, let value): [("value", "\(value)")]
    case .array(_, let length, let head): [("length", "\(length)"), ("elements", elements(head, of: length))]
    case .queue(let queue): facts(of: queue)
    case .pipe(let fromA, let fromB):
      [("a to b", state(of: fromA))] + (fromB.map { [("b to a", state(of: $0))] } ?? [])
    case .lock(let holder, let depth, let waiters):
      [
        ("holder", holder.map { $0 + (depth > 1 ? ", \(depth) times" : "") } ?? "none"),
        names("waiters", waiters),
      ]
    case .semaphore(let semaphore):
      [
        ("count", "\(semaphore.count)" + (semaphore.isBounded ? " of \(semaphore.initial)" : "")),
        ("holders", semaphore.holders.isEmpty ? "none" : holders(of: semaphore)),
        names("waiters", semaphore.waiters),
      ]
    case .condition(let lock, let waiters): [("lock", lock), names("waiters", waiters)]
    case .event(let isSet, let waiters): [("set", isSet ? "yes" : "no"), names("waiters", waiters)]
    case .barrier(let parties, let waiters, let broken):
      [("parties", "\(parties)"), names("waiting", waiters), ("broken", broken ?? "no")]
    }
  }

  private static func names(_ fact: String, _ names: [String]) -> (String, String) {
    (fact, names.isEmpty ? "none" : names.joined(separator: ", "))
  }

  private static func facts(of queue: ResourceStatus.Queue) -> [(String, String)] {
    let unfinished = queue.unfinished.sorted { $0.key < $1.key }.map { "\($0.value) by \($0.key)" }
    return [
      ("items", "\(queue.items) of \(queue.capacity)"),
      ("bytes", "\(queue.bytes) of \(queue.byteCapacity)"),
      ("put", "\(queue.puts)"), ("taken", "\(queue.takes)"), ("finished", "\(queue.finished)"),
      ("unfinished", unfinished.isEmpty ? "none" : unfinished.joined(separator: ", ")),
      ("rate", "\(Quantity.count(queue.rate))/s"),
      ("dropped", "\(queue.droppedNew) new, \(queue.droppedOld) old"),
      ("redelivered", "\(queue.redelivered)"), ("given up", "\(queue.deadLettered)"),
      ("readers", "\(queue.liveReaders)"), ("writers", "\(queue.liveWriters)"),
      ("closed", queue.isClosed ? "yes" : "no"),
      ("oldest", queue.head.isEmpty ? "none" : queue.head.joined(separator: "\n" + String(repeating: " ", count: 15))),
    ]
  }
}
