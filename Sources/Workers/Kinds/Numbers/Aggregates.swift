import Topology

/// A kind that absorbs numbers and answers with one at its end.
protocol Aggregate: Kind {
  associatedtype State: Reduction
  var partial: Bool { get }
}

extension Aggregate {
  func run(_ worker: Worker) throws {
    let input = worker.input
    let type = input.type
    var state = worker.absorbed(as: State.self) ?? State()
    while let batch = try input.next() {
      try state.take(batch, type: type)
      worker.absorb(state)
      worker.progressDone += UInt64(batch.count)
    }
    try requireWholeInput(input, partial: partial)
    guard let states = try worker.lastReplicaStates(as: State.self) else { return }
    try worker.answer(State.combining(states).result(), of: type)
  }
}

extension KindSignature {
  fileprivate static func aggregate(_ name: String, _ summary: String, out: Port) -> KindSignature {
    KindSignature(
      name, summary, answers: .atEnd,
      inputs: [.init("in", .numbers, "the numbers")],
      outputs: [out], uses: [.answerValue], parameters: [.partial])
  }
}

extension KindSignature.Parameter {
  static let partial = Self(
    "partial", .bool, default: .bool(false), "whether to answer although a process that writes the input has failed")
}

/// `sum`: of integers an integer, exact or an error; a float where any number is one; NaN where any is NaN.
struct SumKind: Aggregate {
  typealias State = Summation
  static let signature = KindSignature.aggregate(
    "sum", "the sum of all numbers at the end: to out, into a value, or to the log; 0 of none, NaN if any is NaN",
    out: .init("out", [.int64, .number(.uint64), .float64], required: false, "the sum"))
  let partial: Bool
  init(_ arguments: Arguments) throws { partial = arguments.bool("partial") ?? false }
}

/// `mean`: a float.
struct MeanKind: Aggregate {
  typealias State = Averaging
  static let signature = KindSignature.aggregate(
    "mean", "the arithmetic mean of all numbers at the end: to out, into a value, or to the log; NaN if any is NaN",
    out: .init("out", [.float64], required: false, "the mean"))
  let partial: Bool
  init(_ arguments: Arguments) throws { partial = arguments.bool("partial") ?? false }
}

/// `min`
struct MinKind: Aggregate {
  typealias State = Extremum<Least>
  static let signature = KindSignature.aggregate(
    "min", "the least of all numbers at the end: to out, into a value, or to the log; NaN if any is NaN",
    out: .init("out", .numbers, required: false, typeFollowsInput: "in", "the least"))
  let partial: Bool
  init(_ arguments: Arguments) throws { partial = arguments.bool("partial") ?? false }
}

/// `max`
struct MaxKind: Aggregate {
  typealias State = Extremum<Greatest>
  static let signature = KindSignature.aggregate(
    "max", "the greatest of all numbers at the end: to out, into a value, or to the log; NaN if any is NaN",
    out: .init("out", .numbers, required: false, typeFollowsInput: "in", "the greatest"))
  let partial: Bool
  init(_ arguments: Arguments) throws { partial = arguments.bool("partial") ?? false }
}
