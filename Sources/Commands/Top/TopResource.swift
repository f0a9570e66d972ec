import Supervisor
import Text

/// What the page shows of a resource: how full it is, what gets lost, who holds it and who waits.
struct TopResource: Equatable {
  struct Gauge: Equatable {
    var level: Int
    var capacity: Int

    var fraction: Double { min(1, max(0, Double(level) / Double(max(1, capacity)))) }
  }

  var sort: String
  /// `nil`: nothing fills up.
  var gauge: Gauge?
  /// Items dropped or given up; `nil`: it has no items.
  var lostItems: UInt64?
  var note: String
  /// Something is lost, or does not work.
  var isWrong = false
}

extension TopResource {
  init(_ resource: TopSample.Resource) {
    switch resource.status.detail {
    case .value(let type, let value): self.init(sort: type, note: "\(value)")
    case .array(let type, let length, let head):
      self.init(sort: "\(type)[\(length)]", note: Self.elements(head, length))
    case .queue(let queue): self.init(queue)
    case .pipe(let pipe): self.init(pipe.fromA, pipe.fromB)
    case .lock(let lock):
      self.init(sort: "lock", note: lock.holder.map { "held by \($0.name)" } ?? "free", waiters: lock.waiters)
    case .semaphore(let semaphore): self.init(semaphore)
    case .condition(let lock, let waiters): self.init(sort: "condition", note: "with \(lock)", waiters: waiters)
    case .event(let isSet, let waiters): self.init(sort: "event", note: isSet ? "set" : "not set", waiters: waiters)
    case .barrier(let barrier):
      self.init(
        sort: "barrier", gauge: Gauge(level: barrier.waiters.count, capacity: barrier.parties),
        note: barrier.broken ?? "", waiters: barrier.waiters)
      isWrong = barrier.broken != nil
    case .managed(let object):
      self.init(sort: object.type, note: object.length.map { "\($0) elements" } ?? "no answer")
    case .pool(let pool):
      self.init(
        sort: "pool", gauge: Gauge(level: pool.busy, capacity: pool.size), lostItems: pool.givenUp,
        note: "\(pool.waiting) waiting, \(pool.done) done", isWrong: pool.givenUp > 0)
    }
  }

  private init(sort: String, gauge: Gauge? = nil, note: String, waiters: [ResourceStatus.Party]) {
    let awaited =
      waiters.isEmpty ? "" : (note.isEmpty ? "" : ", ") + "awaited by " + ResourceWords.names(waiters)
    self.init(sort: sort, gauge: gauge, note: note + awaited)
  }

  private init(_ queue: ResourceStatus.Queue) {
    let dropped = queue.droppedNew &+ queue.droppedOld
    var words: [String] = []
    if dropped > 0 { words.append("dropped") }
    if queue.deadLettered > 0 { words.append("given up") }
    if queue.isClosed { words.append("closed") }
    let lost = dropped &+ queue.deadLettered
    self.init(
      sort: "queue", gauge: Gauge(level: queue.items, capacity: queue.capacity), lostItems: lost,
      note: words.joined(separator: ", "), isWrong: lost > 0)
  }

  private init(_ fromA: ResourceStatus.Direction, _ fromB: ResourceStatus.Direction?) {
    func words(_ direction: ResourceStatus.Direction) -> String {
      "\(Quantity.count(Double(direction.messages))) messages, "
        + "\(Quantity.bytes(UInt64(direction.bytesUnderWay))) under way" + (direction.isClosed ? ", closed" : "")
    }
    let directions = ["a→b " + words(fromA)] + (fromB.map { ["b→a " + words($0)] } ?? [])
    self.init(sort: "pipe", note: directions.joined(separator: "; "))
  }

  private init(_ semaphore: ResourceStatus.Semaphore) {
    let holders = semaphore.holders.sorted { $0.key < $1.key }.map { $1 == 1 ? $0 : "\($0) (\($1))" }
    let held = holders.isEmpty ? "" : "held by " + holders.joined(separator: ", ")
    let taken = semaphore.initial - semaphore.count
    self.init(
      sort: "semaphore", gauge: semaphore.isBounded ? Gauge(level: taken, capacity: semaphore.initial) : nil,
      note: semaphore.isBounded ? held : "\(semaphore.count)", waiters: semaphore.waiters)
  }

  private static func elements(_ head: [ResourceStatus.Number], _ length: Int) -> String {
    "[" + head.map { "\($0)" }.joined(separator: ", ") + (head.count < length ? ", …]" : "]")
  }
}
