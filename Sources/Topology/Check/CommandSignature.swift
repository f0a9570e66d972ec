/// What a `run:` command takes and gives, in the form of a kind's signature, so that the same checks serve.
enum CommandSignature {
  static let signature = KindSignature(
    "run", "an external command", answers: .itemByItem,
    inputs: [.init("input", required: false, "items, each as one line on its standard input")],
    outputs: [.init("output", [], required: false, "each line of its standard output")],
    parameters: [
      .init("format", .word(["lines", "json"]), default: .string("lines"), "How items stand in a line."),
      .init("replies", .word(["none", "each"]), default: .string("none"), "An item is finished when its answer came."),
    ],
    check: { binding in
      guard binding.arguments.string("replies") == "each", binding.inputs.isEmpty || binding.outputs.isEmpty else {
        return []
      }
      return [
        .init(
          parameter: "replies", "'replies: each' needs items and answers", help: "give the process 'in' and 'out'")
      ]
    })

  /// What it puts into something that is declared to hold `type` items: JSON may be anything; a line is a string, or the
  /// number that is wanted.
  static func outputTypes(_ arguments: Arguments, into type: ItemType) -> ItemTypes {
    if arguments.string("format") == "json" { return .all }
    return .some([type == .any ? .string : type])
  }
}
