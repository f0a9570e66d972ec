/// Warnings of resources that nobody uses, or that only one side does.
struct UsageCheck {
  let scope: Scope
  /// Names that some reference is near to: it is reported, and what it would change is not known.
  let presumed: Set<String>

  private struct Usage {
    var readers: [BoundProcess] = []
    var writers: [BoundProcess] = []
    var users = 0
    /// Of pipes.
    var ends: Set<PipeEnd> = []

    var isUsed: Bool { !readers.isEmpty || !writers.isEmpty || users > 0 }
  }

  func run(_ processes: [BoundProcess]) {
    var usages = [Usage](repeating: Usage(), count: scope.resources.count)
    for process in processes { add(process, to: &usages) }
    for (position, resource) in scope.resources.enumerated() where !scope.broken.contains(ResourceID(position)) {
      addReferences(of: resource, ResourceID(position), to: &usages)
    }
    let deadLetters = Set(scope.resources.compactMap(\.deadLetterQueue))
    for (position, resource) in scope.resources.enumerated() where !presumed.contains(resource.name) {
      let id = ResourceID(position)
      if case .queue(let queue) = resource.kind, queue.isExternal { continue }
      if deadLetters.contains(id) {
        checkDeadLetters(resource, usages[position])
      } else {
        check(resource, usages[position], at: scope.index[id].section)
      }
    }
  }

  private func add(_ process: BoundProcess, to usages: inout [Usage]) {
    let declaration = process.declaration
    for input in declaration.inputs {
      usages[input.target.resource.index].readers.append(process)
      usages[input.target.resource.index].ends.formUnion(input.target.end.map { [$0] } ?? [])
    }
    for output in declaration.outputs {
      usages[output.target.resource.index].writers.append(process)
      usages[output.target.resource.index].ends.formUnion(output.target.end.map { [$0] } ?? [])
    }
    for use in declaration.uses {
      usages[use.target.resource.index].users += 1
      usages[use.target.resource.index].ends.formUnion(use.target.end.map { [$0] } ?? [])
    }
  }

  private func addReferences(of resource: Resource, _ id: ResourceID, to usages: inout [Usage]) {
    switch resource.kind {
    case .condition(let lock): usages[lock.index].users += 1
    case .pool(let pool):
      for use in pool.uses where use.target.resource != id { usages[use.target.resource.index].users += 1 }
    default: break
    }
  }

  private func check(_ resource: Resource, _ usage: Usage, at section: ResourceSection) {
    guard usage.isUsed else {
      scope.findings.warning(
        at: resource.place, "no process uses \(section.noun) '\(resource.name)'", help: "remove it, or use it")
      return
    }
    switch resource.kind {
    case .queue: checkSides(resource, usage)
    case .pipe where usage.ends.count == 1 && usage.users + usage.readers.count + usage.writers.count > 0:
      scope.findings.warning(
        at: resource.place, "only one end of pipe '\(resource.name)' is used",
        help: "what is sent there is never received, and nothing comes")
    default: break
    }
  }

  private func checkSides(_ resource: Resource, _ usage: Usage) {
    if !usage.readers.contains(where: \.isEnabled), usage.writers.contains(where: \.isEnabled) {
      scope.findings.warning(
        at: resource.place, "queue '\(resource.name)' is written and never read",
        help: profileHelp(usage.readers) ?? "read it by 'in: \(resource.name)', or remove it")
    } else if !usage.writers.contains(where: \.isEnabled), usage.readers.contains(where: \.isEnabled) {
      scope.findings.warning(
        at: resource.place, "queue '\(resource.name)' is read and never written",
        help: profileHelp(usage.writers) ?? "write it by 'out: \(resource.name)', or declare it 'external: true'")
    }
  }

  /// The queue that it serves writes it.
  private func checkDeadLetters(_ resource: Resource, _ usage: Usage) {
    if usage.readers.contains(where: \.isEnabled) { return }
    let name = resource.name
    scope.findings.warning(
      at: resource.place, "dead-letter queue '\(name)' is never read",
      help: profileHelp(usage.readers)
        ?? "read it by 'in: \(name)', or declare it 'external: true' and look at it by 'mporch get \(name)'")
  }

  /// Someone would, under a profile.
  private func profileHelp(_ processes: [BoundProcess]) -> String? {
    processes.first.map {
      "process '\($0.declaration.name)' would, under '--profile \($0.declaration.profiles.first ?? "")'"
    }
  }
}

extension Resource {
  fileprivate var deadLetterQueue: ResourceID? {
    if case .queue(let queue) = kind { queue.deadLetterQueue } else { nil }
  }
}
