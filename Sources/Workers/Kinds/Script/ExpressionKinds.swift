internal import Topology

/// What `map` and `filter` have in common: a Lua expression over `item`.
enum ExpressionKinds {
  static var all: [any Kind.Type] { [MapKind.self, FilterKind.self] }

  static let parameter = KindSignature.Parameter(
    "expr", .string, required: true, "an expression in Lua over `item`, like `item * 2`")

  /// Compiles it, so that what is wrong with it is known before it runs.
  static func check(_ binding: KindSignature.Binding) -> [KindSignature.Problem] {
    guard let problem = Scripting.problem(ofExpression: binding.arguments.string("expr") ?? "") else { return [] }
    return [.init(parameter: "expr", problem.message, help: problem.help)]
  }
}

/// Puts a function of each item.
struct MapKind: Kind {
  static let signature = KindSignature(
    "map", "Puts the value of a Lua expression for each item.", answers: .itemByItem,
    inputs: [.init("in", [], "items")], outputs: [.init("out", [], "the expression's values")],
    parameters: [ExpressionKinds.parameter], check: ExpressionKinds.check)

  private let expression: String

  init(_ arguments: Arguments) { expression = arguments.string("expr") ?? "" }

  mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    let input = worker.input
    let evaluator = try ExpressionEvaluator(expression, itemType: input.type, kind: "map")
    while let batch = try input.next() {
      try batch.forEach { try evaluator.append($0, to: output) }
    }
  }
}

/// Passes on the items that satisfy a condition.
struct FilterKind: Kind {
  static let signature = KindSignature(
    "filter", "Passes on the items for which a Lua expression is neither false nor nil.", answers: .itemByItem,
    inputs: [.init("in", [], "items")], outputs: [.init("out", [], typeFollowsInput: "in", "those items")],
    parameters: [ExpressionKinds.parameter], check: ExpressionKinds.check)

  private let expression: String

  init(_ arguments: Arguments) { expression = arguments.string("expr") ?? "" }

  mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    let input = worker.input
    // A truth value, whatever the expression's is.
    let evaluator = try ExpressionEvaluator("not not (\n\(expression)\n)", itemType: input.type, kind: "filter")
    while let batch = try input.next() {
      try batch.forEach { record in
        if try evaluator.isTrue(record) { try output.append(record: record, of: input.type) }
      }
    }
  }
}
