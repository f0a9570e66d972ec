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
    let name = scope[id].name
    func report(_ what: String, at place: Place, help: String) {
      scope.findings.error(
        at: place, "\(writer.owner) puts \(what) into '\(name)', which holds \(declared.name)", help: help,
        notes: [scope.declarationNote(id)])
    }
    for item in writer.items where item.types.conflicts(with: .some([declared])) {
      report(item.words, at: item.place, help: item.help(for: declared, name))
    }
    guard writer.items.isEmpty else { return }
    let types = flow.types(of: writer)
    guard types.conflicts(with: .some([declared])) else { return }
    report(
      types.words, at: writer.place,
      help: "declare '\(name)' with 'type: \(types.declaration.name)', or put what it holds")
  }

  private func checkReader(_ process: BoundProcess, _ input: PortBinding, _ port: KindSignature.Port) {
    let channel = Channel(input.target, .reads)
    let taken = ItemTypes(takenBy: port.types(under: process.declaration.arguments))
    guard !scope.broken.contains(channel.resource) else { return }
    let declared = flow.declaredType(of: channel)
    let what = "\(process.owner) takes \(taken.words) from '\(scope[channel.resource].name)', which"
    if declared != .any {
      guard taken.conflicts(with: .some([declared])) else { return }
      scope.findings.error(
        at: input.target.place, "\(what) holds \(declared.name)",
        help: "declare it with 'type: \(taken.declaration.name)', or put a kind between that turns one into the other",
        notes: [scope.declarationNote(channel.resource)])
      return
    }
    let misfits = (flow.writersByChannel[channel] ?? []).compactMap { misfit(of: $0, taken) }
    guard let first = misfits.first else { return }
    let areNumbers = first.isLines && !taken.conflicts(with: .some([.number(.int64)]))
    scope.findings.error(
      at: input.target.place, "\(what) gets \(first.what)",
      help: areNumbers
        ? "give it a type of numbers, such as 'type: int64': each line that a command prints is a number then"
        : "let '\(process.declaration.name)' read another queue, or put a kind between that turns one into the other",
      notes: misfits.map { Diagnostic.Note(place: $0.place, message: "\($0.owner) puts \($0.what)") })
  }

  /// What of a writer's items a reader of `taken` can't take. Of several readers one may take what another can't, so
  /// that something fits is enough.
  private func misfit(
    of writer: TypeFlow.Writer, _ taken: ItemTypes
  ) -> (owner: String, what: String, place: Place, isLines: Bool)? {
    let types = flow.types(of: writer)
    guard types.conflicts(with: taken) else { return nil }
    if let item = writer.items.first { return (writer.owner, item.words, item.place, false) }
    return (writer.owner, types.words, writer.place, writer.putsLines)
  }
}
