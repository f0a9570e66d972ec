import Topology

/// `reduce`: an array to one number; replicas do a slice each, and the last to finish answers for all.
struct ReduceKind: Kind {
  static let signature = KindSignature(
    "reduce", "reduces a shared array to one number: to out, into a value, or to the log; replicas do a slice each",
    answers: .none, splitsByReplica: true,
    outputs: [.init("out", [.int64, .number(.uint64), .float64], required: false, "the one number")],
    uses: [.init("array", .array, elementTypes: .numbers, "what is reduced"), .answerValue],
    parameters: [
      .init(
        "operation", .word(["sum", "min", "max", "product"]), default: .string("sum"),
        "sum and product of integers are exact or an error; NaN if any element is NaN")
    ])

  private let operation: String

  init(_ arguments: Arguments) throws {
    operation = arguments.string("operation") ?? "sum"
  }

  func run(_ worker: Worker) throws {
    guard let array = worker.array("array") else { return }
    switch operation {
    case "min": try reduce(array, worker, as: Extremum<Least>.self)
    case "max": try reduce(array, worker, as: Extremum<Greatest>.self)
    case "product": try reduce(array, worker, as: Multiplication.self)
    default: try reduce(array, worker, as: Summation.self)
    }
  }

  private func reduce<State: Reduction>(_ array: SharedArray, _ worker: Worker, as type: State.Type) throws {
    let slice = ReplicaSlice(of: UInt64(array.count), for: worker)
    worker.progressTotal = slice.count
    // From the start, also after a restart: the elements are all still there.
    var reducing = Reducing(state: State(), indices: slice.indices)
    try array.accept(&reducing)
    worker.absorb(reducing.state)
    worker.progressDone = slice.count
    guard let states = try worker.lastReplicaStates(as: State.self) else { return }
    try worker.answer(State.combining(states).result(), of: .number(array.type))
  }
}

struct Reducing<State: Reduction>: ElementVisitor {
  var state: State
  let indices: Range<Int>

  mutating func visit<Element: SharedElement>(_ elements: UnsafeMutableBufferPointer<Element>) throws {
    for index in indices { state.take(elements[index].number) }
  }
}
