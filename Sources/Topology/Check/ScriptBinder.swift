/// A script's `in`, `out`, `use` and `with`: its names are its own, as long as Lua can have them.
struct ScriptBinder {
  let scope: Scope

  func bind(_ draft: ProcessDraft) -> BoundProcess {
    var process = draft.declaration
    var names = ScriptNames(scope: scope)
    process.inputs = ports(draft.inputs, alone: "input", &names)
    process.outputs = ports(draft.outputs, alone: "output", &names)
    process.uses = uses(draft.uses, &names)
    process.parameters = ParameterBinder(
      scope: scope, noun: "a script", owner: draft.owner, ownerPlace: process.place
    ).free(draft.parameters)
    return BoundProcess(declaration: process, signature: nil, isEnabled: draft.isEnabled, isBroken: false)
  }

  func uses(_ wiring: ProcessDraft.Wiring?, _ names: inout ScriptNames) -> [UseBinding] {
    guard let wiring else { return [] }
    return wiring.links.map { link in
      let name = link.name ?? scope[link.target.resource].name
      names.take(name, for: link)
      return UseBinding(name: name, target: link.target)
    }
  }

  private func ports(_ wiring: ProcessDraft.Wiring?, alone: String, _ names: inout ScriptNames) -> [PortBinding] {
    guard let wiring else { return [] }
    return wiring.links.map { link in
      // `in: {input: lines}` is the long form of `in: lines`.
      if let name = link.name, name != alone { names.take(name, for: link) }
      return PortBinding(port: link.name ?? alone, target: link.target)
    }
  }
}

/// The globals that a script's wiring gives it.
struct ScriptNames {
  let scope: Scope
  private var taken: [String: (name: String, link: ProcessDraft.Link)] = [:]

  init(scope: Scope) { self.scope = scope }

  mutating func take(_ name: String, for link: ProcessDraft.Link) {
    let identifier = LuaNames.identifier(of: name)
    if let meaning = LuaNames.meaning(of: identifier) {
      scope.findings.error(
        at: link.place, "a script can't have a resource by the name '\(name)': it is \(meaning)",
        help: "give it another name: '{other: \(scope.text(of: link.target))}'")
      return
    }
    guard let first = taken[identifier] else {
      taken[identifier] = (name, link)
      return
    }
    // What is read and written, or put to all, under one name is one object.
    let isSame = first.link.target.resource == link.target.resource && first.link.target.end == link.target.end
    let isFanOut = first.link.name != nil && first.link.place == link.place
    if isSame || isFanOut { return }
    if first.name == name {
      scope.findings.error(
        at: link.place, "two resources have the name '\(name)' in one script",
        help: "write a map: '{\(name)_2: \(scope.text(of: link.target))}'",
        notes: [Diagnostic.Note(place: first.link.place, message: "the first stands here")])
    } else {
      LuaNames.reportClash(name, at: link.place, with: first.name, at: first.link.place, scope.findings)
    }
  }
}
