internal import Glibc
internal import Platform
internal import Sharing
internal import Topology

/// A change of the topology that takes effect once all that it stops have ended. Until then their ends stay open: a
/// queue whose writer is exchanged for another does not end in between.
struct OngoingChange {
  let plan: ChangePlan
  let topology: Topology
  let made: TopologySource.Made
  let session: ControlSession
  /// Those that will not come back.
  let leaving: [Instance]
  /// Those that will, as what the file says now.
  let restarted: [Instance]
  /// Of these, who was not to run: stopped by a command.
  let resting: Set<Int>
  var killed: [String] = []

  var stopped: [Instance] { leaving + restarted }
  var isReady: Bool { stopped.allSatisfy { $0.state.life == nil } }
}

extension Run {
  func begin(
    _ plan: ChangePlan, _ topology: Topology, _ made: TopologySource.Made, _ command: String, _ session: ControlSession
  ) {
    let leaving = plan.processes.flatMap { self.leaving($0) }
    let restarted = plan.processes.filter(\.isRestarted).flatMap { staying($0) }
    let resting = restarted.filter(\.isResting).map(\.index)
    answer(errands.overtake(leaving, goal: .rest, by: "'\(command)', which removes it"))
    change = OngoingChange(
      plan: plan, topology: topology, made: made, session: session, leaving: leaving, restarted: restarted,
      resting: Set(resting))
    for instance in leaving + restarted { take(.halt(grace: wish.gracePeriod), of: instance) }
    isUnsettled = true
  }

  /// Takes effect if all that it waits for have ended.
  func advanceChange() {
    guard let change, change.isReady else { return }
    self.change = nil
    let old = topology
    life.adopt(change.topology)
    made = change.made
    host.adopt(topology)
    let leaving = change.leaving.filter { mayLeave($0, in: change) }
    let heirless = change.leaving.filter { instance in !leaving.contains { $0 === instance } }
    adopt()
    release(leaving, change.restarted)
    for instance in change.restarted { relink(instance, change) }
    for instance in heirless { ask(.relinked, of: instance) }
    let newcomers = admit(change.plan)
    for instance in leaving { remove(instance, old) }
    life.arrange(instances.filter { instance in !leaving.contains { $0 === instance } } + newcomers)
    host.arrange(instances)
    events.client?.send(.joined(Dictionary(uniqueKeysWithValues: newcomers.map { ($0.index, $0.name) })))
    takeConclusions()
    answer(change)
    takePostponed()
  }

  private func answer(_ change: OngoingChange) {
    isUnsettled = true
    var report = report(change.plan)
    report.killed = change.killed
    change.session.reply(.changed(report))
  }

  /// Unless it has no heir: while it was stopped the others of its process ended, since their input had, so that what it
  /// had taken is for nobody else; or it is the one to answer for all. Then it goes on to the end. To be asked once.
  private func mayLeave(_ instance: Instance, in change: OngoingChange) -> Bool {
    guard let process = change.plan[instance.declaration.name], process.to > 0, !instance.declaration.inputs.isEmpty,
      instance.state.end == nil
    else { return true }
    return !staying(process).allSatisfy { $0.state.end != nil } && arena.retire(instance.index)
  }

  /// Each instance that is still there is of its process as it is declared now.
  private func adopt() {
    for (index, declaration) in topology.processes.enumerated() {
      let shared = SharedDeclaration(declaration)
      for instance in byProcess[declaration.name] ?? [] {
        instance.adopt(process: index, shared, kinds.upStreamUse(of: declaration))
      }
    }
  }

  /// Ends of pipes, of which there is one holder at a time, and all that the next life will not have.
  private func release(_ leaving: [Instance], _ restarted: [Instance]) {
    for instance in leaving {
      var links = arena.plan.links(of: instance.index)
      (links.holdsA, links.holdsB) = ([], [])
      try? arena.relink(instance.index, to: links)
    }
    for instance in restarted {
      try? arena.relink(instance.index, to: arena.plan.links(of: instance.index).intersection(links(of: instance)))
    }
  }

  private func links(of instance: Instance) -> WorkerLinks {
    let plan = InstancePlan(name: instance.name, process: instance.process, replica: instance.replica)
    return WorkerLinks(of: plan, in: topology)
  }

  private func relink(_ instance: Instance, _ change: OngoingChange) {
    do throws(AdmissionRefusal) {
      try arena.relink(instance.index, to: links(of: instance))
    } catch {
      events.say(.error, at: instance.declaration.place, "'\(instance.name)': \(Refusal(error, topology).message)")
    }
    if change.plan[instance.declaration.name]?.beginsAnew == true { arena.forgetDurable(of: instance.index) }
    guard !change.resting.contains(instance.index) else { return }
    ask(.relinked, of: instance)
  }

  // MARK: Coming and going

  private func admit(_ plan: ChangePlan) -> [Instance] {
    var newcomers: [Instance] = []
    for (index, declaration) in topology.processes.enumerated() {
      let present = byProcess[declaration.name] ?? []
      let shared = present.first?.sharedDeclaration ?? SharedDeclaration(declaration)
      var group = present.first.flatMap { arena.plan.workers[$0.index]?.group }
      for replica in 1...declaration.replicas where !present.contains(where: { $0.replica == replica }) {
        let plan = InstancePlan(name: "\(declaration.name)-\(replica)", process: index, replica: replica)
        do throws(AdmissionRefusal) {
          if group == nil { group = try arena.openGroup() }
          let worker = try arena.admit(group: group, WorkerLinks(of: plan, in: topology))
          newcomers.append(
            Instance(index: worker, plan: plan, declaration: shared, upStreams: kinds.upStreamUse(of: declaration)))
        } catch {
          events.say(.error, at: declaration.place, "'\(plan.name)': \(Refusal(error, topology).message)")
        }
      }
    }
    return newcomers
  }

  /// For good. What it has absorbed, where that is kept, counts for the answer of the others.
  private func remove(_ instance: Instance, _ old: Topology) {
    let isScaledDown = topology.processes.contains { $0.name == instance.declaration.name }
    arena.remove(instance.index, keepingState: isScaledDown && arena.entry(instance.index).hasDurableState)
    host.output.close(instance.index)
    losses.remove(instance)
    events.note("\(instance.name) was removed")
  }
}

extension Instance {
  /// Stopped by a command, or on its way there.
  fileprivate var isResting: Bool {
    switch state {
    case .stopped: true
    case .stopping(_, let stop): stop.then == .rest
    default: false
    }
  }
}
