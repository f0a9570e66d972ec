internal import Topology

/// Puts listed items; its checkpoint is the index of the next.
struct Items: Kind {
  static let signature = KindSignature(
    "items", "Puts the listed items; replicas share them.", answers: .source, splitsByReplica: true,
    outputs: [.init("out", [], elementsOf: "items", "the items")],
    parameters: [.init("items", .list, required: true, "any values")])

  private let items: [Item]

  init(_ arguments: Arguments) throws {
    guard case .list(let items)? = arguments["items"].map({ Item($0) }) else {
      throw KindFailure("items: `items` must be a list")
    }
    self.items = items
  }

  mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    let slice = ReplicaSlice(of: UInt64(items.count), for: worker)
    worker.progressTotal = slice.count
    for index in max(slice.lower, min(worker.checkpoint.0, slice.upper))..<slice.upper {
      try output.append(items[Int(index)])
      // After it: an append may publish the items before, never its own.
      worker.checkpoint.0 = index + 1
      worker.progressDone = index + 1 - slice.lower
    }
  }
}
