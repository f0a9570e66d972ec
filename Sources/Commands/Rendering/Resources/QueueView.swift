import Supervisor
import Text
import Topology

extension ResourceStatus.Queue: ResourceView {
  static let sort = "queue"
  static let columns = [">ITEMS", ">BYTES", ">IN", ">OUT", ">UNFINISHED", ">DROPPED", ">GIVEN-UP", "STATE"]

  var cells: [String] {
    [
      "\(items)/\(capacity)", Quantity.bytes(UInt64(bytes)), ResourceWords.rate(rateIn), ResourceWords.rate(rateOut),
      "\(leases.map(\.items).reduce(0, +))", "\(droppedNew &+ droppedOld)", "\(deadLettered)", state,
    ]
  }

  var title: String { "queue of \(type)" }

  var facts: [(name: String, lines: [String])] {
    [
      ("items", ["\(items) of \(capacity)"]), ("bytes", ["\(bytes) of \(byteCapacity)"]),
      ("rates", ["\(ResourceWords.rate(rateIn)) in, \(ResourceWords.rate(rateOut)) out"]),
      ("put", ["\(puts)"]), ("taken", ["\(takes)"]), ("finished", ["\(finished)"]),
      ("unfinished", leases.isEmpty ? ["none"] : leases.map(\.words)),
      ("dropped", ["\(droppedNew) new, \(droppedOld) old (on_full: \(onFull))"]),
      ("redelivered", ["\(redelivered)"]),
      ("given up", ["\(deadLettered)" + (deadLetterQueue.map { ", to '\($0)'" } ?? "")]),
      ("readers", ["\(liveReaders)"]), waitingReaders.fact("waiting to get"),
      ("writers", ["\(liveWriters)"]), waitingWriters.fact("waiting to put"),
      ("external", [isExternal ? "yes" : "no"]), ("closed", [isClosed ? "yes" : "no"]),
      ("oldest", head.isEmpty ? ["none"] : head.map(TerminalText.escaped)),
    ]
  }

  var top: TopResource {
    let dropped = droppedNew &+ droppedOld
    var words: [String] = []
    if dropped > 0 { words.append("dropped") }
    if deadLettered > 0 { words.append("given up") }
    if isClosed { words.append("closed") }
    let lost = dropped &+ deadLettered
    return TopResource(
      sort: Self.sort, gauge: .init(level: items, capacity: capacity), lostItems: lost,
      note: words.joined(separator: ", "), isWrong: lost > 0)
  }

  /// What there is to know of it besides its numbers.
  private var state: String {
    var words = [isClosed ? "closed" : isExternal ? "external" : "open"]
    if !waitingReaders.isEmpty { words.append("read by waiting " + waitingReaders.names) }
    if !waitingWriters.isEmpty { words.append("full for " + waitingWriters.names) }
    return words.joined(separator: ", ")
  }
}

extension ResourceStatus.Lease {
  fileprivate var words: String {
    let count = items == 1 ? "1 item" : "\(items) items"
    guard let name else { return "\(count) given back, for the next reader" }
    return "\(count) by " + ResourceStatus.Party(name: name, pid: pid, seconds: seconds).words
  }
}
