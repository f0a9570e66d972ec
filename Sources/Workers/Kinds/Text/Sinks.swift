internal import Topology

/// Shows each item, or a shared value, as a line of its log.
struct Print: Kind {
  static let signature = KindSignature(
    "print", "Prints each item, or a shared value once, as a line of its log.", answers: .sink,
    inputs: [.init("in", [], required: false, "items")],
    uses: [.init("value", .value, required: false, "printed once, as it is when the process starts")],
    parameters: [
      .init(
        "format", .string, default: .string("{item}"),
        "the line; `{item}` stands for the item. `json`: each item in JSON, also one that holds a newline")
    ],
    check: { binding in
      binding.inputs.isEmpty && binding.uses.isEmpty
        ? [.init("there is nothing to print", help: "give it 'in: QUEUE' or 'use: {value: VALUE}'")]
        : warnings(ofFormat: binding.arguments.string("format") ?? "{item}")
    })

  /// Of a format that has not the item, or has something else in braces.
  private static func warnings(ofFormat format: String) -> [KindSignature.Problem] {
    let hasItem = format.contains("{item}")
    let others = format.matches(of: /\{[A-Za-z0-9_.]*\}|%[sd]/).map { String($0.0) }
      .filter { $0 != "{item}" && !(hasItem && $0.hasPrefix("%")) }
    if let other = others.first {
      let right = hasItem ? "" : ": write '\(format.replacing(other, with: "{item}"))'"
      return [
        .warning(
          parameter: "format", "'\(other)' in its format is printed as it is",
          help: "only '{item}' stands for the item" + right)
      ]
    }
    return hasItem
      ? []
      : [
        .warning(
          parameter: "format", "its format has no '{item}': every line will be the same",
          help: "write '{item}' where the item is to stand")
      ]
  }

  private let before: [UInt8]
  private let between: [[UInt8]]
  private let isJSON: Bool

  init(_ arguments: Arguments) {
    let format = arguments.string("format") ?? "{item}"
    isJSON = format == "json"
    var parts = [[UInt8]()]
    var rest = (isJSON ? "{item}" : format).utf8[...]
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
    var line: [UInt8] = []
    if let value = worker.value("value") {
      try print(into: &line, worker) { $0 += value.display.utf8 }
    }
    guard let input = worker.input("in") else { return }
    while let batch = try input.next() {
      try batch.forEach { record in
        try print(into: &line, worker) { try append(record, of: input.type, to: &$0) }
      }
    }
  }

  /// What is no text shows as people read it, where it is not asked for in JSON.
  private func append(_ record: UnsafeRawBufferPointer, of type: ItemType, to line: inout [UInt8]) throws {
    do {
      if isJSON { return try ItemLine.append(record, of: type, asJSON: true, to: &line) }
      let view = ItemView(record, type)
      if let text = view.text { try ItemLine.check(text) }
      try view.appendDisplay(to: &line)
    } catch {
      throw KindFailure.noLine(error, of: "print")
    }
  }

  /// The format with what `item` appends in its places. `line` is reused.
  private func print(into line: inout [UInt8], _ worker: Worker, _ item: (inout [UInt8]) throws -> Void) throws {
    line.removeAll(keepingCapacity: true)
    line.append(contentsOf: before)
    for literal in between {
      try item(&line)
      line.append(contentsOf: literal)
    }
    line.withUnsafeBytes { worker.printLines($0) }
  }
}

/// Takes items and forgets them.
struct Discard: Kind {
  static let signature = KindSignature(
    "discard", "Takes items and forgets them.", answers: .sink, inputs: [.init("in", [], "items")],
    parameters: [
      .init("copy", .bool, default: .bool(false), "copies each into its own memory first, as one that keeps it would")
    ])

  private let copies: Bool

  init(_ arguments: Arguments) { copies = arguments.bool("copy") ?? false }

  mutating func run(_ worker: Worker) throws {
    let kept = KeptItem()
    while let batch = try worker.input.next() {
      if copies { batch.forEach { kept.replace(by: $0) } }
    }
  }
}

/// An item in memory of its own.
private final class KeptItem {
  private var bytes: [UInt8] = []

  /// Not inlined: else the compiler sees that nobody reads what is copied, and leaves it out.
  @inline(never)
  func replace(by record: UnsafeRawBufferPointer) {
    if bytes.count < record.count { bytes = [UInt8](repeating: 0, count: record.count) }
    bytes.withUnsafeMutableBytes { $0.copyMemory(from: record) }
  }
}
