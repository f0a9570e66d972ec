import Topology

/// `fill`: gives every element of an array a value; replicas do a slice each.
struct FillKind: Kind {
  static let signature = KindSignature(
    "fill", "fills a shared array with a constant, or with a function of the position; replicas do a slice each",
    answers: .none, splitsByReplica: true,
    uses: [.init("array", .array, "what is filled")],
    parameters: [
      .init(
        "function", .word(["constant", "index", "square", "cube", "random"]), default: .string("constant"),
        "constant: 'value' everywhere; index: from, from + 1, …; square, cube: those numbers' powers "
          + "([1, 4, 9, 16] for square); random: integers from 0 to below 'below'"),
      .init("value", .number, default: .int(0), "the constant"),
      .init("from", .int(.min ... .max), default: .int(1), "the number of the first element"),
      .init("below", .int(1 ... .max), default: .int(100), "the bound of random integers"),
      .init("seed", .int(.min ... .max), default: .int(1), "the same seed gives the same random integers"),
    ])

  private let function: ElementFunction

  init(_ arguments: Arguments) throws {
    let from = arguments.int("from") ?? 1
    function =
      switch arguments.string("function") {
      case "index": .power(1, from: from)
      case "square": .power(2, from: from)
      case "cube": .power(3, from: from)
      case "random":
        .random(
          below: UInt64(arguments.int("below") ?? 100), seed: UInt64(bitPattern: arguments.int("seed") ?? 1))
      default: .constant(arguments["value"].flatMap { Number($0) } ?? .int(0))
      }
  }

  func run(_ worker: Worker) throws {
    guard let array = worker.array("array") else { return }
    let slice = ReplicaSlice(of: UInt64(array.count), for: worker)
    var filling = Filling(function: function, slice: slice, type: array.type)
    worker.progressTotal = slice.count
    try array.accept(&filling)
    worker.progressDone = slice.count
  }
}

/// What an element becomes, by its index from 0 alone, so that the number of replicas changes nothing.
enum ElementFunction {
  case constant(Number)
  case power(Int, from: Int64)
  case random(below: UInt64, seed: UInt64)

  /// `nil` where it is out of the range of all types.
  func callAsFunction(_ index: Int) -> Number? {
    switch self {
    case .constant(let number): return number
    case .power(let exponent, let from):
      let (base, overflows) = from.addingReportingOverflow(Int64(index))
      return overflows ? nil : Self.power(base, exponent)
    case .random(let bound, let seed):
      var generator = Xoshiro256(seed: seed, stream: UInt64(index))
      return Number(UInt64.random(in: 0..<bound, using: &generator))
    }
  }

  private static func power(_ base: Int64, _ exponent: Int) -> Number? {
    var power: Int128 = 1
    for _ in 0..<exponent {
      let (product, overflows) = power.multipliedReportingOverflow(by: Int128(base))
      if overflows { return nil }
      power = product
    }
    return Int64(exactly: power).map { .int($0) } ?? UInt64(exactly: power).map { .unsigned($0) }
  }
}

struct Filling: ElementVisitor {
  let function: ElementFunction
  let slice: ReplicaSlice
  let type: ElementType

  mutating func visit<Element: SharedElement>(_ elements: UnsafeMutableBufferPointer<Element>) throws {
    if case .constant(let number) = function {
      guard let element = Element(number) else { throw outOfRange(number.description, index: 0) }
      elements[slice.indices].update(repeating: element)
      return
    }
    for index in slice.indices {
      let number = function(index)
      guard let number, let element = Element(number) else {
        throw outOfRange(number?.description ?? "a number of more than 64 bits", index: index)
      }
      elements[index] = element
    }
  }

  private func outOfRange(_ number: String, index: Int) -> KindFailure {
    KindFailure(
      "\(number) can't be stored in element \(index + 1) of the array, which is of type \(type.rawValue)",
      help: "declare the array with a type that holds it")
  }
}
