internal import Topology

/// What `map` and `filter` have in common: a Lua expression over `item`.
enum ExpressionKinds {
  static var all: [any Kind.Type] { [MapKind.self, FilterKind.self] }

  static let parameter = KindSignature.Parameter(
    "expr", .string, required: true, "an expression in Lua over `item`, like `item * 2`")

  /// Compiles it, so that what is wrong with it is known before it runs.
  static func check(_ binding: KindSignature.Binding) -> [KindSignature.Problem] {
    let text = binding.arguments.string("expr") ?? ""
    guard let problem = Scripting.problem(ofExpression: text) ?? LuaHelp.problem(ofExpression: text) else { return [] }
    let help = problem.help ?? LuaHelp.help(ofProblem: problem.message, in: text[...], isExpression: true)
    return [.init(parameter: "expr", problem.message, help: help)]
  }
}

/// Puts a function of each item.
struct MapKind: ItemKind {
  static let signature = KindSignature(
    "map", "Puts the value of a Lua expression for each item.", answers: .itemByItem, taskResult: .value,
    inputs: [.init("in", [], "items")], outputs: [.init("out", [], "the expression's values")],
    parameters: [ExpressionKinds.parameter], check: ExpressionKinds.check)

  private let evaluator: ExpressionEvaluator

  init(_ arguments: Arguments) throws {
    evaluator = try ExpressionEvaluator(arguments.string("expr") ?? "", kind: "map")
  }

  func answer(_ record: UnsafeRawBufferPointer, of type: ItemType, to output: some ItemOutput) throws {
    try evaluator.append(record, type, to: output)
  }
}

/// Passes on the items that satisfy a condition.
struct FilterKind: ItemKind {
  static let signature = KindSignature(
    "filter", "Passes on the items for which a Lua expression is neither false nor nil.", answers: .itemByItem,
    taskResult: .value,
    inputs: [.init("in", [], "items")], outputs: [.init("out", [], typeFollowsInput: "in", "those items")],
    parameters: [ExpressionKinds.parameter], check: ExpressionKinds.check)

  private let evaluator: ExpressionEvaluator

  init(_ arguments: Arguments) throws {
    // A truth value, whatever the expression's is.
    evaluator = try ExpressionEvaluator("not not (\n\(arguments.string("expr") ?? "")\n)", kind: "filter")
  }

  func answer(_ record: UnsafeRawBufferPointer, of type: ItemType, to output: some ItemOutput) throws {
    if try evaluator.isTrue(record, type) { try output.append(record: record, of: type) }
  }
}
