/// `use` and `with` of pools, once all resources are known.
struct PoolBinder {
  let scope: Scope
  let binder: ProcessBinder
  let wiring: WiringDecoder

  /// The pool with all that it refers to.
  func bind(_ draft: PoolDraft, into pool: inout Resource.Pool) {
    let owner = draft.fields.owner
    let uses = wiring.wiring(draft.fields[.use], .uses, by: owner)
    reportSelf(draft, uses)
    switch draft.work {
    case .kind(let name, let place)?:
      guard let signature = binder.signature(name, at: place, owner) else { break }
      bind(draft, uses, to: signature, at: place, into: &pool)
      return
    case .script?:
      var names = ScriptNames(scope: scope)
      pool.uses = ScriptBinder(scope: scope).uses(uses, &names)
      pool.parameters = parameters(draft, "a script").free(draft.fields[.with])
      return
    default: break
    }
    pool.uses = uses?.links.map { UseBinding(name: $0.name ?? "", target: $0.target) } ?? []
  }

  private func bind(
    _ draft: PoolDraft, _ uses: ProcessDraft.Wiring?, to signature: KindSignature, at place: Place,
    into pool: inout Resource.Pool
  ) {
    let known = scope.findings.diagnostics.count
    if signature.taskResult == nil { report(signature, at: place, draft) }
    let noun = "kind '\(signature.name)'"
    let useBinder = UseBinder(scope: scope, noun: noun, owner: draft.fields.owner, ownerPlace: draft.fields.ownerPlace)
    pool.uses = useBinder.bind(uses, to: signature.uses)
    pool.parameters = parameters(draft, noun).bind(draft.fields[.with], to: signature.parameters)
    guard scope.findings.diagnostics.count == known else { return }
    var workers = ProcessDeclaration(
      name: scope[draft.id].name, place: draft.fields.ownerPlace, work: .kind(name: signature.name, place: place))
    workers.replicas = pool.size
    workers.uses = pool.uses
    workers.parameters = pool.parameters
    binder.check(workers, of: draft.fields.owner, signature)
  }

  private func report(_ signature: KindSignature, at place: Place, _ draft: PoolDraft) {
    let callable = binder.signatures.filter { $0.taskResult != nil }.map(\.name).sorted()
    scope.findings.error(
      at: place, "\(draft.fields.owner) can't call kind '\(signature.name)' with its tasks",
      help: "a pool's kind is one that answers each item by itself: \(Wording.choice(Wording.quoted(callable)))")
  }

  private func parameters(_ draft: PoolDraft, _ noun: String) -> ParameterBinder {
    ParameterBinder(scope: scope, noun: noun, owner: draft.fields.owner, ownerPlace: draft.fields.ownerPlace)
  }

  /// Of several; one that uses itself is reported where it is bound.
  func reportCycles(among resources: [Resource]) {
    var search = CycleSearch()
    let byName = Dictionary(resources.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for resource in resources {
      search.visit(resource.name) { name in
        guard case .pool(let pool)? = byName[name]?.kind else { return [] }
        return pool.uses.map { (resources[$0.target.resource.index].name, $0.target.place) }
      }
    }
    for cycle in search.cycles where cycle.path.count > 2 {
      scope.findings.error(
        at: cycle.place, "pools use one another: \(cycle.path.joined(separator: " → "))",
        help: "remove one of these uses: the workers of each would wait for those of the next")
    }
  }

  private func reportSelf(_ draft: PoolDraft, _ uses: ProcessDraft.Wiring?) {
    for link in uses?.links ?? [] where link.target.resource == draft.id {
      scope.findings.error(
        at: link.target.place, "\(draft.fields.owner) uses itself: its workers would wait for one another",
        help: "give the inner tasks to another pool")
    }
  }
}
