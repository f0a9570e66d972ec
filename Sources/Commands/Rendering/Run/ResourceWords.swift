import Supervisor
import Text
import Topology

/// Parts of what `inspect` says to people, in tables and pages alike.
enum ResourceWords {
  static let none = "-"

  static func names(_ parties: [ResourceStatus.Party]) -> String {
    parties.isEmpty ? none : parties.map(\.name).joined(separator: ", ")
  }

  /// `count-1 (pid 4711, for 3.20s)`
  static func full(_ party: ResourceStatus.Party) -> String {
    let facts = [party.pid.map { "pid \($0)" }, party.seconds.map { "for " + Quantity.duration(seconds: $0) }]
    let known = facts.compactMap(\.self)
    return known.isEmpty ? party.name : "\(party.name) (\(known.joined(separator: ", ")))"
  }

  static func rate(_ rate: Double?) -> String { rate.map { Quantity.count($0) + "/s" } ?? none }

  static func elements(_ head: [ResourceStatus.Number], of length: Int) -> String {
    "[" + head.map { "\($0)" }.joined(separator: ", ") + (head.count < length ? (head.isEmpty ? "…]" : ", …]") : "]")
  }

  static func holders(of semaphore: ResourceStatus.Semaphore) -> String {
    let holders = semaphore.holders.sorted { $0.key < $1.key }.map { $1 == 1 ? $0 : "\($0) (\($1))" }
    return holders.isEmpty ? none : holders.joined(separator: ", ")
  }

  static func count(of semaphore: ResourceStatus.Semaphore) -> String {
    semaphore.isBounded ? "\(semaphore.count) of \(semaphore.initial)" : "\(semaphore.count)"
  }

  static func unfinished(_ leases: [ResourceStatus.Lease]) -> Int { leases.map(\.items).reduce(0, +) }

  /// What there is to know of a queue besides its numbers.
  static func state(of queue: ResourceStatus.Queue) -> String {
    var words = [queue.isClosed ? "closed" : queue.isExternal ? "external" : "open"]
    if !queue.waitingReaders.isEmpty { words.append("read by waiting " + names(queue.waitingReaders)) }
    if !queue.waitingWriters.isEmpty { words.append("full for " + names(queue.waitingWriters)) }
    return words.joined(separator: ", ")
  }

  static func state(of direction: ResourceStatus.Direction) -> String {
    var words = [String]()
    if direction.isClosed { words.append("its writer has ended") }
    if direction.isAbandoned { words.append("its reader has ended") }
    if let seconds = direction.readerWaitSeconds { words.append("awaited for " + Quantity.duration(seconds: seconds)) }
    if let seconds = direction.writerWaitSeconds { words.append("full for " + Quantity.duration(seconds: seconds)) }
    return words.isEmpty ? "open" : words.joined(separator: ", ")
  }

  static func length(of object: ResourceStatus.Managed) -> String { object.length.map { "\($0)" } ?? "no answer" }

  static func excerpt(of object: ResourceStatus.Managed) -> String {
    object.excerpt.map(TerminalText.escaped) ?? none
  }
}
