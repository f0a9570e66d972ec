/// Items that do not fit between those that put them and those that read them.
struct TypeCheck {
  let scope: Scope
  let flow: TypeFlow

  func run(_ processes: [BoundProcess]) {
    for writer in flow.writers { checkDeclaration(writer) }
    for process in processes where process.isEnabled && !process.isBroken {
      for input in process.declaration.inputs {
        guard let port = process.signature?.inputs.first(where: { $0.name == input.port }) else { continue }
        checkReader(process, input, port)
      }
    }
  }

  /// A writer against what the resource is declared to hold.
  private func checkDeclaration(_ writer: TypeFlow.Writer) {
    let id = writer.channel.resource
    let declared = flow.declaredType(of: writer.channel)
    guard declared != .any, !scope.broken.contains(id) else { return }
    let types = flow.types(of: writer)
    guard types.conflicts(with: .some([declared])) else { return }
    let name = scope[id].name
    scope.findings.error(
      at: writer.place, "\(writer.owner) puts \(types.words) into '\(name)', which holds \(declared.name)",
      help: "declare '\(name)' with 'type: \(hint(types))', or put what it holds", notes: [scope.declarationNote(id)])
  }

  private func checkReader(_ process: BoundProcess, _ input: PortBinding, _ port: KindSignature.Port) {
    let channel = Channel(input.target, .reads)
    let taken = ItemTypes(port.types)
    guard !scope.broken.contains(channel.resource) else { return }
    let declared = flow.declaredType(of: channel)
    let what = "\(process.owner) takes \(taken.words) from '\(scope[channel.resource].name)', which"
    if declared != .any {
      guard taken.conflicts(with: .some([declared])) else { return }
      scope.findings.error(
        at: input.target.place, "\(what) holds \(declared.name)",
        help: "declare it with 'type: \(hint(taken))', or put a kind between that turns one into the other",
        notes: [scope.declarationNote(channel.resource)])
      return
    }
    let misfits = (flow.writersByChannel[channel] ?? []).filter { flow.types(of: $0).conflicts(with: taken) }
    guard let first = misfits.first else { return }
    scope.findings.error(
      at: input.target.place, "\(what) gets \(flow.types(of: first).words)",
      help: "let '\(process.declaration.name)' read another queue, or put a kind between that turns one into the other",
      notes: misfits.map {
        Diagnostic.Note(place: $0.place, message: "\($0.owner) puts \(flow.types(of: $0).words)")
      })
  }

  /// One type that would do.
  private func hint(_ types: ItemTypes) -> String {
    if case .some(let types) = types, types.count == 1, let type = types.first { type.name } else { "any" }
  }
}
