import Topology

/// `count`: how many items of any type came.
struct CountKind: Kind {
  static let signature = KindSignature(
    "count", "the number of all items at the end: to out, into a value, or to the log",
    answers: .atEnd,
    inputs: [.init("in", [], "items of any type")],
    outputs: [.init("out", [.int64], required: false, "the number of items")],
    uses: [.answerValue], parameters: [.partial])

  private let partial: Bool

  init(_ arguments: Arguments) throws { partial = arguments.bool("partial") ?? false }

  func run(_ worker: Worker) throws {
    let input = worker.input
    var count = worker.absorbed(as: UInt64.self) ?? 0
    while let batch = try input.next() {
      count += UInt64(batch.count)
      worker.absorb(count)
      worker.progressDone = count
    }
    try requireWholeInput(input, partial: partial)
    guard let counts = try worker.lastReplicaStates(as: UInt64.self) else { return }
    try worker.answer(Number(counts.reduce(0, +)))
  }
}
