internal import Limits

/// Resources and processes: decoded, bound to one another, checked as a whole.
struct BodyDecoder {
  /// The top of the file.
  let sections: [Node.Entry]
  let processes: [Node.Entry]
  /// Keys at the top that are none.
  let unknown: [Node.Entry]
  let settings: ProcessDecoder.Settings
  let files: SettingsFiles
  let signatures: [KindSignature]
  let scripts: ScriptCheck
  let findings: Findings

  func decode() -> (resources: [Resource], processes: [ProcessDeclaration]) {
    let index = ResourceIndex(sections, processes: processes, unknown: unknown, findings: findings)
    var decoder = ResourceDecoder(
      index: index, findings: findings, processorCount: max(1, settings.request.processorCount))
    var scope = Scope(
      index: index, resources: decoder.decode(), broken: decoder.broken, directory: settings.directory,
      findings: findings)
    let references = ReferenceReader(index: index, resources: scope.resources, findings: findings)
    let wiring = WiringDecoder(references: references, findings: findings)
    let drafts = ProcessDecoder(
      wiring: wiring, files: files, settings: settings, signatures: signatures, findings: findings
    ).decode(processes)
    let binder = ProcessBinder(scope: scope, signatures: signatures)
    let bound = drafts.map(binder.bind)
    let compiled =
      drafts.filter { scripts.compiles($0.work, of: $0.owner) }.map(\.owner)
      + decoder.pools.filter { scripts.compiles($0.work, of: $0.fields.owner) }.map(\.fields.owner)
    scope.resources = bindPools(decoder.pools, binder, wiring)
    ScriptUsageCheck(scope: scope, compiled: Set(compiled)).run(bound)
    let flow = TypeFlow(bound, resources: scope.resources, deadLetterPlaces: decoder.valuePlaces)
    check(bound, scope, flow, decoder.valuePlaces)
    checkSettings(bound)
    StoredTypes.infer(flow, into: &scope.resources)
    return (scope.resources, bound.filter(\.isEnabled).map(\.declaration))
  }

  private func bindPools(_ drafts: [PoolDraft], _ binder: ProcessBinder, _ wiring: WiringDecoder) -> [Resource] {
    var resources = binder.scope.resources
    let pools = PoolBinder(scope: binder.scope, binder: binder, wiring: wiring)
    for draft in drafts {
      guard case .pool(var pool) = resources[draft.id.index].kind else { continue }
      pools.bind(draft, into: &pool)
      resources[draft.id.index].kind = .pool(pool)
    }
    pools.reportCycles(among: resources)
    return resources
  }

  private func check(
    _ processes: [BoundProcess], _ scope: Scope, _ flow: TypeFlow, _ valuePlaces: [ResourceID: Place]
  ) {
    TypeCheck(scope: scope, flow: flow).run(processes)
    PipeEndCheck(scope: scope).run(processes)
    DependencyCheck(processes, scope: scope).run()
    LockOrderCheck(scope: scope).run(processes)
    QueueRingCheck(scope: scope).run(processes)
    CommandLossCheck(scope: scope).run(processes)
    CoordinationCheck(scope: scope, valuePlaces: valuePlaces).run(processes)
    // Where there are none, that is the error.
    if !processes.isEmpty { UsageCheck(scope: scope, presumed: findings.presumedNames).run(processes) }
  }

  /// What the command line says of processes.
  private func checkSettings(_ processes: [BoundProcess]) {
    let names = processes.map(\.declaration.name)
    let file = settings.request.files.first ?? ""
    for (name, count) in settings.request.scale.sorted(by: { $0.key < $1.key }) {
      if !names.contains(name) {
        let help = Wording.suggestion(for: name, among: names)
        findings.add(Diagnostic(.error, file: file, "'--scale' names '\(name)', which is no process", help: help))
      } else if !Limit.replicas.contains(count) {
        let range = Wording.range(Limit.replicas)
        findings.add(Diagnostic(.error, file: file, "'--scale \(name)=\(count)' must be \(range)"))
      }
    }
    if let first = processes.first, !processes.contains(where: \.isEnabled) {
      findings.add(
        Diagnostic(
          .error, file: file, "no process is enabled: each runs only under a profile",
          help: "choose one by '--profile \(first.declaration.profiles.first ?? "")'"))
    }
  }
}
