internal import Limits
internal import Sharing
internal import Topology
internal import Workers

/// Requests to change a run that lives: what is refused, and why.
extension Run {
  /// `up` again.
  func change(by request: StartRequest, isDryRun: Bool, _ session: ControlSession) {
    guard isTakingCommands(session) else { return }
    do throws(Refusal) {
      let made = try source.make(request)
      let (new, plan) = try plan(made, services: [:])
      if isDryRun { return session.reply(.changed(report(plan))) }
      begin(plan, new, made, "mporch up", session)
    } catch {
      session.reply(.refused(error))
    }
  }

  func scale(_ counts: [String: Int], _ session: ControlSession) {
    guard isTakingCommands(session) else { return }
    do throws(Refusal) {
      for name in counts.keys.sorted() { try checkScalable(name) }
      // A pool is scaled by the number of its workers, which are mporch's own.
      let services = counts.filter { name, _ in pool(named: name) != nil }
      var request = made.request
      request.scale.merge(counts.filter { services[$0.key] == nil }) { $1 }
      let made = try remade(request, counts)
      let (new, plan) = try plan(made, services: services)
      begin(plan, new, made, "mporch scale", session)
    } catch {
      // What is invalid then is not the file.
      session.reply(
        .refused(Refusal(error.message, help: error.help, exitCode: error.exitCode == 65 ? 1 : error.exitCode)))
    }
  }

  /// Of the same files with other numbers. What is wrong then is not the files.
  private func remade(_ request: StartRequest, _ counts: [String: Int]) throws(Refusal) -> TopologySource.Made {
    do throws(InvalidTopology) {
      return try source.make(request, of: made.record)
    } catch {
      let numbers = counts.keys.sorted().map { "\($0)=\(counts[$0] ?? 0)" }.joined(separator: " ")
      let reasons = error.errors.map(\.message)
      throw Refusal(
        "the run can't be scaled to \(numbers): "
          + (reasons.isEmpty ? error.refusal.message : reasons.joined(separator: "; ")), exitCode: 1)
    }
  }

  func report(_ plan: ChangePlan) -> ChangeReport {
    plan.report { name in made.topology.processes.contains { $0.name == name } }
  }

  private func pool(named name: String) -> Service? {
    topology.services.first { service in
      guard case .pool = service.role else { return false }
      return topology.processes[service.process].name == name
    }
  }

  private func checkScalable(_ name: String) throws(Refusal) {
    if made.topology.processes.contains(where: { $0.name == name }) || pool(named: name) != nil { return }
    if byProcess[name] != nil { throw Refusal("'\(name)' is mporch's own, and there is one of it", exitCode: 1) }
    throw Refusal(
      "project '\(topology.name)' has no process '\(name)'",
      help: Refusal.help(for: name, among: made.topology.processes.map(\.name)), exitCode: 1)
  }

  // MARK: The plan

  private func plan(
    _ made: TopologySource.Made, services: [String: Int]
  ) throws(Refusal) -> (Topology, ChangePlan) {
    guard made.topology.name == topology.name else {
      throw Refusal(
        "the file names the project '\(made.topology.name)', and this one is '\(topology.name)'",
        help: "give the name with -p \(topology.name)", exitCode: 65)
    }
    var (new, diagnostics) = made.topology.adopting(topology)
    if let first = diagnostics.first {
      throw Refusal(diagnostics.map(Self.words).joined(separator: "\n"), help: first.help, exitCode: 65)
    }
    for index in new.processes.indices {
      if let count = services[new.processes[index].name] { new.processes[index].replicas = count }
    }
    let plan = ChangePlan(from: topology, to: new) { kinds.signature(of: $0) }
    for process in plan.processes { try check(process, new) }
    try checkRoom(plan)
    return (new, plan)
  }

  private static func words(_ diagnostic: Diagnostic) -> String {
    "\(diagnostic.place.map { "\($0): " } ?? "")error: \(diagnostic.message)"
  }

  private func check(_ process: ChangePlan.Process, _ new: Topology) throws(Refusal) {
    try checkSplit(process, new)
    try checkTables(process, new)
    for instance in leaving(process) + (process.isRestarted ? staying(process) : []) {
      try checkAbsorbed(instance, process)
    }
    try checkHeirs(process)
    guard process.from == 0 || process.isRestarted,
      let declaration = new.processes.first(where: { $0.name == process.name })
    else { return }
    try checkStreams(declaration)
  }

  /// A share of the work would be done twice, or by nobody.
  private func checkSplit(_ process: ChangePlan.Process, _ new: Topology) throws(Refusal) {
    guard process.from > 0, process.to > 0, process.from != process.to, !process.beginsAnew,
      let declaration = new.processes.first(where: { $0.name == process.name }),
      kinds.signature(of: declaration)?.splitsByReplica == true
    else { return }
    let shares =
      process.from == 1
      ? "1 replica, which does the whole work" : "\(process.from) replicas, each of which does its share of the work"
    throw Refusal(
      "\(declaration.replicasPlace ?? declaration.place): error: '\(process.name)' has \(shares): with \(process.to) of them a part would be done twice, or never",
      help: "start it anew: mporch down, then mporch up --scale \(process.name)=\(process.to)", exitCode: 1)
  }

  /// A table is in memory that was laid out for the instance at the start, and nobody but that goes on with it.
  private func checkTables(_ process: ChangePlan.Process, _ new: Topology) throws(Refusal) {
    guard process.to > 0, process.from != process.to || process.beginsAnew,
      let declaration = new.processes.first(where: { $0.name == process.name && $0.keepsTable })
    else { return }
    throw Refusal(
      "\(declaration.place): error: each instance of '\(process.name)' keeps its table (durable: true) in memory that was "
        + "laid out when the run began", help: "start it anew: mporch down, then mporch up", exitCode: 1)
  }

  private func checkAbsorbed(_ instance: Instance, _ process: ChangePlan.Process) throws(Refusal) {
    guard instance.state.end == nil else { return }
    let entry = arena.entry(instance.index)
    let isLost = forgottenItems(by: instance) != nil || process.isOtherWork && entry.hasDurableState
    guard isLost else { return }
    throw Refusal(
      "'\(instance.name)' has absorbed \(entry.counters.itemsIn) items, which would be lost and its answer wrong",
      help: "let it end, or start the whole run again: mporch down && mporch up", exitCode: 1)
  }

  /// What those that go have taken is for the others.
  private func checkHeirs(_ process: ChangePlan.Process) throws(Refusal) {
    guard process.to > 0, let first = leaving(process).first(where: { $0.state.end == nil }),
      !first.declaration.inputs.isEmpty, staying(process).allSatisfy({ $0.state.end != nil })
    else { return }
    throw Refusal(
      "the other instances of '\(process.name)' have ended already: nobody would do what '\(first.name)' has taken",
      help: "let it end", exitCode: 1)
  }

  private func checkStreams(_ declaration: ProcessDeclaration) throws(Refusal) {
    let use = kinds.upStreamUse(of: declaration)
    let known = instances.map(\.upStreams)
    guard
      use.readsInput && !known.contains(where: \.readsInput)
        || use.writesOutput && !known.contains(where: \.writesOutput)
    else { return }
    throw Refusal(
      "\(declaration.place): error: process '\(declaration.name)' uses a standard stream of 'mporch up' ('-'), which "
        + "no process did when the run began", help: "name a file, or start the run anew", exitCode: 1)
  }

  private func checkRoom(_ plan: ChangePlan) throws(Refusal) {
    let more = plan.processes.reduce(0) { $0 + max(0, $1.to - $1.from) }
    let less = plan.processes.reduce(0) { $0 + max(0, $1.from - $1.to) }
    let room = arena.freePlaceCount + less
    guard more > room else { return }
    throw Refusal(
      "\(more) more instances are asked for, and there is room for \(room): a run takes "
        + "\(Limit.spareWorkers) more than it began with", help: "start it anew: mporch down, then mporch up",
      exitCode: 69)
  }

  // MARK: Who

  func leaving(_ process: ChangePlan.Process) -> [Instance] {
    (byProcess[process.name] ?? []).filter { $0.replica > process.to }
  }

  func staying(_ process: ChangePlan.Process) -> [Instance] {
    (byProcess[process.name] ?? []).filter { $0.replica <= process.to }
  }
}
