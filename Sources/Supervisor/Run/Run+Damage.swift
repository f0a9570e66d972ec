internal import Sharing
internal import Topology

/// What is to be said, and done, where the shared memory holds what no worker of mporch's can have written.
extension Run {
  /// Nothing of what such a run says from now on is to be trusted: it ends, and has failed.
  func endIfDamaged() {
    let damages = arena.takeDamage()
    if damages.isEmpty { return }
    hadDamage = true
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
      let instance = instance(ofWorker: member)
      return (
        instance?.declaration.place ?? Place(file: topology.files.first ?? "", line: 1, column: 1, endColumn: 1),
        "what the instances of '\(instance?.declaration.name ?? "?")' share is damaged"
      )
    case .resource(let index, let writer):
      let resource = topology.resources[index]
      let last = writer.flatMap(nameOfWorker).map { "; last written by '\($0)'" } ?? ""
      return (resource.place, "\(resource.kind.noun) '\(resource.name)' is damaged\(last)")
    }
  }
}
