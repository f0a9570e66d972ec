internal import Topology

/// A change of the topology, from the command to its effect.
extension Run {
  private var changeCheck: ChangeCheck { ChangeCheck(life: life, arena: arena, kinds: kinds) }

  /// `up` again.
  func change(by request: StartRequest, isDryRun: Bool, _ session: ControlSession) {
    guard isTakingCommands(session) else { return }
    do throws(Refusal) {
      let planned = try changes.plan(request, changeCheck)
      if isDryRun { return session.reply(.changed(planned.report)) }
      begin(planned, "mporch up", session)
    } catch {
      session.reply(.refused(error))
    }
  }

  func scale(_ counts: [String: Int], _ session: ControlSession) {
    guard isTakingCommands(session) else { return }
    do throws(Refusal) {
      begin(try changes.plan(scaledTo: counts, changeCheck), "mporch scale", session)
    } catch {
      session.reply(.refused(error))
    }
  }

  private func begin(_ planned: PlannedChange, _ command: String, _ session: ControlSession) {
    let change = OngoingChange(planned, life, session)
    answer(errands.overtake(change.leaving, goal: .rest, by: "'\(command)', which removes it"))
    changes.begin(change)
    for instance in change.stopped { take(.halt(grace: wish.gracePeriod), of: instance) }
    isUnsettled = true
  }

  /// Takes effect if all that it waits for have ended.
  func advanceChange() {
    guard let change = changes.takeReady() else { return }
    life.adopt(change.planned.topology)
    host.adopt(topology)
    let refit = Refit(change: change, life: life, arena: arena, kinds: kinds, events: events)
    // Asked once.
    let leaving = change.leaving.filter(refit.mayLeave)
    let heirless = change.leaving.filter { instance in !leaving.contains { $0 === instance } }
    refit.adopt()
    refit.release(leaving)
    for instance in change.restarted {
      refit.relink(instance)
      if !change.resting.contains(instance.index) { ask(.relinked, of: instance) }
    }
    for instance in heirless { ask(.relinked, of: instance) }
    let newcomers = refit.admit()
    for instance in leaving {
      refit.remove(instance)
      forget(instance)
    }
    life.arrange(instances.filter { instance in !leaving.contains { $0 === instance } } + newcomers)
    host.arrange(instances)
    events.client?.send(.joined(Dictionary(uniqueKeysWithValues: newcomers.map { ($0.index, $0.name) })))
    takeConclusions()
    isUnsettled = true
    change.session.reply(.changed(change.report))
    takePostponed()
  }

  private func forget(_ instance: Instance) {
    host.output.close(instance.index)
    losses.remove(instance)
    events.note("\(instance.name) was removed")
  }
}
