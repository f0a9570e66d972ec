/// Drafts → processes whose ports, roles and parameters are those of their work.
struct ProcessBinder {
  let scope: Scope
  let signatures: [KindSignature]

  func bind(_ draft: ProcessDraft) -> BoundProcess {
    var bound: BoundProcess
    switch draft.work {
    case .kind(let name, let place)?:
      if let signature = signature(name, at: place, draft.owner) {
        bound = bind(draft, to: signature, noun: "kind '\(name)'")
      } else {
        bound = unbound(draft)
      }
    case .command?: bound = bind(draft, to: CommandSignature.signature, noun: "a command")
    case .script?: bound = ScriptBinder(scope: scope).bind(draft)
    case nil: bound = unbound(draft)
    }
    let wirings = [draft.inputs, draft.outputs, draft.uses].compactMap { $0 }
    bound.isBroken = bound.isBroken || wirings.contains(where: \.isBroken)
    if bound.isBroken {
      // What could not be bound is meant to be used nevertheless.
      for link in wirings.flatMap(\.links) { scope.findings.presume(scope[link.target.resource].name) }
    }
    return bound
  }

  func signature(_ name: String, at place: Place, _ owner: String) -> KindSignature? {
    if let signature = signatures.first(where: { $0.name == name }) { return signature }
    let names = signatures.map(\.name)
    let foreign = ForeignWords.kinds[name].flatMap { $0.word.map(names.contains) ?? true ? $0.help : nil }
    let first = name.prefix { $0 != " " }
    let help =
      first.count < name.count && names.contains(String(first))
      ? "'\(first)' is the kind: what it takes stands under 'in', 'out' and 'with'" : foreign
    scope.findings.error(
      at: place, "\(owner) has an unknown kind, '\(name)'",
      help: help ?? Wording.suggestion(for: name, among: names, otherwise: "'mporch tasks' lists the kinds"))
    return nil
  }

  private func bind(_ draft: ProcessDraft, to signature: KindSignature, noun: String) -> BoundProcess {
    let draft = DuplexWiring.fitted(draft, to: signature)
    let known = scope.findings.diagnostics.count
    // What is wrong with a wiring is said; what the kind would say of the rest may only follow from it.
    let isWired = ![draft.inputs, draft.outputs, draft.uses].compactMap { $0 }.contains(where: \.isBroken)
    var process = draft.declaration
    let ports = PortBinder(scope: scope, noun: noun, owner: draft.owner, ownerPlace: process.place)
    // Of what an unknown key was most likely meant as nothing more is said.
    process.inputs = draft.isPresumed(.inputs) ? [] : ports.bind(draft.inputs, to: signature.inputs, .reads)
    process.outputs = draft.isPresumed(.outputs) ? [] : ports.bind(draft.outputs, to: signature.outputs, .writes)
    let uses = UseBinder(scope: scope, noun: noun, owner: draft.owner, ownerPlace: process.place)
    process.uses = draft.isPresumed(.use) ? [] : uses.bind(draft.uses, to: signature.uses)
    let parameters = ParameterBinder(scope: scope, noun: noun, owner: draft.owner, ownerPlace: process.place)
    process.parameters = draft.isPresumed(.with) ? [] : parameters.bind(draft.parameters, to: signature.parameters)
    process.keepsTable = signature.keepsTable && (process.arguments.bool("durable") ?? (process.restart != .never))
    if isWired, draft.presumed.isEmpty, scope.findings.diagnostics.count == known {
      check(process, of: draft.owner, signature)
    }
    let linkCount = [draft.inputs, draft.outputs, draft.uses].reduce(0) { $0 + ($1?.links.count ?? 0) }
    return BoundProcess(
      declaration: process, signature: signature, isEnabled: draft.isEnabled,
      isBroken: process.inputs.count + process.outputs.count + process.uses.count < linkCount)
  }

  /// Of unknown work: its references count as uses, and nothing more is said.
  private func unbound(_ draft: ProcessDraft) -> BoundProcess {
    var process = draft.declaration
    process.inputs = draft.inputs?.links.map { PortBinding(port: $0.name ?? "input", target: $0.target) } ?? []
    process.outputs = draft.outputs?.links.map { PortBinding(port: $0.name ?? "output", target: $0.target) } ?? []
    process.uses = draft.uses?.links.map { UseBinding(name: $0.name ?? "", target: $0.target) } ?? []
    return BoundProcess(declaration: process, signature: nil, isEnabled: draft.isEnabled, isBroken: true)
  }

  // MARK: The kind's own check

  /// `process`: or a pool's workers.
  func check(_ process: ProcessDeclaration, of owner: String, _ signature: KindSignature) {
    let binding = KindSignature.Binding(
      arguments: process.arguments, replicas: process.replicas, inputs: limits(process.inputs),
      outputs: limits(process.outputs), uses: Set(process.uses.map(\.name)))
    for problem in signature.check(binding) {
      let place = place(of: problem.subject, in: process)
      scope.findings.add(
        Diagnostic(
          problem.isWarning ? .warning : .error, at: place, "\(owner): \(problem.message)", help: problem.help))
    }
  }

  private func place(of subject: KindSignature.Problem.Subject, in process: ProcessDeclaration) -> Place {
    switch subject {
    case .process: process.place
    case .replicas: process.replicasPlace ?? process.place
    case .parameter(let name): process.parameters.first { $0.name == name }?.place ?? process.place
    }
  }

  private func limits(_ bindings: [PortBinding]) -> [String: [(capacity: Int?, byteCount: Int)]] {
    var limits: [String: [(capacity: Int?, byteCount: Int)]] = [:]
    for binding in bindings {
      switch scope[binding.target.resource].kind {
      case .queue(let queue): limits[binding.port, default: []].append((queue.capacity, queue.byteCount))
      case .pipe(let pipe): limits[binding.port, default: []].append((nil, pipe.byteCount))
      default: break
      }
    }
    return limits
  }
}

/// An end of a duplex pipe may be written as `use: p.a`, or as `in: p.a` with `out: p.a`, whichever way the work's
/// signature has it.
enum DuplexWiring {
  static func fitted(_ draft: ProcessDraft, to signature: KindSignature) -> ProcessDraft {
    var draft = draft
    if signature.inputs.isEmpty, signature.outputs.isEmpty {
      moveToUse(&draft)
    } else if signature.inputs.count == 1, signature.outputs.count == 1,
      !signature.uses.contains(where: { $0.sort == .pipe })
    {
      moveToPorts(&draft)
    }
    return draft
  }

  private static func moveToUse(_ draft: inout ProcessDraft) {
    guard let read = end(draft.inputs), let written = end(draft.outputs), isSame(read, written) else { return }
    var uses = draft.uses ?? .init(place: draft.inputs?.place ?? read.place, links: [])
    // A map names roles, and this one has no name.
    guard !uses.isNamed else { return }
    uses.links.append(.init(name: nil, place: read.place, target: read))
    draft.uses = uses
    (draft.inputs, draft.outputs) = (nil, nil)
  }

  private static func moveToPorts(_ draft: inout ProcessDraft) {
    guard draft.inputs == nil, draft.outputs == nil, var uses = draft.uses else { return }
    let ends = uses.links.filter { $0.name == nil && $0.target.end != nil }
    guard ends.count == 1, let end = ends.first else { return }
    uses.links.removeAll { $0.target == end.target }
    let port = ProcessDraft.Wiring(place: uses.place, links: [end])
    (draft.inputs, draft.outputs) = (port, port)
    draft.uses = uses.links.isEmpty && !uses.isBroken ? nil : uses
  }

  private static func end(_ wiring: ProcessDraft.Wiring?) -> ResourceReference? {
    guard let wiring, wiring.links.count == 1, !wiring.isNamed, wiring.links[0].target.end != nil else { return nil }
    return wiring.links[0].target
  }

  private static func isSame(_ left: ResourceReference, _ right: ResourceReference) -> Bool {
    left.resource == right.resource && left.end == right.end
  }
}
