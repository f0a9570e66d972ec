import Supervisor
import Text

/// All live resources for people: a table for each sort, a line for each resource.
enum ResourceTables {
  static func render(_ resources: [ResourceStatus], width: Int?) -> String {
    ResourceStatus.Detail.Sort.allCases.compactMap { sort in
      let rows = resources.filter { $0.detail.sort == sort }.map { [$0.name] + cells(of: $0.detail) }
      return rows.isEmpty ? nil : Table(columns: columns(of: sort), rows: rows).render(width: width)
    }.joined(separator: "\n")
  }

  private static func columns(of sort: ResourceStatus.Detail.Sort) -> [Table.Column] {
    let names: [String] =
      switch sort {
      case .queue: [">ITEMS", ">BYTES", ">IN", ">OUT", ">UNFINISHED", ">DROPPED", ">GIVEN-UP", "STATE"]
      case .pipe: ["SORT", "END-A", "END-B", ">MESSAGES", ">UNDER-WAY", "STATE"]
      case .value: ["TYPE", "VALUE"]
      case .array: ["TYPE", ">LENGTH", "ELEMENTS"]
      case .lock: ["HOLDER", "WAITING"]
      case .semaphore: [">COUNT", "HOLDERS", "WAITING"]
      case .condition: ["LOCK", "WAITING"]
      case .event: ["SET", "WAITING"]
      case .barrier: [">CAME", "WAITING", "MISSING", "BROKEN"]
      case .managed: ["TYPE", ">LENGTH", "CONTENTS"]
      case .pool: [">SIZE", ">BUSY", ">WAITING", ">DONE", ">RATE", ">GIVEN-UP"]
      }
    let columns = names.map { name in
      name.hasPrefix(">") ? Table.Column(title: String(name.dropFirst()), alignment: .right) : .init(title: name)
    }
    var all = [Table.Column(title: sort.rawValue.uppercased())] + columns
    if all[all.count - 1].alignment == .left { all[all.count - 1].canShrink = true }
    return all
  }

  private static func cells(of detail: ResourceStatus.Detail) -> [String] {
    switch detail {
    case .value(let type, let value): [type, "\(value)"]
    case .array(let type, let length, let head):
      [type, "\(length)", ResourceWords.elements(head, of: length)]
    case .queue(let queue): cells(of: queue)
    case .pipe(let pipe): cells(of: pipe)
    case .lock(let lock): [lock.holder?.name ?? ResourceWords.none, ResourceWords.names(lock.waiters)]
    case .semaphore(let semaphore):
      [
        ResourceWords.count(of: semaphore), ResourceWords.holders(of: semaphore),
        ResourceWords.names(semaphore.waiters),
      ]
    case .condition(let lock, let waiters): [lock, ResourceWords.names(waiters)]
    case .event(let isSet, let waiters): [isSet ? "yes" : "no", ResourceWords.names(waiters)]
    case .barrier(let barrier):
      [
        "\(barrier.waiters.count) of \(barrier.parties)", ResourceWords.names(barrier.waiters),
        ResourceWords.names(barrier.missing), barrier.broken ?? "no",
      ]
    case .managed(let object):
      [object.type, ResourceWords.length(of: object), ResourceWords.excerpt(of: object)]
    case .pool(let pool):
      [
        "\(pool.size)", "\(pool.busy)", "\(pool.waiting)", "\(pool.done)", ResourceWords.rate(pool.rate),
        "\(pool.givenUp)",
      ]
    }
  }

  private static func cells(of queue: ResourceStatus.Queue) -> [String] {
    [
      "\(queue.items)/\(queue.capacity)", Quantity.bytes(UInt64(queue.bytes)), ResourceWords.rate(queue.rateIn),
      ResourceWords.rate(queue.rateOut), "\(ResourceWords.unfinished(queue.leases))",
      "\(queue.droppedNew &+ queue.droppedOld)", "\(queue.deadLettered)", ResourceWords.state(of: queue),
    ]
  }

  /// Of a duplex one what goes back is told behind what goes.
  private static func cells(of pipe: ResourceStatus.Pipe) -> [String] {
    let directions = [pipe.fromA] + (pipe.fromB.map { [$0] } ?? [])
    func both(_ words: (ResourceStatus.Direction) -> String) -> String {
      directions.map(words).joined(separator: " / ")
    }
    return [
      pipe.isDuplex ? "duplex" : "simplex", pipe.endA?.name ?? ResourceWords.none,
      pipe.endB?.name ?? ResourceWords.none, both { Quantity.count(Double($0.messages)) },
      both { Quantity.bytes(UInt64($0.bytesUnderWay)) }, both(ResourceWords.state),
    ]
  }
}
