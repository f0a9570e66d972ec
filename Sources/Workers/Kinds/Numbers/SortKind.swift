import Topology

/// `sort`: all items of its input, in order, at the end.
struct SortKind: Kind {
  static let signature = KindSignature(
    "sort", "puts all numbers and texts in order at the end of its input, or prints them; keeps them in memory",
    answers: .atEnd,
    inputs: [
      .init("in", .numbers + [.string, .bytes], "numbers, ordered by value; texts, by their bytes and after numbers")
    ],
    outputs: [
      .init("out", .numbers + [.string, .bytes], required: false, typeFollowsInput: "in", "the same items, in order")
    ],
    parameters: [
      .init("descending", .bool, default: .bool(false), "greatest first; equal ones stay in the order they came in"),
      .partial,
    ],
    check: { binding in
      binding.replicas > 1
        ? [
          .init(
            about: .replicas, "\(binding.replicas) replicas of 'sort' would each sort a part of the items",
            help: "leave out 'replicas'")
        ] : []
    })

  private let descending: Bool
  private let partial: Bool

  init(_ arguments: Arguments) throws {
    descending = arguments.bool("descending") ?? false
    partial = arguments.bool("partial") ?? false
  }

  func run(_ worker: Worker) throws {
    let input = worker.input
    let type = input.type
    var items = SortedItems()
    while let batch = try input.next() {
      try batch.forEach { try items.take($0, type: type) }
      worker.progressDone += UInt64(batch.count)
    }
    try requireWholeInput(input, partial: partial)
    items.sort(descending: descending)
    try items.forEach { item in
      if let output = worker.output {
        try item.put(to: output, cameAs: type)
      } else {
        try item.print(by: worker, cameAs: type)
      }
    }
  }
}
