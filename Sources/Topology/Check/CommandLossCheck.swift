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
