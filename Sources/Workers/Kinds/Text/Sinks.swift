internal import Topology

/// Shows each item as a line of its log.
struct Print: Kind {
  static let signature = KindSignature(
    "print", "Prints each item as a line of its log.", answers: .sink, inputs: [.init("in", [], "items")],
    parameters: [.init("format", .string, default: .string("{item}"), "the line; `{item}` stands for the item")])

  private let before: [UInt8]
  private let between: [[UInt8]]

  init(_ arguments: Arguments) {
    var parts = [[UInt8]()]
    var rest = (arguments.string("format") ?? "{item}").utf8[...]
    while let byte = rest.first {
      if rest.starts(with: "{item}".utf8) {
        parts.append([])
        rest = rest.dropFirst(6)
      } else {
        parts[parts.count - 1].append(byte)
        rest = rest.dropFirst()
      }
    }
    before = parts[0]
    between = Array(parts.dropFirst())
  }

  mutating func run(_ worker: Worker) throws {
    let input = worker.input
    var line: [UInt8] = []
    while let batch = try input.next() {
      try batch.forEach { record in
        line.removeAll(keepingCapacity: true)
        line.append(contentsOf: before)
        for literal in between {
          try ItemView(record, input.type).appendDisplay(to: &line)
          line.append(contentsOf: literal)
        }
        try line.withUnsafeBytes { try worker.print($0) }
      }
    }
  }
}

/// Takes items and forgets them.
struct Discard: Kind {
  static let signature = KindSignature(
    "discard", "Takes items and forgets them.", answers: .sink, inputs: [.init("in", [], "items")])

  init(_ arguments: Arguments) {}

  mutating func run(_ worker: Worker) throws {
    while let batch = try worker.input.next() { _ = batch.count }
  }
}
