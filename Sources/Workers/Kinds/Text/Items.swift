internal import Topology

/// Puts listed items; its checkpoint is the index of the next.
struct Items: Kind {
  static let signature = KindSignature(
    "items", "Puts the listed items; replicas share them.", answers: .source, splitsByReplica: true,
    outputs: [.init("out", [], elementsOf: "items", "the items")],
    parameters: [.init("items", .list, required: true, "any values")])

  private let items: [Item]

  init(_ arguments: Arguments) throws {
    guard let values = arguments["items"], case .list(let items) = Item(values) else {
      throw KindFailure("items: `items` must be a list of values up to 2^63-1")
    }
    self.items = items
  }

  mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    let slice = Slice.of(UInt64(items.count), replica: worker.replica, replicas: worker.replicas)
    worker.progressTotal = UInt64(slice.count)
    for index in max(slice.lowerBound, min(worker.checkpoint.0, slice.upperBound))..<slice.upperBound {
      try output.append(items[Int(index)])
      // After it: an append may publish the items before, never its own.
      worker.checkpoint.0 = index + 1
      worker.progressDone = index + 1 - slice.lowerBound
    }
  }
}

extension Item {
  /// `nil` where an integer is too large.
  init?(_ literal: Literal) {
    switch literal {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .unsigned: return nil
    case .float(let value): self = .float(value)
    case .string(let value): self = .string(value)
    case .list(let values):
      let items = values.compactMap { Item($0) }
      guard items.count == values.count else { return nil }
      self = .list(items)
    case .map(let values):
      let entries = values.compactMap { entry in Item(entry.value).map { Entry(entry.key, $0) } }
      guard entries.count == values.count else { return nil }
      self = .map(entries)
    }
  }
}
