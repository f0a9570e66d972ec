import Supervisor
import Text
import Topology

/// All that is known of one live resource, for people: a fact a line.
enum ResourceText {
  static func page(_ resource: ResourceStatus) -> String {
    let facts = [("sort", [sort(of: resource.detail)])] + facts(of: resource.detail)
    let width = facts.map(\.0.count).reduce(0, max) + 2
    let lines = facts.flatMap { name, values in
      values.enumerated().map { index, value in
        let name = index == 0 ? name : ""
        return "  " + name + String(repeating: " ", count: width - name.count) + value + "\n"
      }
    }
    return resource.name + "\n" + lines.joined()
  }

  private static func sort(of detail: ResourceStatus.Detail) -> String {
    switch detail {
    case .value(let type, _): "value of type \(type)"
    case .array(let type, let length, _): "array \(type)[\(length)]"
    case .queue(let queue): "queue of \(queue.type)"
    case .pipe(let pipe): pipe.isDuplex ? "duplex pipe" : "simplex pipe"
    case .lock: "lock"
    case .semaphore(let semaphore): semaphore.isBounded ? "bounded semaphore" : "unbounded semaphore"
    case .condition: "condition"
    case .event: "event"
    case .barrier: "barrier"
    case .managed(let object): "managed \(object.type)"
    case .pool: "pool"
    }
  }

  private typealias Facts = [(String, [String])]

  private static func facts(of detail: ResourceStatus.Detail) -> Facts {
    switch detail {
    case .value(_, let value): [("value", ["\(value)"])]
    case .array(_, let length, let head): [("elements", [ResourceWords.elements(head, of: length)])]
    case .queue(let queue): facts(of: queue)
    case .pipe(let pipe): facts(of: pipe)
    case .lock(let lock): facts(of: lock)
    case .semaphore(let semaphore):
      [
        ("count", [ResourceWords.count(of: semaphore)]), ("holders", [ResourceWords.holders(of: semaphore)]),
        parties("waiting", semaphore.waiters),
      ]
    case .condition(let lock, let waiters): [("lock", [lock]), parties("waiting", waiters)]
    case .event(let isSet, let waiters): [("set", [isSet ? "yes" : "no"]), parties("waiting", waiters)]
    case .barrier(let barrier):
      [
        ("parties", ["\(barrier.parties)"]), parties("waiting", barrier.waiters), parties("missing", barrier.missing),
        ("broken", [barrier.broken ?? "no"]),
      ]
    case .managed(let object):
      [
        ("kept by", [object.server]), ("length", [ResourceWords.length(of: object)]),
        ("contents", [ResourceWords.excerpt(of: object)]),
      ]
    case .pool(let pool):
      [
        ("workers", ["\(pool.busy) of \(pool.size) at work"]), ("waiting", ["\(pool.waiting) requests"]),
        ("done", ["\(pool.done) requests, \(ResourceWords.rate(pool.rate))"]), ("given up", ["\(pool.givenUp)"]),
        parties("callers waiting", pool.waitingCallers),
      ]
    }
  }

  private static func parties(_ fact: String, _ parties: [ResourceStatus.Party]) -> (String, [String]) {
    (fact, parties.isEmpty ? ["none"] : parties.map(ResourceWords.full))
  }

  private static func facts(of lock: ResourceStatus.Lock) -> Facts {
    guard let holder = lock.holder else { return [("holder", ["none"]), parties("waiting", lock.waiters)] }
    let pid = holder.pid.map { " (pid \($0))" } ?? ""
    var words = holder.name + pid + (lock.depth > 1 ? ", \(lock.depth) times" : "")
    if let seconds = holder.seconds { words += ", for more than \(Quantity.duration(seconds: seconds))" }
    return [("holder", [words]), parties("waiting", lock.waiters)]
  }

  private static func facts(of pipe: ResourceStatus.Pipe) -> Facts {
    func words(_ direction: ResourceStatus.Direction) -> String {
      (direction.messages == 1 ? "1 message" : "\(direction.messages) messages")
        + ", \(direction.bytesUnderWay) of \(direction.byteCapacity) bytes under way, "
        + ResourceWords.state(of: direction)
    }
    var facts: Facts = [
      ("end a", [pipe.endA.map(ResourceWords.full) ?? "nobody"]),
      ("end b", [pipe.endB.map(ResourceWords.full) ?? "nobody"]), ("a to b", [words(pipe.fromA)]),
    ]
    if let fromB = pipe.fromB { facts.append(("b to a", [words(fromB)])) }
    return facts
  }

  private static func facts(of queue: ResourceStatus.Queue) -> Facts {
    [
      ("items", ["\(queue.items) of \(queue.capacity)"]), ("bytes", ["\(queue.bytes) of \(queue.byteCapacity)"]),
      ("rates", ["\(ResourceWords.rate(queue.rateIn)) in, \(ResourceWords.rate(queue.rateOut)) out"]),
      ("put", ["\(queue.puts)"]), ("taken", ["\(queue.takes)"]), ("finished", ["\(queue.finished)"]),
      ("unfinished", queue.leases.isEmpty ? ["none"] : queue.leases.map(words)),
      ("dropped", ["\(queue.droppedNew) new, \(queue.droppedOld) old (on_full: \(queue.onFull))"]),
      ("redelivered", ["\(queue.redelivered)"]),
      ("given up", ["\(queue.deadLettered)" + (queue.deadLetterQueue.map { ", to '\($0)'" } ?? "")]),
      ("readers", ["\(queue.liveReaders)"]), parties("waiting to get", queue.waitingReaders),
      ("writers", ["\(queue.liveWriters)"]), parties("waiting to put", queue.waitingWriters),
      ("external", [queue.isExternal ? "yes" : "no"]), ("closed", [queue.isClosed ? "yes" : "no"]),
      ("oldest", queue.head.isEmpty ? ["none"] : queue.head.map(TerminalText.escaped)),
    ]
  }

  private static func words(_ lease: ResourceStatus.Lease) -> String {
    let count = lease.items == 1 ? "1 item" : "\(lease.items) items"
    guard let name = lease.name else { return "\(count) given back, for the next reader" }
    return "\(count) by " + ResourceWords.full(.init(name: name, pid: lease.pid, seconds: lease.seconds))
  }
}
