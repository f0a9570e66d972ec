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

/// Warns of a command between queues that is started again and whose items are finished when they are written to it: what
/// it had read and not answered when it failed is lost, though its next life goes on as if nothing had been.
struct CommandLossCheck {
  let scope: Scope

  func run(_ processes: [BoundProcess]) {
    for process in processes where process.isEnabled && !process.isBroken {
      let declaration = process.declaration
      guard losesItems(declaration), let place = declaration.keyPlaces[.restart] else { continue }
      scope.findings.warning(
        at: place, "when the command of process '\(declaration.name)' fails, items that it has read are lost with it",
        help: "'with: {replies: each}' gives them to its next life: it must print one line for each")
    }
  }

  private func losesItems(_ declaration: ProcessDeclaration) -> Bool {
    guard case .command = declaration.work, declaration.restart != .never else { return false }
    return !declaration.inputs.isEmpty && !declaration.outputs.isEmpty
      && declaration.arguments.string("replies") != "each"
  }
}
