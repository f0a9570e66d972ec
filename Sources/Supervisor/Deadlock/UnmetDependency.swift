internal import Platform
internal import Topology

/// An instance without which a process can't start, and what it would have to do for that.
struct UnmetDependency {
  enum Deed {
    case end
    case printReadyLine
  }

  let instance: Instance
  let deed: Deed

  /// `'a-1' and 'b-1' would have to end, 'c-1' to print its ready_log_line`.
  static func words(_ dependencies: [UnmetDependency]) -> String {
    func names(_ deed: Deed) -> [String] { dependencies.filter { $0.deed == deed }.map(\.instance.name) }
    let (ending, printing) = (names(.end), names(.printReadyLine))
    let parts = [
      ending.isEmpty ? nil : "\(Deadlock.list(ending)) would have to end",
      printing.isEmpty
        ? nil : "\(Deadlock.list(printing)) \(ending.isEmpty ? "would have " : "")to print its ready_log_line",
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}

extension Run {
  func unmetDependencies(of process: ProcessDeclaration) -> [UnmetDependency] {
    process.dependencies.flatMap { dependency in
      (byProcess[dependency.process] ?? []).compactMap { instance in
        deed(of: instance, for: dependency.condition).map { UnmetDependency(instance: instance, deed: $0) }
      }
    }
  }

  /// `nil`: it has done it, or it is not for the instance to do.
  private func deed(
    of instance: Instance, for condition: ProcessDeclaration.Dependency.Condition
  ) -> UnmetDependency.Deed? {
    switch condition {
    case .started: instance.state == .pending ? .end : nil
    case .completed, .completedSuccessfully: instance.state.end == nil ? .end : nil
    case .healthy where instance.state == .pending: .end
    // That it becomes healthy is for its health check to say, whatever it waits for itself; but nobody prints for it.
    case .healthy: isYetToPrintReadyLine(instance) ? .printReadyLine : nil
    }
  }

  /// It alone could, and nothing that it has printed is still to be looked at.
  private func isYetToPrintReadyLine(_ instance: Instance) -> Bool {
    guard case .running(let life) = instance.state, let health = instance.health,
      instance.declaration.readyLogLine != nil, health.standing == .starting
    else { return false }
    // In the order in which a line passes through them.
    return !hasDescendants(life) && output.isUpToDate(instance.index) && health.watch?.isIdle == true
  }

  /// What a script has started may print as well, and so may a pump's command; orphans come to us, some in a
  /// session of their own.
  private func hasDescendants(_ life: InstanceState.Life) -> Bool {
    !ChildProcess.all(of: life.pid).isEmpty
      || ChildProcess.all().contains { $0 != life.pid && (ChildProcess.session(of: $0) == life.pid || !isOurs($0)) }
  }
}
