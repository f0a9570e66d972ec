import Supervisor
import Text

extension ResourceStatus.Pipe: ResourceView {
  static let sort = "pipe"
  static let columns = ["SORT", "END-A", "END-B", ">MESSAGES", ">UNDER-WAY", "STATE"]

  var cells: [String] {
    // Of a duplex one what goes back is told behind what goes.
    func both(_ words: (ResourceStatus.Direction) -> String) -> String {
      directions.map { words($0.direction) }.joined(separator: " / ")
    }
    return [
      isDuplex ? "duplex" : "simplex", endA?.name ?? ResourceWords.none, endB?.name ?? ResourceWords.none,
      both { Quantity.count(Double($0.messages)) }, both { Quantity.bytes(UInt64($0.bytesUnderWay)) },
      both(\.state),
    ]
  }

  var title: String { isDuplex ? "duplex pipe" : "simplex pipe" }

  var facts: [(name: String, lines: [String])] {
    [("end a", [endA?.words ?? "nobody"]), ("end b", [endB?.words ?? "nobody"])]
      + directions.map { ("\($0.from) to \($0.to)", [$0.direction.words]) }
  }

  var top: TopResource {
    let words = directions.map { from, to, direction in
      "\(from)→\(to) \(Quantity.count(Double(direction.messages))) messages, "
        + "\(Quantity.bytes(UInt64(direction.bytesUnderWay))) under way" + (direction.isClosed ? ", closed" : "")
    }
    return TopResource(sort: Self.sort, note: words.joined(separator: "; "))
  }

  private var directions: [(from: String, to: String, direction: ResourceStatus.Direction)] {
    [("a", "b", fromA)] + (fromB.map { [("b", "a", $0)] } ?? [])
  }
}

extension ResourceStatus.Direction {
  fileprivate var words: String {
    (messages == 1 ? "1 message" : "\(messages) messages")
      + ", \(bytesUnderWay) of \(byteCapacity) bytes under way, \(state)"
  }

  fileprivate var state: String {
    var words = [String]()
    if isClosed { words.append("its writer has ended") }
    if isAbandoned { words.append("its reader has ended") }
    if let seconds = readerWaitSeconds { words.append("awaited for " + Quantity.duration(seconds: seconds)) }
    if let seconds = writerWaitSeconds { words.append("full for " + Quantity.duration(seconds: seconds)) }
    return words.isEmpty ? "open" : words.joined(separator: ", ")
  }
}
