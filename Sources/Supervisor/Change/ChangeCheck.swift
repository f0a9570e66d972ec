internal import Limits
internal import Sharing
internal import Topology
internal import Workers

/// A change that is possible, and what it comes to.
struct PlannedChange {
  let plan: ChangePlan
  /// In terms of the run.
  let topology: Topology
  let made: TopologySource.Made

  var report: ChangeReport {
    plan.report { name in made.topology.processes.contains { $0.name == name } }
  }
}

/// What a run that lives can be changed to: refuses the rest, and says why.
struct ChangeCheck {
  let life: RunLife
  let arena: Arena
  let kinds: [any Kind.Type]

  private var topology: Topology { life.topology }

  /// `services`: how many instances of these there are to be, in place of what the file says.
  func plan(_ made: TopologySource.Made, services: [String: Int] = [:]) throws(Refusal) -> PlannedChange {
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
    return PlannedChange(plan: plan, topology: new, made: made)
  }

  private static func words(_ diagnostic: Diagnostic) -> String {
    "\(diagnostic.place.map { "\($0): " } ?? "")error: \(diagnostic.message)"
  }

  // MARK: Scaling

  func pool(named name: String) -> Service? {
    topology.services.first { service in
      guard case .pool = service.role else { return false }
      return topology.processes[service.process].name == name
    }
  }

  func checkScalable(_ name: String, _ made: TopologySource.Made) throws(Refusal) {
    if made.topology.processes.contains(where: { $0.name == name }) || pool(named: name) != nil { return }
    if life.byProcess[name] != nil { throw Refusal("'\(name)' is mporch's own, and there is one of it", exitCode: 1) }
    throw Refusal(
      "project '\(topology.name)' has no process '\(name)'",
      help: Refusal.help(for: name, among: made.topology.processes.map(\.name)), exitCode: 1)
  }

  // MARK: Each process

  private func check(_ process: ChangePlan.Process, _ new: Topology) throws(Refusal) {
    try checkSplit(process, new)
    try checkTables(process, new)
    for instance in life.leaving(process) + (process.isRestarted ? life.staying(process) : []) {
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
    let isLost = instance.forgottenItems(arena, kinds) != nil || process.isOtherWork && entry.hasDurableState
    guard isLost else { return }
    throw Refusal(
      "'\(instance.name)' has absorbed \(entry.counters.itemsIn) items, which would be lost and its answer wrong",
      help: "let it end, or start the whole run again: mporch down && mporch up", exitCode: 1)
  }

  /// What those that go have taken is for the others.
  private func checkHeirs(_ process: ChangePlan.Process) throws(Refusal) {
    guard process.to > 0, let first = life.leaving(process).first(where: { $0.state.end == nil }),
      !first.declaration.inputs.isEmpty, life.staying(process).allSatisfy({ $0.state.end != nil })
    else { return }
    throw Refusal(
      "the other instances of '\(process.name)' have ended already: nobody would do what '\(first.name)' has taken",
      help: "let it end", exitCode: 1)
  }

  private func checkStreams(_ declaration: ProcessDeclaration) throws(Refusal) {
    let use = kinds.upStreamUse(of: declaration)
    let known = life.instances.map(\.upStreams)
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
}

extension RunLife {
  func leaving(_ process: ChangePlan.Process) -> [Instance] {
    (byProcess[process.name] ?? []).filter { $0.replica > process.to }
  }

  func staying(_ process: ChangePlan.Process) -> [Instance] {
    (byProcess[process.name] ?? []).filter { $0.replica <= process.to }
  }
}

extension Instance {
  /// What a process that answers at its end has taken in.
  func absorbedItems(_ arena: Arena, _ kinds: [any Kind.Type]) -> UInt64? {
    let count = arena.entry(index).counters.itemsIn
    return kinds.signature(of: declaration)?.answers == .atEnd && count > 0 ? count : nil
  }

  /// What another life of it would not know of, and give a wrong answer.
  func forgottenItems(_ arena: Arena, _ kinds: [any Kind.Type]) -> UInt64? {
    arena.entry(index).hasDurableState ? nil : absorbedItems(arena, kinds)
  }
}
