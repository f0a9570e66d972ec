internal import Sharing
internal import Topology
internal import Workers

/// Brings a change into the shared memory, and to the instances: who is still there is relinked, newcomers are admitted.
struct Refit {
  let change: OngoingChange
  /// With the topology that it changes to, and those who were there before.
  let life: RunLife
  let arena: Arena
  let kinds: [any Kind.Type]
  let events: Announcer

  private var topology: Topology { life.topology }

  /// Unless it has no heir: while it was stopped the others of its process ended, since their input had, so that what it
  /// had taken is for nobody else; or it is the one to answer for all. Then it goes on to the end. To be asked once.
  func mayLeave(_ instance: Instance) -> Bool {
    guard let process = change.planned.plan[instance.declaration.name], process.to > 0,
      !instance.declaration.inputs.isEmpty,
      instance.state.end == nil
    else { return true }
    return !life.staying(process).allSatisfy { $0.state.end != nil } && arena.retire(instance.index)
  }

  /// Each instance that is still there is of its process as it is declared now.
  func adopt() {
    for (index, declaration) in topology.processes.enumerated() {
      let shared = SharedDeclaration(declaration)
      for instance in life.byProcess[declaration.name] ?? [] {
        instance.adopt(process: index, shared, kinds.upStreamUse(of: declaration))
      }
    }
  }

  /// Ends of pipes, of which there is one holder at a time, and all that the next life will not have.
  func release(_ leaving: [Instance]) {
    for instance in leaving {
      var links = arena.plan.links(of: instance.index)
      (links.holdsA, links.holdsB) = ([], [])
      try? arena.relink(instance.index, to: links)
    }
    for instance in change.restarted {
      try? arena.relink(instance.index, to: arena.plan.links(of: instance.index).intersection(links(of: instance)))
    }
  }

  private func links(of instance: Instance) -> WorkerLinks {
    let plan = InstancePlan(name: instance.name, process: instance.process, replica: instance.replica)
    return WorkerLinks(of: plan, in: topology)
  }

  func relink(_ instance: Instance) {
    do throws(AdmissionRefusal) {
      try arena.relink(instance.index, to: links(of: instance))
    } catch {
      events.say(.error, at: instance.declaration.place, "'\(instance.name)': \(Refusal(error, topology).message)")
    }
    if change.planned.plan[instance.declaration.name]?.beginsAnew == true { arena.forgetDurable(of: instance.index) }
  }

  func admit() -> [Instance] {
    var newcomers: [Instance] = []
    for (index, declaration) in topology.processes.enumerated() {
      let present = life.byProcess[declaration.name] ?? []
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
  func remove(_ instance: Instance) {
    let isScaledDown = topology.processes.contains { $0.name == instance.declaration.name }
    arena.remove(instance.index, keepingState: isScaledDown && arena.entry(instance.index).hasDurableState)
  }
}
