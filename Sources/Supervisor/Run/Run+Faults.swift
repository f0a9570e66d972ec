internal import Sharing
internal import Topology

/// What is looked for four times a second, and fails the run: damage of its memory, and deadlocks.
extension Run {
  /// A look costs some microseconds, so that a run in which all sleep uses no processor to speak of.
  private static let pauseBetweenLooks = Duration.milliseconds(250)

  func watchForFaults() {
    _ = loop.after(Self.pauseBetweenLooks) { [unowned self] in
      if case .running = phase {
        arena.audit()
        endIfDamaged()
        for deadlock in DeadlockSearch(life: life, arena: arena, host: host).find() { resolve(deadlock) }
        // A script may have closed its end.
        tellCommandsWithoutReaders()
        watchForFaults()
      }
    }
  }

  /// Its members fail; what that lets go on, goes on.
  private func resolve(_ deadlock: Deadlock) {
    hadFault = true
    events.say(.error, at: deadlock.place, deadlock.text)
    for member in deadlock.members {
      guard let instance = life.instance(ofWorker: member.worker), instance.state.isRunning else { continue }
      instance.deadlock = arena.wait(of: member.worker).on.words(in: topology).map { "deadlocked: \($0)" }
      take(.faulted(reason: member.reason), of: instance)
    }
  }

  /// Where the shared memory holds what no worker of mporch's can have written.
  /// Nothing of what such a run says from now on is to be trusted: it ends, and has failed.
  func endIfDamaged() {
    let damages = arena.takeDamage()
    if damages.isEmpty { return }
    hadFault = true
    for damage in damages {
      let (place, words) = words(for: damage)
      events.say(
        .error, at: place,
        "\(words)\n  = help: something has written where it may not: a program that was let into the run's memory, or a "
          + "fault of mporch's or the machine's")
    }
    stop(signal: nil, reason: "its shared memory is damaged")
  }

  private func words(for damage: Damage) -> (Place, String) {
    switch damage {
    case .group(let member):
      let instance = life.instance(ofWorker: member)
      return (
        instance?.declaration.place ?? Place(file: topology.files.first ?? "", line: 1, column: 1, endColumn: 1),
        "what the instances of '\(instance?.declaration.name ?? "?")' share is damaged"
      )
    case .resource(let index, let writer):
      let resource = topology.resources[index]
      let last = writer.flatMap(life.name(ofWorker:)).map { "; last written by '\($0)'" } ?? ""
      return (resource.place, "\(resource.kind.noun) '\(resource.name)' is damaged\(last)")
    }
  }
}
